"""What must be so when the demo's year is made: the books are Stripe's, and every state that the pages
know has somebody to show."""

from typing import Any

from django.db.models import QuerySet

from demo import overview
from demo.bridge import Bridge
from funding.ledger import balances, posting
from funding.ledger.models import Account, Entry
from funding.office import clock
from funding.programmes.models import Instalment, Place, Round
from sponsors.billing.models import CreditNote, Dispute, Event, Invoice
from sponsors.sponsorships.models import Change, Commitment, Sponsorship, Status, Waiting

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
    _all_told(_stories())
    complete_programmes()


def complete_programmes() -> None:
    """A round is in each phase, and what may become of seats and places has become of one."""
    steps = {overview.state(one, clock.now()) for one in Round.objects.prefetch_related("phases")}
    if missing_steps := set(range(len(overview.ORDER))) - {order for order, _ in steps}:
        names = ", ".join(overview.ORDER[step] for step in sorted(missing_steps))
        raise HistoryIsWrong(f"No round of a programme is in: {names}.")
    _all_told(_stories_of_programmes())


def _all_told(stories: dict[str, QuerySet[Any]]) -> None:
    if untold := [words for words, rows in stories.items() if not rows.exists()]:
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


def _stories_of_programmes() -> dict[str, QuerySet[Any]]:
    return {
        "place that was extended": Place.objects.filter(extended_weeks__gt=0),
        "place that ended early": Place.objects.filter(status=Place.Status.ENDED),
        "instalment to be paid": Instalment.objects.filter(status="released"),
        "seat that went to who waited": Commitment.objects.filter(was_offered=True, status="paid"),
        "company that waits": Waiting.objects.waiting(),
    }
