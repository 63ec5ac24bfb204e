"""Kill -9 while a seat of a programme is billed and charged: one invoice, one charge, one entry."""

import json

import pytest

from tests import processes
from tests.processes import at_stripe
from tests.test_killed import (
    KINDS,
    SETTLED,
    answer_was_lost,
    assert_one_of_each,
    fee_becomes_known,
    lose_an_answer,
    recover,
)

pytestmark = pytest.mark.django_db  # so that there are tables to copy, whatever else is run

# Calls with one seat each, kept for a company that has saved a card.
KEEPING = """
import json
from datetime import timedelta
from itertools import count
from funding.office import clock
from sponsors.billing import gateway, knowing
from sponsors.billing.models import Setup
from sponsors.sponsorships.models import Commitment
from tests import factories
from tests.programmes import scenes
factories._numbers = count(1000)  # the town's own have those before
seats = []
for _ in range(4):
    company = factories.payer()
    kept = scenes.reserved(scenes.call(seats=1), company)
    customer = knowing.customer(company, kept.currency).stripe_id
    saved = gateway.v1().payment_methods.attach("pm_card_visa", {"customer": customer}).id
    now = clock.now()
    Setup.objects.create(
        commitment=kept, status="complete", created_at=now, expires_at=now + timedelta(days=1),
        payment_method=saved, stripe_id=f"cs_{kept.pk}",
    )
    Commitment.objects.filter(pk=kept.pk).update(reserved_until=now + timedelta(days=9))
    seats.append(kept.pk)
print(json.dumps(seats))
"""
PROMISING = """
from funding.office import clock
from sponsors.sponsorships import commitments
commitments.commit(commitment_id={0}, now=clock.now())
"""
WORK = "from sponsors.billing import tasks; tasks.run_closings.delay()"
OPERATIONS = ["POST /v1/invoices", "POST /v1/invoices/{invoice}/pay"]


@pytest.fixture(scope="module")
def town(tmp_path_factory, tables):
    with processes.running(tmp_path_factory.mktemp("town"), tables) as town:
        yield town


@pytest.fixture(scope="module")
def seats(town):
    return json.loads(shell(town, KEEPING))


@pytest.fixture(autouse=True)
def _stripe_is_well_at_last(town):
    yield
    recover(town)


def shell(town, words):
    return town.manage("shell", "--verbosity", "0", "-c", words)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_worker_killed_while_it_charges_a_seat_charges_it_once(town, seats, operation, kind):
    before = town.asks(SETTLED)
    seat = seats.pop()
    shell(town, PROMISING.format(seat))
    lose_an_answer(town, operation, kind)
    shell(town, WORK)
    town.eventually(lambda: answer_was_lost(town))

    town.kill("worker")
    recover(town)
    town.start("worker")
    shell(town, WORK)

    status = "SELECT status FROM sponsorships_commitment WHERE id = ?"
    town.eventually(lambda: town.asks(status, seat) == "paid")
    fee_becomes_known(town)
    town.eventually(lambda: town.asks(SETTLED) == before + 1)
    assert town.asks("SELECT count(*) FROM billing_invoice WHERE commitment_id = ?", seat) == 1
    assert at_stripe(town, "truth")["currencies"]["gbp"] > 0
    assert_one_of_each(town, before)
