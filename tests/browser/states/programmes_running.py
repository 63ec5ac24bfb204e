"""Pages of places that run: of participants, mentors, organisers and treasurers."""

from playwright.sync_api import expect

from funding.office import clock
from funding.programmes import certificates, outlays
from funding.programmes.models import Place, Round
from tests import factories
from tests.browser.looking import A_LONG_NAME, MARKDOWN, at, shown
from tests.certainty import certain_page
from tests.programmes import running_scenes as running
from tests.programmes import scenes

LONG = f"{'mara.' * 9}maple@{'harbour-' * 5}rest.example"


def a_place(**values):
    """With a name that is long, in a programme that has one too."""
    programme = scenes.programme(
        organiser=factories.user(name="Olive Organiser"), name=A_LONG_NAME[:60],
        contact=f"questions@{'mentorship-' * 5}programme.example",
    )  # fmt: skip
    made = running.round_(programme, checkpoints=3, name="Spring 2027", zone="Europe/Berlin")
    mentor = scenes.part(programme, "mentor", factories.user(LONG, name="Mara Mentor")).user
    user = factories.user(name="Grace Example")
    place = running.place(made, user=user, mentor=mentor, **values)
    running.funded(made, 600000)
    return place


def a_full_place():
    """Both sides were heard at the first checkpoint, and there are posts."""
    place = a_place()
    running.heard(place, text=MARKDOWN, private="Between us.")
    running.post(place, title=A_LONG_NAME, body=MARKDOWN, released_at=clock.now())
    running.post(place, author=running.mentor_of(place))
    return place


def desk(site, come, place, path=""):
    page = certain_page(come(running.organiser(place.round)))
    made = place.round
    page.goto(site.at(f"/organise/{made.programme.slug}/{made.slug}/{path}"))
    return page


@shown
def no_places_yet(site, come):
    return at(site, come, "/places/", factories.user())


@shown
def places_of_a_mentor(site, come):
    place = a_place()
    running.place(place.round, user=running.mentor_of(place), status="offered")
    return at(site, come, "/places/", running.mentor_of(place))


@shown
def a_place_of_a_participant(site, come):
    place = a_full_place()
    return at(site, come, f"/places/{place.pk}/", place.user)


@shown
def a_place_that_is_completed(site, come):
    place = a_place(status="done", ended_at=clock.now())
    return at(site, come, f"/places/{place.pk}/", place.user)


@shown
def saying_nothing_at_a_checkpoint(site, come):
    place = a_place()
    page = at(site, come, f"/places/{place.pk}/checkpoints/1/", place.user)
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def writing_a_post_of_a_place(site, come):
    place = a_place()
    return at(site, come, f"/places/{place.pk}/posts/new/", place.user)


@shown
def how_pages_name_a_participant(site, come):
    place = a_place()
    return at(site, come, f"/places/{place.pk}/name/", place.user)


@shown
def a_certificate_that_is_ours(site, come):
    place = a_place(status="done", ended_at=clock.now())
    return at(site, come, f"/programmes/certificates/{certificates.code(place)}/")


@shown
def a_certificate_that_is_not_ours(site, come):
    return at(site, come, "/programmes/certificates/1.nonsense/")


@shown
def checkpoints_with_instalments_that_do_not_sum(site, come):
    place = a_place()
    made = place.round
    made.places.get().instalments.all().delete()
    Place.objects.filter(pk=place.pk).update(status="offered")
    page = desk(site, come, place, "checkpoints/")
    page.get_by_label("Instalment in GBP").first.fill("1")
    page.get_by_role("button", name="Save the checkpoints").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def checkpoints_that_stand_still(site, come):
    return desk(site, come, a_place(), "checkpoints/")


@shown
def places_of_a_round(site, come):
    place = a_full_place()
    Round.objects.filter(pk=place.round_id).update(places_funded=4)
    running.place(place.round, status="offered", user=factories.user(name=A_LONG_NAME))
    running.place(place.round).mentorings.all().delete()
    return desk(site, come, place, "places/")


@shown
def a_round_without_places(site, come):
    place = a_place()
    return desk(site, come, place, "places/?state=ended")


@shown
def a_place_as_organisers_see_it(site, come):
    place = a_full_place()
    return desk(site, come, place, f"places/{place.pk}/")


@shown
def choosing_mentors(site, come):
    place = a_place()
    return desk(site, come, place, f"places/{place.pk}/mentors/")


@shown
def extending_a_place(site, come):
    place = a_place()
    return desk(site, come, place, f"places/{place.pk}/extend/")


@shown
def ending_a_place_early(site, come):
    place = a_full_place()
    return desk(site, come, place, f"places/{place.pk}/end/")


@shown
def completing_a_place(site, come):
    place = a_place()
    return desk(site, come, place, f"places/{place.pk}/complete/")


@shown
def a_summary_for_sponsors(site, come):
    place = a_place()
    return desk(site, come, place, f"places/{place.pk}/summary/")


@shown
def releasing_an_instalment_without_a_reason(site, come):
    place = a_place()
    one = place.instalments.first()
    page = desk(site, come, place, f"instalments/{one.pk}/release/")
    page.get_by_role("button", name="Release it").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def holding_an_instalment_back(site, come):
    place = a_place()
    return desk(site, come, place, f"instalments/{place.instalments.first().pk}/hold/")


@shown
def releasing_a_post_to_sponsors(site, come):
    place = a_place()
    post = running.post(place, title=A_LONG_NAME, body=MARKDOWN)
    return desk(site, come, place, f"posts/{post.pk}/")


def an_outlay(place, what="Travel"):
    return outlays.spend(
        place.round, what=what, amount=12345, paid_by="The foundation", paid_on=clock.today(),
        reference=A_LONG_NAME, by=running.organiser(place.round),
    )  # fmt: skip


@shown
def the_money_of_a_round(site, come):
    place = a_full_place()
    an_outlay(place, A_LONG_NAME)
    wrong = an_outlay(place)
    outlays.take_back(wrong, because="Twice", by=running.organiser(place.round))
    return desk(site, come, place, "money/")


@shown
def recording_an_instalment(site, come):
    place = a_full_place()
    return desk(site, come, place, f"money/instalments/{place.instalments.first().pk}/")


@shown
def recording_a_cost_with_everything_wrong(site, come):
    page = desk(site, come, a_place(), "money/cost/")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def taking_an_outlay_back(site, come):
    place = a_place()
    return desk(site, come, place, f"money/{an_outlay(place).pk}/correct/")


@shown
def a_preview_of_the_final_report(site, come):
    page = desk(site, come, a_place(), "report/")
    page.get_by_label("The report").fill(MARKDOWN)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("article", name="Preview")).to_be_visible()
    return page


@shown
def publishing_the_final_report(site, come):
    place = a_place()
    Round.objects.filter(pk=place.round_id).update(report=MARKDOWN)
    return desk(site, come, place, "report/publish/")


@shown
def the_final_report_with_its_numbers(site, come):
    place = a_place(status="done", ended_at=clock.now())
    now = clock.now()
    Round.objects.filter(pk=place.round_id).update(
        report=MARKDOWN, reported_at=now, announced_at=now
    )
    return desk(site, come, place, "report/")


@shown
def a_round_that_cannot_end_yet(site, come):
    return desk(site, come, a_place(), "end/")


@shown
def ending_a_round(site, come):
    place = a_place(status="done", ended_at=clock.now())
    place.instalments.update(status="paid")
    now = clock.now()
    Round.objects.filter(pk=place.round_id).update(
        report="Done.", reported_at=now, announced_at=now
    )
    return desk(site, come, place, "end/")
