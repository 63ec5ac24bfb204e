"""What everybody does: come, press, read or not; and what time does meanwhile."""

from datetime import UTC, datetime

from allauth.account.models import EmailAddress
from django.utils.module_loading import import_string
from playwright.sync_api import Page, expect

from config.timetable import JOBS
from tests import factories

GOOD, ASKS, DECLINED = "4242424242424242", "4000002760003184", "4000000000000341"
PHASES = {  # when each begins and ends
    "Applications": ("2026-02-01T10:00", "2026-02-20T10:00"),
    "Review": ("2026-02-20T10:00", "2026-03-01T10:00"),
    "Selection": ("2026-03-01T10:00", "2026-03-08T10:00"),
    "Acceptance": ("2026-03-08T10:00", "2026-03-15T10:00"),
    "Running": ("2026-03-15T10:00", "2026-05-17T10:00"),
    "Closing": ("2026-05-17T10:00", "2026-05-31T10:00"),
}
CHECKPOINTS = [
    ("Half way", "2026-04-10T10:00", "2026-04-17T10:00"),
    ("The end", "2026-05-08T10:00", "2026-05-15T10:00"),
]
ROUND = "/programmes/harbour-mentorship/spring-2026/"
DESK = "/organise/harbour-mentorship/spring-2026/"
APART = {"funding.office.tasks.beat", "sponsors.billing.tasks.print_archives"}


def somebody(name):
    """With an address that is theirs."""
    user = factories.user(f"{name.split()[0].lower()}@example.org", name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


# Time


def until(site, when):
    """The world's clock is moved, and what falls due by then is done."""
    instant = datetime.fromisoformat(when).replace(tzinfo=UTC)
    site.engine.advance(int(instant.timestamp()))
    work(site)


def work(site):
    """The timetable's jobs come round, and come round once more when Stripe has told."""
    for _ in range(2):
        for job in JOBS.values():
            if job["task"] not in APART:
                import_string(job["task"])()
        site.engine.advance_by(180)


# What may be read, and what not


def refused(page: Page, site, *paths):
    """There is no such page for them."""
    answers = {path: page.request.get(site.at(path)).status for path in paths}
    assert set(answers.values()) <= {403, 404}, answers


def not_read(page: Page, site, words, *paths):
    """None of the words stands on a page that they may open."""
    for path in paths:
        answer = page.request.get(site.at(path))
        assert answer.status == 200, path
        assert not [word for word in words if word in answer.text()], path


def go(page: Page, site, path):
    assert page.goto(site.at(path)).status == 200, path


def press(page: Page, name, *, link=False, exact=False):
    """A link or a button, by what it says."""
    page.get_by_role("link" if link else "button", name=name, exact=exact).first.click()


def says(page: Page, words):
    expect(page.get_by_text(words).first).to_be_visible()
