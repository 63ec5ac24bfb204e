"""Questions have an address: it is asked for before a round opens, and stands wherever somebody is who
could have one. Participant and mentors read each other's address, and nobody else does."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from funding.accounts.models import User
from funding.office import clock
from funding.office.models import Message
from funding.programmes import inviting, opening, personal_places, places, running_places
from funding.programmes.models import FundingCall, Part, Programme, Round
from sponsors.billing import closing
from tests import factories
from tests.programmes import applicants, offered, scenes
from tests.programmes import running_scenes as running

pytestmark = pytest.mark.django_db
ASK = "ask@programme.example"
LINK = f'Questions: <a href="mailto:{ASK}">{ASK}</a>'
LINE = f"Questions about it: {ASK}"
BOTH = "your name and your e-mail address, and you see theirs"
GRACE, MARA = "grace@bird.example", "mara@bird.example"


def page(user, path):
    answer = running.client_of(user).get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return " ".join(answer.text.split())


def bodies(start):
    return [" ".join(one.body.split()) for one in Message.objects.filter(key__startswith=start)]


def shared(**values):
    """A place of Grace, whom Mara mentors."""
    made = running.round_()
    mentor = factories.user(MARA, name="Mara Maple")
    scenes.part(made.programme, "mentor", mentor)
    user = applicants_user()
    return running.place(made, user=user, mentor=mentor, **values)


def applicants_user():
    return factories.user(GRACE, name="Grace Finch")


# Where it is asked for


def test_a_round_opens_once_its_programme_says_where_questions_go():
    made = scenes.round_(scenes.programme(contact="", published_at=None), status="draft",
                         lead="L.", looks_for="W.", agreement="A.")  # fmt: skip
    Round.objects.update(opened_at=None)
    scenes.call(made, state="draft", opened_at=None)
    by = running.organiser(made)

    with pytest.raises(opening.NotReady) as refused:
        opening.open_round(round_=made, by=by, now=clock.now())
    assert [item.words for item in refused.value.missing] == ["An address for questions"]
    desk = page(by, f"/organise/{made.programme.slug}/{made.slug}/open/")
    assert f'href="/organise/{made.programme.slug}/texts/">Add' in desk

    Programme.objects.update(contact=ASK)
    assert opening.open_round(round_=made, by=by, now=clock.now())


@pytest.mark.parametrize(("typed", "status"), [("", 302), ("nobody", 422), (ASK, 302)])
def test_a_programme_is_begun_with_an_address_or_without(signed_in, user, typed, status):
    project = factories.project(maintainer=user)
    said = {"name": "Harbour", "kind": "sprint", "summary": "S.", "projects": [project.pk]}

    answer = signed_in.post("/organise/new/", {**said, "contact": typed})

    assert answer.status_code == status
    assert [one.contact for one in Programme.objects.all()] == ([typed] if status == 302 else [])


@pytest.mark.parametrize("typed", ["", f"{'a' * 250}@b.example", '"><b>@b.example'])
def test_what_everybody_sees_keeps_an_address(signed_in, user, typed):
    programme = scenes.programme(organiser=user)
    path = f"/organise/{programme.slug}/texts/"
    seen = signed_in.get(path).context["form"]["seen"].value()
    said = {"name": "Harbour", "kind": "sprint", "summary": "S.", "seen": seen}

    assert signed_in.post(path, {**said, "contact": typed}).status_code == 422
    assert Programme.objects.get().contact == ASK
    assert signed_in.post(path, {**said, "contact": "new@b.example"}).status_code == 302
    assert Programme.objects.get().contact == "new@b.example"


# Where it stands


def test_everybody_reads_it_on_the_programmes_page_and_the_rounds():
    call = scenes.call()

    for thing in (call.round.programme, call.round):
        assert LINK in " ".join(Client().get(thing.get_absolute_url()).text.split())


def test_a_programme_of_before_says_nothing_about_questions():
    call = scenes.call(scenes.round_(scenes.programme(contact="")))

    for thing in (call.round.programme, call.round):
        assert "Questions:" not in Client().get(thing.get_absolute_url()).text


def test_an_address_carries_nothing_into_a_page_or_a_mail_program():
    programme = scenes.programme(contact="a?cc=b&amp'@it.example")

    text = Client().get(programme.get_absolute_url()).text

    assert "mailto:a%3Fcc%3Db%26amp%27@it.example" in text
    assert "a?cc=b&amp;amp&#x27;@it.example" in text


def test_an_applicant_reads_it_and_gets_it_by_mail():
    made = applicants.sent()

    assert LINK in page(made.user, made.get_absolute_url())
    assert all(LINE in one for one in bodies("application-sent:")) and bodies("application-sent:")


def test_participant_and_mentor_read_it_on_their_place_and_get_it_by_mail():
    found = shared()
    address = found.get_absolute_url()
    running_places.extend(
        found.pk, weeks=1, reason="Ill.", by=running.organiser(found.round), now=clock.now()
    )

    assert LINK in page(found.user, address) and LINK in page(running.mentor_of(found), address)
    assert [LINE in one for one in bodies("extended:")] == [True]


def test_a_sponsor_reads_it_on_the_page_of_its_seat_and_gets_it_by_mail(user):
    seat = scenes.committed(scenes.call(), factories.payer(user))
    closing.close(seat.call_id, now=seat.call.closes_at)

    assert LINK in page(user, seat.get_absolute_url())
    for start in ("seat_promised:", "call-failed:"):
        assert [LINE in one for one in bodies(start)] == [True]


def test_of_an_offer_that_ran_out_page_and_mail_lead_to_it():
    place = scenes.offered()

    places.lapse_all(now=place.accept_until)

    assert LINK in page(place.user, f"/places/{place.pk}/answer/")
    assert [
        "at the address below." in one and LINE in one
        for one in bodies(f"place:{place.pk}:lapsed")
    ]


def test_who_wants_to_leave_the_site_reads_whom_to_ask():
    found = shared()

    assert [ASK in one for one in personal_places.hindrances(found.user)] == [True]
    assert [ASK in one for one in personal_places.hindrances(running.mentor_of(found))] == [True]


# Who reads whose address


def test_participant_and_mentor_read_each_others_name_and_address():
    found = shared()
    address = found.get_absolute_url()

    mine, theirs = page(found.user, address), page(running.mentor_of(found), address)

    assert "Mara Maple" in mine and f'href="mailto:{MARA}"' in mine
    assert "Grace Finch" in theirs and f'href="mailto:{GRACE}"' in theirs


@pytest.mark.parametrize("status", ["offered", "ended"])
def test_a_place_that_is_not_worked_on_shows_no_address(status):
    ended = {"ended_at": clock.now(), "end_reason": "It ended."} if status == "ended" else {}
    found = shared(status=status, **ended)

    assert MARA not in page(found.user, found.get_absolute_url())
    if status == "ended":
        assert GRACE not in page(running.mentor_of(found), found.get_absolute_url())


def test_who_mentors_no_more_is_out_of_reach():
    found = shared()
    Part.objects.filter(role="mentor").delete()

    assert MARA not in page(found.user, found.get_absolute_url())


def test_who_left_is_out_of_reach():
    found = shared()
    User.objects.filter(email=GRACE).update(left_at=clock.now())

    assert GRACE not in page(running.mentor_of(found), found.get_absolute_url())


def test_nobody_else_reads_their_addresses():
    found = shared()
    call, programme = found.round.call, found.round.programme
    soon, sponsor = clock.now() + timedelta(days=1), factories.user()
    FundingCall.objects.update(state="open", closed_at=None, secured_at=None, closes_at=soon)
    call.refresh_from_db()
    seat = scenes.committed(call, factories.payer(sponsor))
    Round.objects.update(announced_at=clock.now())
    other = scenes.part(programme, "mentor").user
    public = [programme.get_absolute_url(), found.round.get_absolute_url()]
    read = [page(other, path) for path in [*public, "/places/"]]
    read += [page(sponsor, path) for path in [*public, seat.get_absolute_url()]]
    read += [Client().get(path).text for path in public]
    read += [page(scenes.part(programme, "treasurer").user, f"/organise/{programme.slug}/")]

    assert not [one for one in read if GRACE in one or MARA in one]
    assert "Grace E." in page(sponsor, seat.get_absolute_url())  # the place is shown to them
    for user in (other, sponsor):
        assert running.client_of(user).get(found.get_absolute_url()).status_code == 404


def test_a_place_takes_as_many_questions_with_two_mentors_as_with_one(
    django_assert_max_num_queries,
):
    found = shared()
    for_one = asked_by(found)
    second = scenes.part(found.round.programme, "mentor").user
    running.Mentoring.objects.create(place=found, user=second, number=2)

    with django_assert_max_num_queries(for_one):
        page(found.user, found.get_absolute_url())


def asked_by(found):
    with CaptureQueriesContext(connection) as asked:
        page(found.user, found.get_absolute_url())
    return len(asked)


# What is said before


def test_who_is_asked_to_mentor_reads_it_before_they_accept():
    programme = scenes.programme()
    for role, says in (("mentor", True), ("reviewer", False)):
        _, secret = scenes.invitation(programme, f"{role}@bird.example", role=role)
        assert (BOTH in Client().get(f"/organise/invitation/{secret}/").text) == says


def test_who_is_given_the_part_gets_it_by_mail():
    programme = scenes.programme()
    user = factories.maintainer(programme.projects.get()).user
    by = programme.parts.get().user

    inviting.give(programme=programme, user=user, role="mentor", by=by, now=clock.now())

    [body] = bodies("part_given:")
    assert BOTH in body and LINE in body


def test_who_is_offered_a_place_reads_it_above_the_signature():
    place = scenes.offered()
    text = page(place.user, f"/places/{place.pk}/answer/")

    assert text.index("your mentors see your name and your e-mail address") < text.index(
        "signed_name"
    )
    offered.accept(place)
    assert "your mentors see your name" not in page(place.user, f"/places/{place.pk}/answer/")
