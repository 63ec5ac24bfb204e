"""Who sees what a comparison found: at the command line and on the staff's page."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client

from funding.office import clock
from sponsors.billing import attention, tasks
from sponsors.billing.models import Finding, Reconciliation
from tests import factories, scenarios
from tests.billing.comparisons import pay_as_a_stranger, reconcile
from tests.certainty import certain

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("waits")]


def run_command(*given):
    try:
        call_command("reconcile", *given)
    except SystemExit as end:
        return end.code
    return 0


def test_the_command_tells_how_far_it_is_and_ends_with_nothing_left(engine, capsys):
    scenarios.settled(engine)

    assert run_command("--since", "2026-01-01") == 0

    said = capsys.readouterr().out
    assert "balance transactions: 1" in said
    assert said.endswith("Stripe and the books agree to the cent.\n")


def test_the_command_ends_with_one_while_a_cent_is_unexplained(engine, capsys):
    scenarios.settled(engine)
    pay_as_a_stranger(engine, 700)

    assert run_command() == 1

    assert "LEFT GBP: Stripe has" in capsys.readouterr().out


@pytest.fixture
def staff(client):
    client.force_login(factories.user(is_staff=True))
    return certain(client)


def test_staff_ask_for_a_run_from_the_page_and_find_it_there(engine, staff):
    scenarios.settled(engine)

    for _ in range(2):  # an impatient hand
        assert staff.post("/staff/reconciliation/run/").status_code == 302
    tasks.reconcile()

    assert Reconciliation.objects.count() == 1
    page = staff.get("/staff/reconciliation/").content.decode()
    assert "Stripe and the books agree to the cent." in page


def test_an_earlier_run_is_shown_by_its_number_and_no_other_number_is(engine, staff):
    first = reconcile()
    Finding.objects.create(reconciliation=first, kind="missing", stripe_id="txn_1", words="Odd.")
    reconcile()

    assert b"Odd." not in staff.get("/staff/reconciliation/").content
    assert b"Odd." in staff.get(f"/staff/reconciliation/?run={first.pk}").content
    for nonsense in ("999", "x", "-1", "9" * 30, "\u0663"):
        answer = staff.get("/staff/reconciliation/", {"run": nonsense})
        assert answer.status_code == 404


def test_what_is_left_waits_for_staff(engine, staff):
    row = reconcile()
    Finding.objects.create(reconciliation=row, kind="missing", stripe_id="txn_1", words="Odd.")
    stranger = {"kind": Finding.STRANGER, "words": "Another’s."}
    Finding.objects.create(reconciliation=row, stripe_id="sub_1", **stranger)

    waits = {task.title: task.count for task in attention.tasks(now=clock.now())}

    assert waits["Differences from Stripe"] == 1


def test_the_page_says_that_the_nightly_run_is_missing(db):
    ended = clock.now() - timedelta(days=3)
    Reconciliation.objects.create(started_at=ended, status=Reconciliation.Status.DONE)
    client = Client()
    client.force_login(factories.user(is_staff=True))

    page = client.get("/staff/reconciliation/").content.decode()

    assert "the nightly one is missing" in page
    assert "note success" not in page
