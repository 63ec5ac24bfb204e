"""Pages that say who may read and decide what: desks with what waits, parts and what hangs on them,
lists on which one waits, certificates of who is not named."""

from datetime import timedelta

from funding.office import clock
from funding.programmes import certificates
from funding.programmes.models import Mentoring, Phase, Place
from sponsors.sponsorships import waiting_list
from tests import factories
from tests.browser.looking import A_LONG_NAME, at, shown, shown_in
from tests.certainty import certain_page
from tests.programmes import running_scenes as running
from tests.programmes import scenes


def a_desk():
    """A place without a mentor in a round that was to be over long ago, and one whose mentor reads."""
    programme = scenes.programme(organiser=factories.user(name="Olive Organiser"), name="Harbour")
    made = running.round_(programme, name="Spring 2027", places=3)
    Mentoring.objects.filter(place=running.place(made)).delete()
    mentor = scenes.part(programme, "mentor", factories.user(name="Mara Mentor"))
    running.place(made, user=factories.user(name=A_LONG_NAME), mentor=mentor.user)
    scenes.idea(made, mentors=[mentor], title=A_LONG_NAME)
    done = running.place(made, mentor=mentor.user, status="done", public_name="")
    Place.objects.filter(pk=done.pk).update(ended_at=clock.now())
    Phase.objects.filter(round=made).update(
        starts_at=clock.now() - timedelta(days=200), ends_at=clock.now() - timedelta(days=80)
    )
    return made


@shown_in(a_desk)
def a_desk_on_which_something_waits(site, come, made):
    by = running.organiser(made)
    return at(site, come, f"/organise/{made.programme.slug}/{made.slug}/", by)


@shown_in(a_desk)
def programmes_in_which_something_waits(site, come, made):
    return at(site, come, "/organise/", running.organiser(made))


@shown_in(a_desk)
def a_programme_in_which_something_waits(site, come, made):
    return at(site, come, f"/organise/{made.programme.slug}/", running.organiser(made))


@shown_in(a_desk)
def taking_a_part_away_on_which_something_hangs(site, come, made):
    part = made.programme.parts.get(user__name="Mara Mentor")
    page = certain_page(come(running.organiser(made)))
    page.goto(site.at(f"/organise/{made.programme.slug}/people/{part.pk}/remove/"))
    return page


@shown_in(a_desk)
def giving_a_part_up_on_which_something_hangs(site, come, made):
    part = made.programme.parts.get(user__name="Mara Mentor")
    return at(site, come, f"/organise/parts/{part.pk}/give-up/", part.user)


@shown_in(a_desk)
def the_log_as_a_treasurer_reads_it(site, come, made):
    path = f"/organise/{made.programme.slug}/{made.slug}/log/"
    return at(site, come, path, running.treasurer(made))


@shown_in(a_desk)
def a_certificate_of_who_is_not_named(site, come, made):
    code = certificates.code(made.places.get(status="done"))
    return at(site, come, f"/programmes/certificates/{code}/")


@shown_in(a_desk)
def staff_with_a_round_that_nobody_ends(site, come, made):
    return at(site, come, "/staff/rounds/", factories.user(is_staff=True))


@shown
def staff_without_a_round_that_nobody_ends(site, come):
    return at(site, come, "/staff/rounds/", factories.user(is_staff=True))


@shown
def the_home_of_a_company_that_waits(site, come):
    call = scenes.call(seats=1)
    scenes.reserved(call)
    company = factories.payer()
    by = company.memberships.get().user
    waiting_list.join(call_id=call.pk, company=company, by=by, now=clock.now())
    return at(site, come, f"/companies/{company.slug}/home/", by)
