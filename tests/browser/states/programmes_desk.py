"""Pages of programmes for everybody, and of the desk of those who run them."""

from playwright.sync_api import expect

from funding.office import clock
from funding.programmes import calls, founding, opening
from funding.programmes.models import FundingCall, Round
from tests import factories
from tests.browser.looking import A_LONG_NAME, MARKDOWN, at, shown
from tests.browser.states.accounts import somebody
from tests.certainty import certain_page
from tests.programmes import scenes

# For everybody


@shown
def programmes_that_are_none_yet(site, come):
    return at(site, come, "/programmes/")


@shown
def programmes_of_which_none_fits(site, come):
    scenes.call(a_round())
    return at(site, come, "/programmes/?q=nothing&kind=sprint")


@shown
def programmes_of_all_kinds(site, come):
    scenes.call(a_round())
    scenes.call(scenes.round_(during="applications"), state="succeeded")
    scenes.programme(name=A_LONG_NAME, kind="docs_season")
    return at(site, come, "/programmes/")


@shown
def a_programme_with_rounds(site, come):
    round_ = a_round()
    scenes.call(round_)
    scenes.round_(round_.programme, during="running", status="failed", name="Autumn 2025")
    done = scenes.round_(round_.programme, during="closing", status="done", name="Spring 2025")
    Round.objects.filter(pk=done.pk).update(places_funded=2, places_taken=2, ended_at=clock.now())
    return at(site, come, round_.programme.get_absolute_url())


@shown
def a_programme_without_a_round(site, come):
    return at(site, come, scenes.programme().get_absolute_url())


@shown
def a_round_that_looks_for_sponsors(site, come):
    call = scenes.call(a_round(), policy=MARKDOWN)
    scenes.committed(call)
    return at(site, come, call.round.get_absolute_url())


@shown
def a_round_of_which_one_wants_to_be_told(site, come):
    call, user = scenes.call(a_round()), somebody()
    page = at(site, come, call.round.get_absolute_url(), user)
    page.get_by_role("button", name="Tell me").click()
    expect(page.get_by_role("button", name="Do not tell me")).to_be_visible()
    return page


@shown
def a_round_with_named_seats(site, come):
    cuts = [calls.Cut("Patron", 300000, 1), calls.Cut(A_LONG_NAME[:60], 100000, 3)]
    call = scenes.call(a_round(), cuts=cuts, mode="per_place", places_least=1)
    return at(site, come, call.round.get_absolute_url())


@shown
def a_round_that_takes_applications(site, come):
    round_ = scenes.round_(during="applications", zone="Asia/Tokyo", places_funded=2)
    call = scenes.call(round_, state="succeeded")
    return at(site, come, call.round.get_absolute_url())


@shown
def a_round_that_did_not_come_about(site, come):
    call = scenes.call(scenes.round_(status="failed"), state="failed")
    return at(site, come, call.round.get_absolute_url())


@shown
def a_project_with_a_programme(site, come):
    call = scenes.call(a_round())
    return at(site, come, call.round.programme.projects.get().get_absolute_url())


@shown
def an_invitation_to_a_part(site, come):
    _, secret = scenes.invitation(scenes.programme(name=A_LONG_NAME), role="mentor")
    return at(site, come, f"/organise/invitation/{secret}/")


@shown
def an_invitation_to_a_part_that_is_no_more(site, come):
    return at(site, come, "/organise/invitation/no-such/")


# The desk of a programme


@shown
def programmes_of_somebody_who_has_none(site, come):
    return at(site, come, "/organise/", somebody())


@shown
def programmes_of_somebody_with_many_parts(site, come):
    user = somebody()
    programme = scenes.programme(organiser=user, name=A_LONG_NAME)
    scenes.call(scenes.round_(programme))
    scenes.round_(programme, status="draft", name="Autumn")
    scenes.part(scenes.programme(), "reviewer", user)
    other = scenes.programme()
    project = factories.project(maintainer=user)
    founding.ask(programme=other, project=project, by=other.parts.get().user, now=clock.now())
    other.hostings.filter(project=project).update(joined_at=None)
    return at(site, come, "/organise/", user)


@shown
def beginning_a_programme_without_a_project(site, come):
    return at(site, come, "/organise/new/", somebody())


@shown
def beginning_a_programme_with_everything_wrong(site, come):
    user = somebody()
    factories.project(A_LONG_NAME, maintainer=user), factories.project(maintainer=user)
    page = at(site, come, "/organise/new/", user)
    page.get_by_label("Kind", exact=True).select_option("own")
    page.get_by_role("button", name="Begin the programme").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def a_programmes_desk_without_a_round(site, come):
    return desk(site, come, scenes.programme(published_at=None))


@shown
def a_programmes_desk(site, come):
    programme = scenes.programme(name=A_LONG_NAME)
    scenes.call(scenes.round_(programme))
    scenes.round_(programme, status="draft", name="Autumn")
    return desk(site, come, programme)


@shown
def a_programmes_texts_in_a_preview(site, come):
    page = desk(site, come, scenes.programme(), "texts/")
    page.get_by_label("Description").fill(MARKDOWN)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("Not saved")).to_be_visible()
    return page


@shown
def a_programmes_logo(site, come):
    return desk(site, come, scenes.programme(logo=factories.picture()), "logo/")


@shown
def a_programmes_projects(site, come):
    programme = scenes.programme()
    by = programme.parts.get().user
    founding.ask(
        programme=programme, project=factories.project(A_LONG_NAME), by=by, now=clock.now()
    )
    return desk(site, come, programme, "projects/")


@shown
def asking_a_project_that_there_is_not(site, come):
    page = desk(site, come, scenes.programme(), "projects/ask/")
    page.get_by_label("Project").fill("nothing")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def taking_a_project_out(site, come):
    programme = scenes.programme()
    return desk(site, come, programme, f"projects/{programme.hostings.get().pk}/remove/")


@shown
def being_asked_to_run_a_programme(site, come):
    user, programme = somebody(), scenes.programme()
    project = factories.project(maintainer=user)
    by = programme.parts.get().user
    asked = founding.ask(programme=programme, project=project, by=by, now=clock.now())
    return at(site, come, f"/organise/asked/{asked.pk}/", user)


@shown
def people_of_a_programme(site, come):
    programme = scenes.programme()
    scenes.part(programme, "mentor", factories.user(name=A_LONG_NAME))
    scenes.part(programme, "reviewer", programme.parts.first().user)
    scenes.invitation(programme, "somebody.with.a.long.address@donaudampfschifffahrt.example")
    return desk(site, come, programme, "people/")


@shown
def giving_a_part_to_nobody(site, come):
    page = desk(site, come, scenes.programme(), "people/give/", certain=True)
    page.get_by_role("button", name="Give the part").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def inviting_to_a_part(site, come):
    return desk(site, come, scenes.programme(), "people/invite/", certain=True)


@shown
def taking_a_part_away(site, come):
    programme = scenes.programme()
    part = scenes.part(programme, "organiser")
    return desk(site, come, programme, f"people/{part.pk}/remove/", certain=True)


@shown
def giving_a_part_up(site, come):
    user = somebody()
    part = scenes.part(scenes.programme(), "mentor", user)
    return at(site, come, f"/organise/parts/{part.pk}/give-up/", user)


# The desk of a round


@shown
def beginning_a_round(site, come):
    return desk(site, come, a_round().programme, "rounds/new/")


@shown
def a_round_that_is_being_made(site, come):
    return round_desk(site, come, a_draft())


@shown
def a_round_that_is_open(site, come):
    call = scenes.call(a_round())
    return round_desk(site, come, call.round)


@shown
def a_rounds_texts(site, come):
    page = round_desk(site, come, a_draft(), "texts/")
    page.get_by_label("Whom it looks for").fill(MARKDOWN)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("Not saved")).to_be_visible()
    return page


@shown
def a_rounds_rules(site, come):
    return round_desk(site, come, a_draft(), "rules/")


@shown
def a_rounds_rules_once_it_is_open(site, come):
    return round_desk(site, come, a_round(), "rules/")


@shown
def a_rounds_dates_out_of_order(site, come):
    page = round_desk(site, come, a_draft(), "dates/")
    page.get_by_label("Review begins").fill("2019-01-01T12:00")
    page.get_by_label("Running ends").fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def a_rounds_call_of_which_nothing_is_said(site, come):
    return round_desk(site, come, a_draft(), "call/")


@shown
def a_call_that_is_taken_over(site, come):
    earlier = scenes.call(scenes.round_(name="Autumn 2026"))
    page = round_desk(site, come, a_draft(programme_=earlier.round.programme), "call/")
    page.get_by_role("link", name="Take over from Autumn 2026").click()
    expect(page.get_by_text("Nothing is saved yet")).to_be_visible()
    return page


@shown
def a_programme_that_says_no_address(site, come):
    page = desk(site, come, scenes.programme(contact=""), "texts/")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def a_rounds_call_that_does_not_sum(site, come):
    round_ = a_draft()
    scenes.call(round_, state="draft")
    page = round_desk(site, come, round_, "call/")
    page.get_by_label("Named: seats").check()
    page.locator("#id_seat-0-name").fill("Patron")
    page.locator("#id_seat-0-amount").fill("1000.50")
    page.locator("#id_seat-0-seats").fill("2")
    page.get_by_role("button", name="See what it comes to").click()
    expect(page.get_by_text("The seats lack")).to_be_visible()
    return page


@shown
def a_rounds_call_once_it_is_open(site, come):
    return round_desk(site, come, scenes.call(a_round()).round, "call/")


@shown
def opening_a_round_too_early(site, come):
    return round_desk(site, come, a_draft(), "open/")


@shown
def opening_a_round(site, come):
    return round_desk(site, come, a_ready_round(), "open/")


@shown
def a_preview_of_a_round(site, come):
    return round_desk(site, come, a_ready_round(), "preview/")


@shown
def taking_a_round_back(site, come):
    return round_desk(site, come, scenes.call(a_round()).round, "take-back/")


@shown
def calling_a_round_off(site, come):
    return round_desk(site, come, scenes.call(a_round()).round, "call-off/", certain=True)


@shown
def the_log_of_a_round(site, come):
    round_ = a_ready_round()
    by = round_.programme.parts.first().user
    opening.open_round(round_=round_, by=by, now=clock.now())
    return round_desk(site, come, round_, "log/")


@shown
def the_log_of_a_round_that_just_began(site, come):
    return round_desk(site, come, a_draft(), "log/")


def a_round(**values):
    said = {
        "zone": "Europe/Berlin", "name": "Spring 2027",
        "lead": "They will make schemas round-trip. It starts when three companies stand behind it.",
        "looks_for": MARKDOWN, "agreement": "We agree.",
    }  # fmt: skip
    return scenes.round_(**{**said, **values})


def a_draft(**values):
    return scenes.round_(**{"status": "draft", "opened_at": None, "name": "Spring 2027", **values})


def a_ready_round():
    round_ = a_round(status="draft", opened_at=None, left_out=("work_sample",))
    call = scenes.call(round_, state="draft")
    FundingCall.objects.filter(pk=call.pk).update(opened_at=None)
    return round_


def desk(site, come, programme, path="", *, certain=False):
    organiser = programme.parts.filter(role="organiser").first().user
    page = come(organiser)
    page = certain_page(page) if certain else page
    page.goto(site.at(f"/organise/{programme.slug}/{path}"))
    return page


def round_desk(site, come, round_, path="", *, certain=False):
    return desk(site, come, round_.programme, f"{round_.slug}/{path}", certain=certain)
