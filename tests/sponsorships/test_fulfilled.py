"""What is owed is done when a maintainer says how."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from funding.office import clock
from funding.projects.models import Activity, Maintainer
from sponsors.sponsorships import fulfilling
from sponsors.sponsorships.models import Fulfilment, Sponsorship
from tests import factories

pytestmark = pytest.mark.database


def door(owed, deed="done"):
    return f"/maintain/{owed.sponsorship.project.slug}/owed/{owed.pk}/{deed}/"


def test_a_maintainer_says_it_is_done_and_the_sponsor_reads_how(owed, signed_in):
    signed_in.post(door(owed), {"proof": "https://docs.example/sponsors"})

    sponsor = Client()
    sponsor.force_login(owed.sponsorship.bought_by)
    page = sponsor.get(owed.sponsorship.get_absolute_url()).content.decode()
    assert 'href="https://docs.example/sponsors"' in page
    assert not Fulfilment.objects.owed(clock.now()).exists()


def test_the_log_does_not_say_for_whom_it_was_done(owed, signed_in):
    signed_in.post(door(owed), {"proof": "In the docs"})
    signed_in.post(door(owed, "undo"))

    assert [line.did for line in Activity.objects.all()] == [
        "took back that “A promise of docs” for a sponsor was done",
        "did “A promise of docs” for a sponsor",
    ]


def test_who_is_no_editor_any_more_says_nothing(owed):
    with pytest.raises(PermissionDenied):
        fulfilling.mark_done(
            fulfilment_id=owed.pk, by=factories.user(), proof="Done", now=clock.now()
        )

    assert Fulfilment.objects.owed(clock.now()).exists()


def test_it_can_be_taken_back(owed, signed_in):
    signed_in.post(door(owed), {"proof": "In the docs"})
    signed_in.post(door(owed, "undo"))

    assert Fulfilment.objects.owed(clock.now()).exists()
    owed.refresh_from_db()
    assert (owed.done_at, owed.done_by, owed.proof) == (None, None, "")


@pytest.mark.parametrize("proof", ["", " ", "x" * 301, "\u202e"])
def test_without_a_proof_it_is_not_done(owed, signed_in, proof):
    assert signed_in.post(door(owed), {"proof": proof}).status_code == 422

    assert Fulfilment.objects.owed(clock.now()).exists()


def test_a_proof_that_is_a_script_is_shown_as_text(owed, signed_in):
    signed_in.post(door(owed), {"proof": "javascript:alert(1)"})

    sponsor = Client()
    sponsor.force_login(owed.sponsorship.bought_by)
    page = sponsor.get(owed.sponsorship.get_absolute_url()).content.decode()
    assert 'href="javascript' not in page


def test_the_first_word_counts(owed, user):
    now = clock.now()
    fulfilling.mark_done(fulfilment_id=owed.pk, by=user, proof="First", now=now)

    with pytest.raises(fulfilling.AlreadyDone):
        fulfilling.mark_done(fulfilment_id=owed.pk, by=user, proof="Second", now=now)

    owed.refresh_from_db()
    assert owed.proof == "First"


def test_what_is_not_owed_any_more_is_told_so(engine, owed, signed_in):
    Sponsorship.objects.update(stands_until=clock.now() - timedelta(days=1))

    signed_in.post(door(owed), {"proof": "Too late"})

    owed.refresh_from_db()
    assert owed.done_at is None


def test_a_treasurer_may_not(owed):
    treasurer = factories.user()
    project = owed.sponsorship.project
    Maintainer.objects.create(project=project, user=treasurer, role="treasurer")
    client = Client()
    client.force_login(treasurer)

    assert client.post(door(owed), {"proof": "Done"}).status_code == 403
    owed.refresh_from_db()
    assert owed.done_at is None


def test_what_another_project_owes_is_not_found_under_ones_own(owed, signed_in, user):
    own = factories.project(maintainer=user)
    other = factories.project()
    owed.sponsorship.project = other
    Sponsorship.objects.update(project=other)

    path = f"/maintain/{own.slug}/owed/{owed.pk}/done/"
    assert signed_in.post(path, {"proof": "Done"}).status_code == 404
