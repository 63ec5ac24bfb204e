"""What must be so of calls and their seats, whatever the weather, read from the rows and from what
Stripe holds."""

from collections import Counter
from collections.abc import Iterator

from django.db.models import Count

from funding.programmes.models import FundingCall, Round, Share
from sponsors.billing.models import BankPayment
from sponsors.sponsorships.models import Commitment, CommitmentMove, CommitmentStatus
from tests.simulation.town import Town

Status = CommitmentStatus
LIVE = (Status.RESERVED, Status.COMMITTED, Status.DUE, Status.PAID)
FIRM = (Status.COMMITTED, Status.DUE, Status.PAID)
OWING = (Status.RESERVED, Status.COMMITTED, Status.DUE)
LOST_AT_LAST = (Status.EXPIRED, Status.WITHDRAWN, Status.FAILED, Status.RELEASED)


def breaches(town: Town) -> Iterator[str]:
    """At any time."""
    yield from _seats()
    yield from _companies()
    yield from _moves()
    yield from _places()
    yield from _charged(town)


def at_last(town: Town) -> Iterator[str]:
    """When all is done: nothing waits, and everybody has what is theirs."""
    waited_for = Commitment.objects.filter(status__in=OWING)
    over = FundingCall.objects.filter(settled_at=None, closed_at__isnull=False)
    for call in over.exclude(pk__in=waited_for.values("call")):
        yield f"Call {call.pk}, closed on {call.closed_at}, was not settled, though nobody owes."
    kept = _kept(town)
    by_bank = BankPayment.objects.agreed().values("invoice__commitment")
    for row in Commitment.objects.exclude(pk__in=by_bank).select_related("call"):
        money = kept[row.pk]
        if money and (row.status in LOST_AT_LAST or row.call.state == FundingCall.State.FAILED):
            yield f"Commitment {row.pk} is {row.status}, and {money} of it was kept."
        if row.status == Status.PAID and row.call.settled_at and not money:
            yield f"Commitment {row.pk} is paid, and nothing of it is at Stripe."
    yield from _raised(kept)


def _seats() -> Iterator[str]:
    rows = Commitment.objects.filter(status__in=LIVE).order_by()
    held = Counter(dict(rows.values_list("share").annotate(count=Count("pk"))))
    for share in Share.objects.all():
        if share.taken != held[share.pk] or share.taken > share.seats:
            yield f"{share} has {share.seats} seats, {share.taken} taken, {held[share.pk]} held."


def _companies() -> Iterator[str]:
    rows = Commitment.objects.filter(status__in=LIVE).order_by()
    for call, company, count in rows.values_list("call", "company").annotate(count=Count("pk")):
        if count > 1:
            yield f"Company {company} has {count} seats of call {call}."


def _moves() -> Iterator[str]:
    for move in CommitmentMove.objects.exclude(before__in=LIVE):
        yield f"Commitment {move.commitment_id} had ended and moved to {move.after}."
    late = CommitmentMove.objects.filter(
        after=Status.WITHDRAWN, before__in=(Status.DUE, Status.PAID)
    )
    yield from (f"Commitment {move.commitment_id} was withdrawn when decided." for move in late)


def _places() -> Iterator[str]:
    """No place without its money, and nobody is due for a call that was not decided."""
    for round_ in Round.objects.filter(call__isnull=False).select_related("call"):
        rows = Commitment.objects.filter(call=round_.call, status__in=FIRM)
        firm = sum(rows.values_list("amount", flat=True))
        paid_for = max(firm // round_.call.cost.amount, round_.places_taken)
        has_come_about = round_.call.state == FundingCall.State.SUCCEEDED
        if has_come_about and round_.places_funded > paid_for:
            yield f"Round {round_.pk} has {round_.places_funded} places for {firm}."
        if round_.call.state == FundingCall.State.OPEN and rows.exclude(due_at=None).exists():
            yield f"Somebody is due, and call {round_.call.pk} is not decided."


def _charged(town: Town) -> Iterator[str]:
    """Nobody pays before the decision, other than was signed, or twice."""
    rows = {str(row.pk): row for row in Commitment.objects.all()}
    paid = Counter()
    for invoice in town.engine.account.store.kinds["invoice"].values():
        name = invoice["metadata"].get("commitment")
        if name is None or invoice["status"] == "void":
            continue
        row = rows[name]
        paid[name] += invoice["status"] in ("open", "paid")
        if row.due_at is None or invoice["created"] < int(row.due_at.timestamp()):
            yield f"{invoice['id']} bills commitment {name} before it was due."
        if invoice["status"] != "draft" and invoice["subtotal"] != row.amount:
            yield f"{invoice['id']} bills {invoice['subtotal']} for {row.amount}."
    yield from (
        f"Commitment {name} is billed {count} times." for name, count in paid.items() if count > 1
    )


def _kept(town: Town) -> Counter[int]:
    """By commitment: what Stripe took for it, less what went back, and what its bank took back."""
    store = town.engine.account.store
    disputes = store.kinds["dispute"].values()
    lost = Counter({one["charge"]: one["amount"] for one in disputes if one["status"] == "lost"})
    found: Counter[int] = Counter()
    invoices = {
        one["id"]: int(one["metadata"]["commitment"])
        for one in store.kinds["invoice"].values() if "commitment" in one["metadata"]
    }  # fmt: skip
    intents = {
        one["_payment_intent"]: one["invoice"] for one in store.kinds["invoice_payment"].values()
    }
    for charge in store.kinds["charge"].values():
        name = intents.get(charge["payment_intent"])
        if name in invoices and charge["paid"]:
            found[invoices[name]] += charge["amount"] - charge["amount_refunded"]
            found[invoices[name]] -= lost[charge["id"]]
    return found


def _raised(kept: Counter[int]) -> Iterator[str]:
    """Of a call that gives back what is left over, exactly its places were paid for, unless money went
    away later, or came past Stripe."""
    went_later = Commitment.objects.filter(status__in=(Status.REFUNDED, Status.DISPUTED))
    by_bank = BankPayment.objects.values("invoice__commitment__call")
    calls = FundingCall.objects.filter(
        state=FundingCall.State.SUCCEEDED, remainder="refund", settled_at__isnull=False,
        cleared_at=None,
    ).exclude(pk__in=went_later.values("call")).exclude(pk__in=by_bank)  # fmt: skip
    for call in calls.select_related("round"):
        seats = Commitment.objects.filter(call=call, status=Status.PAID)
        raised = sum(kept[pk] for pk in seats.values_list("pk", flat=True))
        cost = call.round.places_funded * call.cost.amount
        if raised != cost:
            yield f"Call {call.pk} kept {raised} for places that cost {cost}."
