"""What people do in the life of a programme's round, in their words; and what time does meanwhile."""

import re
from datetime import UTC, datetime

from allauth.account.models import EmailAddress
from django.utils.module_loading import import_string
from playwright.sync_api import Page, expect

from config.timetable import JOBS
from tests import factories
from tests.browser import pages

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


# The organiser, before


def begins_a_programme(page: Page, site):
    go(page, site, "/accounts/")
    press(page, "programmes that you run", link=True)
    press(page, "Begin a programme", link=True)
    page.get_by_label("Name").fill("Harbour mentorship")
    page.get_by_label("What it is, in one sentence").fill("A newcomer learns to release.")
    press(page, "Begin the programme")
    pages.sees_title(page, "Harbour mentorship")


def gives_a_part(page: Page, site, person, role):
    """To somebody of the project."""
    go(page, site, "/organise/harbour-mentorship/people/give/")
    page.get_by_label("Who", exact=True).select_option(str(person.pk))
    page.get_by_label(f"{role}: ").check()
    press(page, "Give the part")
    says(page, role)


def invites(page: Page, site, person, role):
    go(page, site, "/organise/harbour-mentorship/people/invite/")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label(f"{role}: ").check()
    press(page, "Send the invitation")
    says(page, person.email)


def accepts_the_part(page: Page, site):
    go(page, site, "/organise/")
    press(page, "Read and answer", link=True)
    press(page, "Accept")
    pages.sees_title(page, re.compile("Programmes that you run|Your parts in programmes"))


def begins_a_round(page: Page, site):
    go(page, site, "/organise/harbour-mentorship/")
    press(page, "Begin the first round", link=True)
    page.get_by_label("Name").fill("Spring 2026")
    page.get_by_label("Title").fill("One newcomer, one mentor")
    press(page, "Begin the round")
    pages.sees_title(page, "Make Spring 2026 ready")
    press(page, "Texts", link=True)
    page.get_by_label("Under the title").fill("They learn. It starts when three stand behind it.")
    page.get_by_label("Whom it looks for").fill("People with *some* Python.")
    page.get_by_label("What participants sign").fill("We work together, *kindly*.")
    press(page, "Save", exact=True)
    says(page, "Saved.")


def sets_the_dates(page: Page, site):
    go(page, site, DESK + "dates/")
    page.get_by_label("Funding ends").fill("2026-02-01T10:00")
    for phase, (begins, ends) in PHASES.items():
        page.get_by_label(f"{phase} begins").fill(begins)
        page.get_by_label(f"{phase} ends").fill(ends)
    press(page, "Save", exact=True)
    says(page, "1 February 2026, 10:00 UTC")


def prices_the_call(page: Page, site):
    """A place that cannot be cut into three equal seats."""
    go(page, site, DESK + "call/")
    page.get_by_label("Currency").select_option("GBP")
    page.get_by_label("Stipend of a place").fill("2400.50")
    page.locator("#id_line-0-name").fill("Mentor’s time")
    page.locator("#id_line-0-amount").fill("599.51")
    page.get_by_label("Places wanted").fill("1")
    page.get_by_label("Places at least").fill("1")
    page.get_by_label("How many equal seats").fill("3")
    page.get_by_role("button", name="Save", exact=True).last.click()
    says(page, "sum to it exactly")


def asks_a_question(page: Page, site, text):
    go(page, site, DESK + "questions/add/")
    page.get_by_label("The question").fill(text)
    page.get_by_label("It is sensitive").check()
    press(page, "Save", exact=True)
    says(page, text)


def plans_checkpoints(page: Page, site):
    go(page, site, DESK + "checkpoints/")
    for number, (title, opens, due) in enumerate(CHECKPOINTS):
        page.locator(f"#id_row-{number}-title").fill(title)
        page.locator(f"#id_row-{number}-opens_at").fill(opens)
        page.locator(f"#id_row-{number}-due_at").fill(due)
    press(page, "Equal parts")
    expect(page.locator("#id_row-1-instalment")).to_have_value("1200.25")
    press(page, "Save the checkpoints")
    says(page, "The checkpoints are planned.")


def opens_the_round(page: Page, site):
    go(page, site, DESK)
    press(page, "Open it", link=True)
    press(page, "Open Spring 2026")
    pages.sees_title(page, "One newcomer, one mentor")


# Companies


def comes_to_a_seat(page: Page, site):
    go(page, site, ROUND)
    press(page, "take a seat", link=True)
    pages.sees_title(page, "Stand behind Harbour mentorship")


def signs(page: Page, name):
    page.get_by_label("Your name, as your signature").fill(name)
    press(page, "Sign and take the seat")


def promises_by_card(page: Page, site, name, card):
    """A company that was not here before."""
    comes_to_a_seat(page, site)
    pages.describe_company(page, name=name)
    signs(page, f"{name}’s buyer")
    saves_a_card(page, card)


def saves_a_card(page: Page, card):
    page.get_by_label("Card number").fill(card)
    page.get_by_label("Expiry").fill("12 / 34")
    page.get_by_label("CVC").fill("123")
    pages.fill_billing_address(page)
    pages.submit_button(page).click()
    if card == ASKS:
        press(page, "Complete authentication")
    pages.sees_title(page, "Thank you. The seat is promised.")


def promises_by_order(page: Page, site, number):
    comes_to_a_seat(page, site)
    page.get_by_label("By invoice, with a purchase order").check()
    page.get_by_label("PO number").fill(number)
    signs(page, "The buyer")
    says(page, "It is promised, and nothing is charged yet.")


def joins_the_list(page: Page, site):
    go(page, site, ROUND)
    press(page, "Join the waiting list", link=True)
    press(page, "Join the list")
    says(page, "is asked next")


def takes_the_seat_on_offer(page: Page, site, commitment):
    go(page, site, commitment.get_absolute_url())
    says(page, "A seat came free and is kept for you")
    press(page, "Read it and sign", link=True)
    signs(page, "The next buyer")
    saves_a_card(page, GOOD)


def confirms_at_the_bank(page: Page, site, commitment):
    """What was charged while nobody sat there."""
    go(page, site, commitment.get_absolute_url())
    press(page, re.compile("^Pay £1,000.0[01] now"), link=True)
    pages.submit_button(page).click()
    press(page, "Complete authentication")
    says(page, "Paid · made on")


# Applicants, reviewers


def applies(page: Page, site, said):
    """`said`: what is typed, by the label of its field."""
    go(page, site, ROUND)
    press(page, "Apply", link=True, exact=True)
    press(page, "Begin an application")
    press(page, "Go on: the form", link=True)
    for label, words in said.items():
        page.get_by_label(label).fill(words)
    page.locator("#id_consent").check()
    press(page, "Send it")
    says(page, "It is sent.")


def gives_out_reviews(page: Page, site):
    go(page, site, DESK)
    press(page, "Give applications to reviewers", link=True)
    press(page, "Give out what is missing")
    says(page, "Every application that was sent has its reviewers.")


def scores(page: Page, site, score_of, comment):
    """Each that was given to them, by a word in it; answers all that they could read."""
    read = []
    for word, score in score_of.items():
        opens_by(page, site, word)
        read.append(page.content())
        page.get_by_label(f"{score} · ").check()
        page.get_by_label("Comment").fill(comment)
        press(page, "Give this score")
        page.wait_for_url("**/reviews/**")
        says(page, "scored")
    return "".join(read)


def opens_by(page: Page, site, word):
    """One's own review in which it stands; names do not."""
    go(page, site, "/reviews/")
    found = page.locator("ul.places a").evaluate_all("all => all.map(one => one.pathname)")
    for path in found:
        go(page, site, path)
        if word in page.content():
            return
    raise AssertionError(f"Nothing that was given says {word}.")


def chooses(page: Page, site):
    go(page, site, DESK + "ranking/")
    press(page, "Fill the places by the ranking")
    says(page, "One person is chosen by the ranking.")


def announces(page: Page, site):
    go(page, site, DESK)
    press(page, "Announce who is chosen", link=True)
    press(page, "Announce it to 2 people")
    says(page, "Announced.")


def accepts(page: Page, site, name):
    go(page, site, "/applications/")
    press(page, "Harbour mentorship", link=True)
    press(page, "Read the agreement and answer", link=True)
    page.get_by_label("Your full name").fill(name)
    press(page, "Sign and take the place")
    pages.sees_title(page, "The place is yours")


# The work


def gives_a_mentor(page: Page, site, participant, mentor):
    go(page, site, DESK + "places/")
    press(page, participant, link=True)
    press(page, "Choose mentors", link=True)
    page.get_by_label("Mentor", exact=True).select_option(label=mentor)
    press(page, "Save the mentors")
    says(page, mentor)


def says_how_it_goes(page: Page, site, text):
    go(page, site, "/places/")
    press(page, "Say how it goes", link=True)
    page.get_by_label("What you say").fill(text)
    page.get_by_label("Yes, it should go on").check()
    press(page, "Send it")
    says(page, text)


def pays_an_instalment(page: Page, site, reference):
    go(page, site, DESK + "money/")
    press(page, re.compile("^Record it as paid"), link=True)
    records(page, reference)
    says(page, "£1,200.25 is recorded as paid.")


def pays_a_cost(page: Page, site, amount):
    go(page, site, DESK + "money/cost/")
    page.get_by_label("What for").fill("Mentor’s time")
    page.get_by_label("Amount").fill(amount)
    records(page, "INV-9")
    says(page, f"£{amount} is recorded as paid.")


def records(page: Page, reference):
    page.get_by_label("Who paid it").fill("The foundation")
    page.get_by_label("Reference").fill(reference)
    press(page, "Record it")


def writes_a_post(page: Page, site, title, body):
    go(page, site, "/places/")
    press(page, "Harbour mentorship", link=True)
    press(page, "Write a post", link=True)
    page.get_by_label("Title").fill(title)
    page.get_by_label("What you tell").fill(body)
    press(page, "Keep it")
    says(page, title)


def releases_the_post(page: Page, site, participant):
    go(page, site, DESK + "places/")
    press(page, participant, link=True)
    press(page, "Release it to sponsors", link=True)
    press(page, "Release it to sponsors")
    says(page, "Sponsors may read it now.")


def reports(page: Page, site, words):
    go(page, site, DESK + "report/")
    page.get_by_label("The report").fill(words)
    press(page, "Save and go on to publish")
    press(page, "Publish it")
    says(page, "The report is published.")


def ends_the_round(page: Page, site):
    press(page, "End the round", link=True)
    press(page, "End it")
    says(page, "is done.")


def purse_on(page: Page):
    """What the sponsor's page says the money did, in minor units by line."""
    page.wait_for_load_state()
    rows = page.locator("section[aria-labelledby=money] tr")
    lines = [row.locator("th, td").all_inner_texts() for row in rows.all()]
    return {name: int(re.sub(r"[^\d-]", "", amount.replace("−", "-"))) for name, amount in lines}
