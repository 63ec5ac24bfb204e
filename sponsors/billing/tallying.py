"""Tallying: Stripe's balance transactions beside the books. Each stands there exactly once, under its
id, and moved what Stripe says it moved; together they make Stripe's balance, to the cent."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from funding.ledger.models import Account, Entry, Transfer
from funding.ledger.money import EXPONENTS, Money
from sponsors.billing.comparing import Difference
from sponsors.billing.gateway import Json

Kind = Account.Kind
CASH = (
    Entry.Kind.CHARGE_SETTLED, Entry.Kind.REFUNDED, Entry.Kind.REFUND_FAILED, Entry.Kind.DISPUTED,
    Entry.Kind.DISPUTE_REINSTATED, Entry.Kind.PAYOUT, Entry.Kind.STRIPE_FEE, Entry.Kind.ADJUSTED,
)  # fmt: skip
# Between these and the fees account a fee is taken or given back; what comes after is who bears it.
FEE_GIVERS = (Kind.RECEIVABLE, Kind.STRIPE)


@dataclass(slots=True)
class Moved:
    """What an entry moved, by currency: what lies at Stripe after it, and what Stripe kept."""

    net: int = 0
    fee: int = 0


def transactions(page: Sequence[Json]) -> Iterator[Difference]:
    """Each with its source."""
    booked = _booked([one["id"] for one in page])
    for one in page:
        currency = one["currency"].upper()
        moved = booked.get(one["id"])
        if moved is None:
            words = f"{_what(one)} of {written(one['net'], currency)} is not in the books."
            yield _difference(one, "missing", words, one["net"])
        elif unexplained := one["net"] - moved[currency].net:
            ours, theirs = written(moved[currency].net, currency), written(one["net"], currency)
            yield _difference(
                one, "amount", f"The books say {ours}, Stripe {theirs}.", unexplained
            )
        elif one["fee"] != moved[currency].fee:
            ours, theirs = written(moved[currency].fee, currency), written(one["fee"], currency)
            words = f"The books say a fee of {ours}, Stripe {theirs}."
            yield _difference(one, "fee", words, one["fee"] - moved[currency].fee)


def _difference(one: Json, kind: str, words: str, amount: int) -> Difference:
    root, also = _root(one)
    currency = one["currency"].upper()
    return Difference(kind, one["id"], words, root, also, amount, currency)


def _what(one: Json) -> str:
    return str(one["type"]).replace("_", " ").capitalize()


def _root(one: Json) -> tuple[str, str]:
    """What to look up for it: a payment for everything that happened to a charge."""
    source = one["source"]
    if not isinstance(source, dict):
        return "", ""
    if source["object"] == "payout":
        return source["id"], ""
    return source.get("payment_intent") or "", source["id"]


def _booked(references: Sequence[str]) -> dict[str, dict[str, Moved]]:
    """What each entry moved, all of a page in two queries."""
    entries = Entry.objects.filter(reference__in=references)
    found: dict[str, dict[str, Moved]] = {
        name: defaultdict(Moved) for name in entries.values_list("reference", flat=True)
    }
    transfers = Transfer.objects.filter(entry__reference__in=references).values_list(
        "entry__reference", "currency", "amount", "debit__kind", "credit__kind"
    )
    for name, currency, amount, debit, credit in transfers.iterator():
        moved = found[name][currency]
        moved.net += amount * ((debit == Kind.STRIPE) - (credit == Kind.STRIPE))
        if debit == Kind.FEES and credit in FEE_GIVERS:
            moved.fee += amount
        elif credit == Kind.FEES and debit in FEE_GIVERS:
            moved.fee -= amount
    return found


def our_transactions() -> tuple[QuerySet[Entry], str, str]:
    """What the books say came from Stripe's balance transactions."""
    entries = Entry.objects.filter(kind__in=CASH, reference__startswith="txn_")
    return entries, "occurred_at", "reference"


def at_stripe(balance: Json) -> dict[str, int]:
    """By currency, what Stripe says it has of ours: available and on its way."""
    sums: dict[str, int] = defaultdict(int)
    for part in ("available", "pending"):
        for one in balance[part]:
            sums[one["currency"].upper()] += one["amount"]
    return dict(sums)


def in_books() -> dict[str, int]:
    """By currency, what the books say lies at Stripe."""
    sums: dict[str, int] = defaultdict(int)
    for side, sign in (("debit", 1), ("credit", -1)):
        rows = Transfer.objects.filter(**{f"{side}__kind": Kind.STRIPE}).order_by()
        for currency, amount in rows.values_list("currency").annotate(sum=Sum("amount")):
            sums[currency] += sign * amount
    return dict(sums)


def written(amount: int, currency: str) -> str:
    """Also of a currency that the site does not take."""
    return Money(amount, currency).exact if currency in EXPONENTS else f"{amount} {currency}"
