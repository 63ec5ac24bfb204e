"""Who has applied to a round neither chooses nor reviews in it, and becomes nobody who does while it
is under way; what was withdrawn answers no questions."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from funding.office import clock
from funding.programmes import (
    announcing,
    applying,
    assigning,
    certificates,
    inviting,
    listing,
    log,
    reviewing,
    selecting,
)
from funding.programmes.models import Application, Part
from funding.programmes.refusals import Refused
from tests import factories
from tests.programmes import applicants, scenes
from tests.programmes import running_scenes as running

pytestmark = [pytest.mark.django_db, pytest.mark.database]
CLOSED = {  # the address, and whether it is of one application
    "applications": False, "export-applications": False, "assignment": False, "ranking": False,
    "choose-best": False, "announce": False, "places": False,
    "desk-application": True, "give": True, "move-waiting": True,
}  # fmt: skip


@pytest.fixture
def round_():
    return scenes.selection(left_out=("review",))


@pytest.fixture
def mine(round_):
    """Reviewed, and of somebody who organises by now, as was possible once."""
    made = scenes.reviewed(round_, 5, 5)
    scenes.part(round_.programme, "organiser", made.user)
    return made


@pytest.mark.parametrize("name", CLOSED)
def test_no_page_of_choosing_opens_to_an_organiser_who_has_applied(round_, mine, name):
    client, other = running.client_of(mine.user), scenes.reviewed(round_, 3, 3)
    slugs = [round_.programme.slug, round_.slug]

    for row in (mine, other):
        of_one = [row.pk] if CLOSED[name] else []
        address = reverse(f"programmes:{name}", args=[*slugs, *of_one])
        answers = {client.get(address).status_code, client.post(address).status_code}
        assert answers - {405} == {403}  # some are not read, some are not sent


def test_the_desk_leads_them_to_none_of_these_pages(round_, mine):
    address = reverse("programmes:round-desk", args=[round_.programme.slug, round_.slug])

    page = running.client_of(mine.user).get(address).content.decode()

    assert "/ranking/" not in page and "/applications/" not in page.replace('"/applications/"', "")
    assert "/rules/" in page


DEEDS = {
    "decide of themselves": lambda r, own, other, by, now: selecting.decide(
        application=own, outcome="selected", by=by, now=now
    ),
    "decide of others": lambda r, own, other, by, now: selecting.decide(
        application=other, outcome="not_chosen", by=by, now=now
    ),
    "choose the best": lambda r, own, other, by, now: selecting.choose_best(
        round_id=r.pk, by=by, now=now
    ),
    "move": lambda r, own, other, by, now: selecting.move(
        application=other, up=True, by=by, now=now
    ),
    "announce": lambda r, own, other, by, now: announcing.announce(
        round_id=r.pk, by=by, reason="x", now=now
    ),
}  # fmt: skip


@pytest.mark.parametrize("deed", DEEDS)
def test_nobody_who_has_applied_does_any_deed_of_choosing(round_, mine, deed):
    other = scenes.reviewed(round_, 4, 4)

    with pytest.raises(Refused, match="applied to this round yourself"):
        DEEDS[deed](round_, mine, other, mine.user, clock.now())

    assert not Application.objects.exclude(outcome="").exists()


GIVING = {
    "give out": lambda r, own, other, by, now: assigning.assign(round_id=r.pk, by=by, now=now),
    "give by hand": lambda r, own, other, by, now: assigning.give(
        application=other, reviewer=scenes.part(r.programme, "reviewer").user, by=by, now=now
    ),
    "take back": lambda r, own, other, by, now: assigning.take_back(
        review=scenes.review(other), by=by, now=now
    ),
}  # fmt: skip


@pytest.mark.parametrize("deed", GIVING)
def test_nobody_who_has_applied_says_who_reads_what(deed):
    round_ = scenes.selection(during="review")
    own, other = scenes.application(round_), scenes.application(round_)
    scenes.part(round_.programme, "organiser", own.user)

    with pytest.raises(Refused, match="applied to this round yourself"):
        GIVING[deed](round_, own, other, own.user, clock.now())


def test_a_reviewer_who_has_applied_is_given_nothing_and_reads_nothing():
    round_ = scenes.selection(during="review")
    other = scenes.application(round_)
    review = scenes.review(other)
    own = scenes.application(round_, review.reviewer)

    assert own.user_id not in assigning.reviewer_ids(round_)
    assert "applied to the same round" in assigning.bar(other, own.user)
    assert not reviewing.of(own.user).exists()
    with pytest.raises(Refused, match="you have applied"):
        reviewing.write(review=review, by=own.user, written=reviewing.Written(5), now=clock.now())


def test_what_they_had_in_hand_is_given_to_others():
    round_ = scenes.selection(during="review")
    review = scenes.review(scenes.application(round_))
    scenes.application(round_, review.reviewer)

    assigning.take_from_who_left(round_)

    assert not round_.applications.filter(reviews__isnull=False).exists()


def test_they_read_of_the_log_what_treasurers_read(round_, mine):
    log.note(round_, None, "decided about somebody")

    assert not log.read_by(mine.user, round_).exists()


def test_what_they_organise_besides_stays_open_to_them(round_, mine):
    address = reverse("programmes:rules", args=[round_.programme.slug, round_.slug])

    assert running.client_of(mine.user).get(address).status_code == 200


# Becoming one


def somebody(round_, **values):
    user = factories.user("grace@example.org")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return scenes.application(round_, user, **values)


def accept(round_, user, role):
    asked, _ = scenes.invitation(round_.programme, user.email, role)
    inviting.accept(invitation=asked, by=user, now=clock.now())


WHEN = [  # how an application stands, the part, and whether it can be had
    ({}, "organiser", False),
    ({}, "reviewer", False),
    ({}, "mentor", True),
    ({}, "treasurer", True),
    ({"status": "draft"}, "organiser", True),
    ({"status": "withdrawn"}, "reviewer", True),
    ({"status": "ineligible"}, "reviewer", True),
    ({"outcome": "not_chosen"}, "organiser", False),  # not told yet
    ({"outcome": "waiting"}, "reviewer", False),
]  # fmt: skip


@pytest.mark.parametrize("values, role, may", WHEN)
def test_who_may_still_be_chosen_gets_no_part_that_chooses(round_, values, role, may):
    own = somebody(round_, **values)

    if may:
        accept(round_, own.user, role)
    else:
        with pytest.raises(Refused, match="You have applied to"):
            accept(round_, own.user, role)

    assert Part.objects.filter(user=own.user, role=role).exists() == may


@pytest.mark.parametrize("outcome, may", [("not_chosen", True), ("waiting", False)])
def test_after_the_announcement_who_was_not_chosen_may_join(outcome, may):
    round_ = scenes.selection(announced_at=clock.now())
    own = somebody(round_, outcome=outcome)

    if may:
        accept(round_, own.user, "organiser")
    else:
        with pytest.raises(Refused, match="applied"):
            accept(round_, own.user, "organiser")

    assert Part.objects.filter(user=own.user).exists() == may


def test_who_has_a_place_joins_once_it_is_over():
    place = running.place(user=factories.user("grace@example.org"))
    EmailAddress.objects.create(
        user=place.user, email=place.user.email, verified=True, primary=True
    )
    asked, _ = scenes.invitation(place.round.programme, place.user.email)
    with pytest.raises(Refused, match="its place is over"):
        inviting.accept(invitation=asked, by=place.user, now=clock.now())
    place.status = "done"
    place.save()

    inviting.accept(invitation=asked, by=place.user, now=clock.now())

    assert Part.objects.filter(user=place.user).exists()


def test_an_organiser_cannot_give_such_a_part_at_once_either(round_):
    user = factories.maintainer(round_.programme.projects.get()).user
    scenes.application(round_, user)

    with pytest.raises(Refused, match="has applied to"):
        inviting.give(
            programme=round_.programme, user=user, role="reviewer", by=running.organiser(round_),
            now=clock.now(),
        )  # fmt: skip


def test_who_has_got_a_part_meanwhile_sends_no_application():
    made = applicants.draft()
    scenes.part(made.round.programme, "reviewer", made.user)

    with pytest.raises(applying.HasPart):
        applying.send(application=made, data=applicants.data())


# What was withdrawn


def found(round_, **asked):
    return list(listing.matching(round_, listing.Asked(**asked)))


def test_a_name_that_was_withdrawn_cannot_be_asked_for(round_):
    scenes.application(round_, status="withdrawn", name="Grace Example")

    assert not found(round_, q="Grace", state="withdrawn")
    assert not found(round_, q="Grace", state="all")
    assert len(found(round_, state="withdrawn")) == 1


def test_a_name_that_was_withdrawn_orders_nothing(round_):
    names = ("Zoe", "Ada", "Mia")
    rows = [scenes.application(round_, status="withdrawn", name=one) for one in names]

    assert found(round_, state="withdrawn", sort="name") == rows


def test_those_that_were_sent_are_found_and_ordered_by_name(round_):
    zoe, ada = (scenes.application(round_, name=one) for one in ("Zoe", "Ada"))

    assert found(round_, sort="name") == [ada, zoe]
    assert found(round_, q="zoe") == [zoe]


def test_the_certificates_of_others_do_not_open_to_an_organiser_who_has_applied():
    place = running.place(status="done", ended_at=clock.now(), signed_name="Grace")
    organiser = running.organiser(place.round)
    assert certificates.for_reader(place.pk, organiser) == place

    scenes.application(place.round, organiser)

    assert certificates.for_reader(place.pk, organiser) is None
    assert certificates.for_reader(place.pk, place.user) == place
