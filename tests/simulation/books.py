"""The books beside what Stripe holds: every balance transaction, with its amounts, once and no other."""

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Q

from funding.ledger.models import Account, Entry, Transfer
from sponsors.billing.models import Event, Payment
from tests.simulation.town import Town

Kind = Entry.Kind
UNTOLD = (Kind.STRIPE_FEE, Kind.ADJUSTED)  # found by reconciling alone
PAID_FROM = (Account.Kind.RECEIVABLE, Account.Kind.STRIPE)  # what a fee is taken out of
# What an entry says of each of Stripe's kinds; those that are not here are asked of `_kind`.
KINDS = {
    "charge": Kind.CHARGE_SETTLED,
    "payment": Kind.CHARGE_SETTLED,
    "payout": Kind.PAYOUT,
    "payout_failure": Kind.PAYOUT,
    "stripe_fee": Kind.STRIPE_FEE,
    "refund": Kind.REFUNDED,
    "payment_refund": Kind.REFUNDED,
    "refund_failure": Kind.REFUND_FAILED,
    "payment_failure_refund": Kind.REFUND_FAILED,
}
Line = tuple[str, str, int, int, int, str]  # name, kind, amount, fee, net, currency


def _kind(truth: dict) -> str:
    """An adjustment is a dispute's, one way or the other, or Stripe's own."""
    if truth["type"] != "adjustment":
        return KINDS[truth["type"]]
    if truth["source"] is None:
        return Kind.ADJUSTED
    return Kind.DISPUTED if truth["net"] < 0 else Kind.DISPUTE_REINSTATED


def difference(town: Town) -> dict[str, int]:
    """By currency: what the books say lies at Stripe, less what lies there."""
    ours: dict[str, int] = defaultdict(int)
    for line in ledger().values():
        ours[line[5]] += line[4]
    truth = {name.upper(): net for name, net in town.engine.truth()["currencies"].items()}
    return {name: ours[name] - truth.get(name, 0) for name in sorted(ours.keys() | truth.keys())}


def ledger() -> dict[str, Line]:
    return dict(lines(Q(entry__reference__startswith="txn_")))


def fingerprint() -> str:
    """All that the books say, in the order in which they were told it."""
    rows = Transfer.objects.order_by("pk").values_list(
        "entry__reference", "entry__kind", "occurred_at", "entry__posted_at", "debit__kind",
        "debit__owner", "credit__kind", "credit__owner", "amount", "currency",
    )  # fmt: skip
    return "\n".join("|".join(map(str, row)) for row in rows.iterator())


def lines(which: Q) -> Iterator[tuple[str, Line]]:
    """Each balance transaction as the books tell it."""
    rows: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    found = Transfer.objects.filter(which).values_list(
        "entry__reference", "entry__kind", "debit__kind", "credit__kind", "amount", "currency"
    )
    currencies = {}
    for reference, kind, debit, credit, amount, currency in found:
        row = rows[reference, kind]
        currencies[reference] = currency
        if Account.Kind.STRIPE in (debit, credit):
            row[0] += amount if debit == Account.Kind.STRIPE else -amount
        if debit == Account.Kind.FEES and credit in PAID_FROM:
            row[1] += amount
        if credit == Account.Kind.FEES and debit in PAID_FROM:
            row[1] -= amount
    for (reference, kind), (net, fee) in rows.items():
        yield reference, (reference, kind, net + fee, fee, net, currencies[reference])


def line(truth: dict) -> Line:
    return (truth["id"], _kind(truth), truth["amount"], truth["fee"], truth["net"],
            truth["currency"].upper())  # fmt: skip


def breaches(town: Town, *, all_of_it: bool = True) -> Iterator[str]:
    """What differs; of what Stripe tells by no event, only when all of it is asked for."""
    ours = set(ledger().values())
    truth = {line(one) for one in town.engine.truth()["balance_transactions"]}
    if not all_of_it:
        ours, truth = ({one for one in side if one[1] not in UNTOLD} for side in (ours, truth))
    for one in sorted(truth - ours):
        yield f"Not in the books: {one}{_known(town, one[0])}"
    yield from (f"Not at Stripe: {one}" for one in sorted(ours - truth))
    for currency, cents in difference(town).items():
        if cents and all_of_it:
            yield f"The books and Stripe differ by {cents} {currency}."


def untold(town: Town) -> set[str]:
    """The names of what Stripe tells by no event."""
    truth = (line(one) for one in town.engine.truth()["balance_transactions"])
    return {one[0] for one in truth if one[1] in UNTOLD}


def _known(town: Town, name: str) -> str:
    """What is known here of a balance transaction that is in no entry."""
    store = town.engine.account.store
    source = store.by_id.get(store.by_id[name]["source"]) or {}
    root = source.get("payment_intent") or source.get("id") or "?"
    events = Event.objects.filter(root=root).order_by("pk")
    told = [f"{one.kind} {one.status} {one.attempts} {one.error}" for one in events]
    payments = Payment.objects.filter(payment_intent=root).values("invoice", "balance_transaction")
    return f"; {root} at {source.get('created')}: {list(payments)} {told}"
