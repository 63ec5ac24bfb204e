"""A sentence that stands in an application is found by organisers and reviewers, and by nobody else:
on a page, in a feed, an export, a mail or a log that anybody else can reach. Everybody else goes
everywhere they can: to every address of the tables, and wherever a link leads from there."""

import io
import logging
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.utils.module_loading import import_string

from config.timetable import JOBS
from funding.office import clock
from funding.office.models import Message
from funding.programmes import (
    announcing,
    applying,
    assigning,
    drafts,
    places,
    reviewing,
    selecting,
)
from funding.programmes.models import Application, Deed, Phase, Review, Round
from tests import factories, world
from tests.programmes import applicants, scenes
from tests.programmes import running_scenes as running
from tests.programmes.applicants import data
from tests.programmes.crawling import (
    ADDRESS,
    BIRDS,
    CANARY,
    HIDDEN,
    OTHERS,
    REVIEW,
    TYPED,
    crawled,
)
from tests.programmes.test_access import Town
from tests.test_access import as_in_a_test

pytestmark = pytest.mark.django_db


NEAR = ("treasurer", "mentor", "sponsor")  # who have a part in it and must not read it
APART = {"sponsors.billing.tasks.print_archives", "funding.office.tasks.beat"}
QUIET = ("django.db.backends", "markdown_it")


@pytest.fixture(scope="module")
def seen(django_db_setup, django_db_blocker):
    """What was found by whom, once the applications are reviewed and once the round runs."""
    log = io.StringIO()
    with (
        django_db_blocker.unblock(),
        as_in_a_test(transaction.atomic()),
        world.engine() as engine,
        everything_logged(log),
    ):
        town = Town(engine)
        written = a_round_in_review(town)
        review = crawled(town, NEAR)
        readers = read_by_who_may(town, written)
        the_round_runs(town, written)
        yield SimpleNamespace(
            review=review, runs=crawled(town), readers=readers, log=log.getvalue(),
            application=written, mails=list(Message.objects.all()),
            deeds=list(Deed.objects.values_list("words", flat=True)), pair=the_pair(town, written),
        )  # fmt: skip
        transaction.set_rollback(True)


class everything_logged:
    """All that is logged at any level, but for what the database is asked, and each step of Markdown's."""

    def __init__(self, into):
        self.handler = logging.StreamHandler(into)

    def __enter__(self):
        self.root = logging.getLogger()
        self.before = {logging.getLogger(name): None for name in QUIET} | {self.root: None}
        for one in self.before:
            self.before[one] = one.level
            one.setLevel(logging.DEBUG if one is self.root else logging.INFO)
        self.root.addHandler(self.handler)

    def __exit__(self, *error):
        self.root.removeHandler(self.handler)
        for one, level in self.before.items():
            one.setLevel(level)


def a_round_in_review(town):
    """The canary was sent in every field that takes words, and is in the hands of two reviewers."""
    round_ = scenes.round_(
        town.programme, during="applications", slug="canaries", places_funded=1,
        applies_before_decision=True, agreement="We work.",
    )  # fmt: skip
    soon = clock.now() + timedelta(days=1)
    call = scenes.call(round_, seats=1, places_wanted=1, places_least=1, closes_at=soon)
    scenes.committed(call, town.company)
    scenes.checkpoints(round_)
    applicants.sent(round_, town.people["stranger"])
    made = the_canary_is_sent(round_, factories.user(ADDRESS, password="x", name="Kim Fisher"))
    later(round_, days=40)
    scenes.part(town.programme, "reviewer")
    assigning.assign(round_id=round_.pk, by=town.people["organiser"], now=clock.now())
    scores(town, made)
    work()
    return made


def the_canary_is_sent(round_, user):
    own = applicants.question(round_)
    sensitive = applicants.question(round_, "What hinders you?", is_sensitive=True)
    task = applicants.question(round_, "Show us.", stage="work_sample")
    made = applicants.draft(round_, user)
    applicants.contact(made, words=CANARY)
    said = {
        **applicants.WORDS, "name": HIDDEN, "about": CANARY, "away": CANARY, "ai_use": CANARY,
        f"q{own.pk}": CANARY, f"q{sensitive.pk}": HIDDEN,
    }  # fmt: skip
    assert applying.send(application=made, data=data(**said)).is_valid()
    drafts.keep(application=made, data=data(about=TYPED, changed="about"))
    with clock.stopped_at(applicants.end(round_) + timedelta(hours=1)):
        sample = applying.send_sample(application=made, data=data(**{f"q{task.pk}": CANARY}))
    assert sample.is_valid()
    made.refresh_from_db()
    return made


def later(round_, *, days):
    """Its phases are so many days nearer."""
    for phase in Phase.objects.filter(round=round_).order_by("starts_at"):
        phase.starts_at -= timedelta(days=days)
        phase.ends_at -= timedelta(days=days)
        phase.save()


def scores(town, made):
    """Whoever has it, the reviewer of the town among them."""
    reviewer = town.people["reviewer"]
    if not made.reviews.filter(reviewer=reviewer).exists():
        scenes.review(made, reviewer)
    written = reviewing.Written(score=5, flags=[], comment=REVIEW)
    for one in Review.objects.filter(application__round=made.round):
        reviewing.write(review=one, by=one.reviewer, written=written, now=clock.now())


def the_round_runs(town, made):
    organiser, round_ = town.people["organiser"], made.round
    later(round_, days=18)
    decide = {"by": organiser, "now": clock.now()}
    selecting.decide(application=made, outcome="selected", **decide)
    announcing.announce(round_id=round_.pk, reason="All is read.", **decide)
    place = Application.objects.get(pk=made.pk).place
    signed = places.Signature("Grace", places.digest("We work."), "Grace E.")
    places.accept(place=place, by=place.user, signed=signed, now=clock.now())
    running.Mentoring.objects.create(place=place, user=town.people["mentor"], number=1)
    running.post(place, released_at=clock.now())
    Round.objects.filter(pk=round_.pk).update(report="Done.", reported_at=clock.now())
    work()


def the_pair(town, made):
    """What the mentor and the participant read of their place, and the mentor's address."""
    mentor = town.people["mentor"]
    address = Application.objects.get(pk=made.pk).place.get_absolute_url()
    pages = [running.client_of(one).get(address).text for one in (mentor, made.user)]
    return [*pages, mentor.email]


def work():
    for job in JOBS.values():
        if job["task"] not in APART:
            import_string(job["task"])()


def read_by_who_may(town, made):
    """What the organiser, the reviewer and its own applicant read of it."""
    clients = town.clients() | {"applicant": running.client_of(made.user)}
    desk = f"/organise/{made.round.programme.slug}/canaries/applications/"
    review = made.reviews.get(reviewer=town.people["reviewer"])
    paths = {
        "organiser": f"{desk}{made.pk}/",
        "reviewer": f"/reviews/{review.pk}/",
        "applicant": f"/applications/{made.pk}/form/",
    }
    read = {one: clients[one].get(path).content.decode() for one, path in paths.items()}
    return read | {"export": b"".join(clients["organiser"].get(f"{desk}export/")).decode()}


@pytest.mark.parametrize("one", NEAR)
def test_nobody_else_finds_it_while_it_is_reviewed(seen, one):
    assert seen.review[one].found == []


@pytest.mark.parametrize("one", OTHERS)
def test_nobody_else_finds_it_once_the_round_runs(seen, one):
    assert seen.runs[one].found == []


def test_a_reviewer_finds_neither_a_name_nor_what_is_sensitive_nor_what_was_not_sent(seen):
    assert seen.review["reviewer"].found == seen.runs["reviewer"].found == []


@pytest.mark.parametrize("one", OTHERS)
def test_they_looked_at_many_pages(seen, one):
    assert seen.runs[one].pages > 20


def test_its_mentor_and_its_participant_read_each_others_address(seen):
    mentors_page, participants_page, mentor = seen.pair

    assert f"mailto:{ADDRESS}" in mentors_page
    assert f"mailto:{mentor}" in participants_page


def test_they_were_at_the_export_the_log_the_books_a_feed_and_a_badge(seen):
    been = set.union(*(one.been for one in seen.runs.values()))

    for end in ("applications/export/", "canaries/log/", "money/", "updates.atom", "badge.svg"):
        assert any(url.endswith(end) for url in been), end


def test_no_mail_but_the_applicants_own_carries_it(seen):
    own = [seen.application.user.email]

    told = [one.key for one in seen.mails if carries(one.subject + one.body)]

    assert [key for key in told if mail_of(seen, key).recipients != own] == []
    assert len(seen.mails) > 10


def mail_of(seen, key):
    return next(one for one in seen.mails if one.key == key)


def test_no_log_carries_it(seen):
    assert not carries(seen.log)
    assert not [words for words in seen.deeds if carries(words)]
    assert "was not paid: " in seen.log  # it was listened to


def carries(text):
    flat = " ".join(text.split())
    return any(bird in flat for bird in BIRDS)


def test_organisers_find_all_that_was_sent(seen):
    for bird in (CANARY, HIDDEN, REVIEW):
        assert bird in seen.readers["organiser"]
        assert bird in seen.readers["export"] or bird == REVIEW
    assert TYPED not in seen.readers["organiser"]


def test_a_reviewer_finds_what_is_to_be_judged(seen):
    assert CANARY in seen.readers["reviewer"]


def test_its_applicant_finds_it(seen):
    assert TYPED in seen.readers["applicant"]
