"""Parts in a programme: given, accepted, given up and taken away."""

from datetime import timedelta
from itertools import count

import pytest
from allauth.account.models import EmailAddress

from funding.office import clock
from funding.office.models import Message
from funding.programmes import inviting, personal_parts
from funding.programmes.models import Part, PartInvitation
from funding.programmes.refusals import Refused
from tests import factories
from tests.programmes import scenes
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def somebody(email="grace@example.org"):
    person = factories.user(email, name="Grace")
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def test_somebody_of_a_project_gets_a_part_at_once_and_is_told():
    programme = scenes.programme()
    by = programme.parts.get().user
    user = factories.maintainer(programme.projects.get()).user

    inviting.give(programme=programme, user=user, role="mentor", by=by, now=clock.now())

    assert Part.objects.get(user=user).role == "mentor"
    assert Message.objects.get().recipients == [user.email]


def test_somebody_else_is_invited_by_mail_instead():
    programme = scenes.programme()

    with pytest.raises(Refused, match="Invite them by mail"):
        inviting.give(
            programme=programme, user=factories.user(), role="mentor",
            by=programme.parts.get().user, now=clock.now(),
        )  # fmt: skip


def test_an_invitation_is_accepted_once():
    programme, person = scenes.programme(), somebody()
    asked, _ = scenes.invitation(programme, person.email)

    inviting.accept(invitation=asked, by=person, now=clock.now())
    with pytest.raises(Refused):
        inviting.accept(invitation=asked, by=person, now=clock.now())

    assert Part.objects.get(user=person).role == "reviewer"


def test_only_who_has_the_address_accepts():
    asked, _ = scenes.invitation(scenes.programme(), "grace@example.org")

    with pytest.raises(Refused, match="another address"):
        inviting.accept(invitation=asked, by=somebody("other@example.org"), now=clock.now())


def test_an_invitation_runs_out():
    asked, _ = scenes.invitation(scenes.programme(), "grace@example.org")

    with pytest.raises(Refused):
        inviting.accept(
            invitation=asked, by=somebody(), now=clock.now() + timedelta(days=7, seconds=1)
        )


def test_one_person_is_asked_for_two_parts_but_for_each_once():
    programme = scenes.programme()
    scenes.invitation(programme, "grace@example.org", "mentor")

    scenes.invitation(programme, "grace@example.org", "reviewer")
    with pytest.raises(Refused, match="invited already"):
        scenes.invitation(programme, "Grace@example.org", "mentor")


def test_sent_again_the_old_link_is_dead():
    programme = scenes.programme()
    asked, secret = scenes.invitation(programme)

    inviting.send_again(invitation=asked, by=programme.parts.get().user, now=clock.now())

    assert inviting.by_secret(secret).withdrawn_at is not None
    assert PartInvitation.objects.waiting(clock.now()).count() == 1


def test_nobody_writes_to_others_without_end():
    programme = scenes.programme()
    for _ in range(20):
        scenes.invitation(programme)

    with pytest.raises(Refused, match="20 invitations within a day"):
        scenes.invitation(programme)


def test_the_last_organiser_stays():
    programme = scenes.programme()
    part = programme.parts.get()

    with pytest.raises(Refused, match="needs an organiser"):
        inviting.give_up(part=part, by=part.user)
    with pytest.raises(Refused, match="needs an organiser"):
        inviting.take_away(part=part, by=part.user)


def test_invitations_of_who_organises_no_longer_are_withdrawn():
    programme = scenes.programme()
    second = scenes.part(programme, "organiser")
    asked, _ = scenes.invitation(programme, by=second.user)

    inviting.take_away(part=second, by=programme.parts.first().user)

    asked.refresh_from_db()
    assert asked.withdrawn_at is not None


def test_the_only_organiser_cannot_leave_the_site_while_others_have_a_part():
    programme = scenes.programme()
    user = programme.parts.get().user
    assert list(personal_parts.hindrances(user)) == []

    scenes.part(programme, "mentor")

    assert len(list(personal_parts.hindrances(user))) == 1


def test_what_is_held_about_a_person_can_be_exported_and_forgotten():
    programme, person = scenes.programme(), somebody()
    scenes.part(programme, "mentor", person)
    scenes.invitation(programme, person.email)

    assert personal_parts.export(person)["programme_parts"][0]["role"] == "mentor"
    personal_parts.forget(person)

    assert not Part.objects.filter(user=person).exists()
    assert not PartInvitation.objects.exists()


def test_no_line_of_a_log_names_whom_it_is_about():
    round_ = scenes.round_()
    programme, by = round_.programme, round_.programme.parts.get().user
    user = factories.maintainer(programme.projects.get(), by=somebody()).user
    inviting.give(programme=programme, user=user, role="mentor", by=by, now=clock.now())
    inviting.take_away(part=Part.objects.get(user=user), by=by)
    scenes.invitation(programme, "grace.hopper@example.org")

    words = " ".join(round_.deeds.values_list("words", flat=True))

    assert "mentor" in words
    assert "Grace" not in words
    assert "grace" not in words


@pytest.mark.django_db(transaction=True)
def test_of_two_organisers_who_remove_each_other_at_once_one_stays():
    for _ in range(3):
        programme = scenes.programme()
        parts = [programme.parts.get(), scenes.part(programme, "organiser")]
        turn = count()

        def remove(parts=parts, turn=turn):
            mine = next(turn) % 2
            inviting.take_away(part=parts[1 - mine], by=parts[mine].user)

        together(remove, threads=2)

        assert programme.parts.filter(role="organiser").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_organisers_who_give_up_at_once_one_stays():
    programme = scenes.programme()
    parts = [programme.parts.get(), scenes.part(programme, "organiser")]
    turn = count()

    def give_up():
        part = parts[next(turn)]
        inviting.give_up(part=part, by=part.user)

    together(give_up, threads=2)

    assert programme.parts.filter(role="organiser").count() == 1
