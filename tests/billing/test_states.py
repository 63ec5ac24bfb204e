"""A sponsorship's state is a pure function of subscription and newest invoice."""

from datetime import UTC, datetime

import pytest

from sponsors.billing import states
from sponsors.sponsorships.models import Status

NOW = datetime(2026, 6, 15, tzinfo=UTC)
PRICE = {"unit_amount": 10000, "recurring": {"interval": "month"}}
PAST, TO_COME = int(NOW.timestamp()) - 86400, int(NOW.timestamp()) + 86400


def subscription(status="active", *, invoice="paid", due=None, **values):
    newest = {
        "status": invoice, "due_date": due, "status_transitions": {"paid_at": PAST},
        "lines": {"data": [{"period": {"start": PAST, "end": TO_COME}}]},
    }  # fmt: skip
    return {
        "status": status, "latest_invoice": newest if invoice else None, "cancel_at": None,
        "cancel_at_period_end": False, "pause_collection": None, "ended_at": None,
        "collection_method": "charge_automatically", "cancellation_details": {"reason": None},
        "items": {"data": [{"current_period_end": TO_COME, "price": PRICE}]}, **values,
    }  # fmt: skip


FAILED_TO_PAY = {"cancellation_details": {"reason": "payment_failed"}}
BY_INVOICE = {"collection_method": "send_invoice"}

CASES = [
    # what Stripe says, whether anything was ever paid before, what it is
    (subscription(), False, Status.ACTIVE),
    (subscription(invoice="open"), True, Status.ACTIVE),
    (subscription(invoice="draft"), True, Status.ACTIVE),
    (subscription(invoice="open"), False, Status.PENDING),
    (subscription(invoice=None), False, Status.PENDING),
    (subscription("trialing", invoice="open"), True, Status.ACTIVE),
    (subscription("incomplete", invoice="open"), False, Status.PENDING),
    (subscription("incomplete_expired", invoice="void"), False, Status.ABANDONED),
    (subscription("incomplete_expired", invoice="void"), True, Status.LAPSED),
    (subscription("past_due", invoice="open"), True, Status.PAST_DUE),
    (subscription("past_due", invoice="open"), False, Status.PENDING),
    (subscription("unpaid", invoice="open"), True, Status.LAPSED),
    (subscription("paused"), True, Status.PAUSED),
    (subscription(pause_collection={"behavior": "void"}), True, Status.PAUSED),
    (subscription(cancel_at_period_end=True), True, Status.CANCELLING),
    (subscription(cancel_at=TO_COME), True, Status.CANCELLING),
    (subscription("canceled"), True, Status.CANCELLED),
    (subscription("canceled", invoice="open", **FAILED_TO_PAY), True, Status.LAPSED),
    (subscription("canceled", invoice="open"), False, Status.ABANDONED),
    (subscription(invoice="open", due=TO_COME, **BY_INVOICE), False, Status.AWAITING_INVOICE),
    (subscription(invoice="open", due=TO_COME, **BY_INVOICE), True, Status.ACTIVE),
    (subscription(invoice="open", due=PAST, **BY_INVOICE), False, Status.PAST_DUE),
    (subscription(invoice="uncollectible", due=PAST, **BY_INVOICE), True, Status.PAST_DUE),
    (subscription(invoice="paid", due=PAST, **BY_INVOICE), False, Status.ACTIVE),
]


@pytest.mark.parametrize(("said", "ever_paid", "expected"), CASES)
def test_what_stripe_says_is_what_it_is(said, ever_paid, expected):
    assert states.read(said, ever_paid=ever_paid, now=NOW).status == expected


def test_what_is_paid_for_ends_with_the_lines_of_the_paid_invoice():
    said = states.read(subscription(), ever_paid=False, now=NOW)

    assert said.paid_through == states.at(TO_COME)


def test_an_open_invoice_pays_for_nothing():
    said = states.read(subscription(invoice="open"), ever_paid=True, now=NOW)

    assert said.paid_through is None
    assert said.first_paid_at is None
