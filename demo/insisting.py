"""What must be so when the demo's year is made: the books are Stripe's, and every state that the pages
know has somebody to show."""

from typing import Any

from django.db.models import QuerySet

from demo.bridge import Bridge
from funding.ledger import balances, posting
from funding.ledger.models import Account, Entry
from sponsors.billing.models import CreditNote, Dispute, Event, Invoice
from sponsors.sponsorships.models import Change, Sponsorship, Status

MEANT_TO_BE_SHOWN = {
    Status.PENDING, Status.AWAITING_INVOICE, Status.ACTIVE, Status.PAST_DUE, Status.CANCELLING,
    Status.PAUSED, Status.CANCELLED, Status.LAPSED, Status.ABANDONED,
}  # fmt: skip


class HistoryIsWrong(Exception):
    """What was made does not agree with itself; the message says where."""


def right(bridge: Bridge) -> None:
    """Every event is handled, and the books say what Stripe says, in every currency."""
    if unhandled := Event.objects.unhandled().count():
        raise HistoryIsWrong(f"{unhandled} events are not handled.")
    for code, amount in bridge.engine.truth()["currencies"].items():
        ours = balances.of(posting.Place(Account.Kind.STRIPE), code.upper())
        if ours.amount != amount:
            raise HistoryIsWrong(f"The books have {ours.exact} at Stripe, which has {amount}.")


def complete() -> None:
    """The pages of every state have somebody to show."""
    shown = set(Sponsorship.objects.values_list("status", flat=True))
    if missing := MEANT_TO_BE_SHOWN - shown:
        raise HistoryIsWrong(f"No sponsorship is {', '.join(sorted(missing))}.")
    if untold := [words for words, rows in _stories().items() if not rows.exists()]:
        raise HistoryIsWrong(f"There is no {', no '.join(untold)}.")


def _stories() -> dict[str, QuerySet[Any]]:
    sent = Invoice.objects.filter(is_sent=True)
    return {
        "upgrade": Change.objects.filter(status=Change.Status.DONE, at_once=True),
        "planned change": Change.objects.filter(status=Change.Status.SCHEDULED),
        "end with a reason": Sponsorship.objects.exclude(end_reason=""),
        "invoice that was paid": sent.filter(status="paid"),
        "invoice that was written off": sent.filter(status="uncollectible"),
        "credit note": CreditNote.objects.all(),
        "dispute won": Dispute.objects.filter(status="won"),
        "dispute to be answered": Dispute.objects.filter(status="needs_response"),
        "payout": Entry.objects.filter(kind=Entry.Kind.PAYOUT),
        "tax": Invoice.objects.filter(status="paid", tax__gt=0),
    }
