"""Questions to the books. Every one is a sum over transfers; none is stored.

An account's balance is what it was debited less what it was credited. Money that is *ours to keep
for others* (held, billed, deferred, tax) has credit balances: `standing` turns those round."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, Sum

from funding.ledger.models import Account, Transfer
from funding.ledger.money import Money
from funding.ledger.posting import Place

CREDIT_KINDS = frozenset(
    {
        Account.Kind.TAX,
        Account.Kind.BILLED,
        Account.Kind.HELD,
        Account.Kind.DEFERRED,
        Account.Kind.GENERAL,
    }
)


def of(place: Place, currency: str, *, at: datetime | None = None) -> Money:
    """What stands in an account just before `at` (or now), positive in the account's own sense:
    money held for a project is positive, and so is money at Stripe."""
    return of_many([place], currency, at=at)[place]


def of_many(
    places: Iterable[Place], currency: str, *, at: datetime | None = None
) -> dict[Place, Money]:
    """The same for several accounts of one currency, in two queries however many."""
    places = list(places)
    until = Q(occurred_at__lt=at) if at else Q()
    debits, credits = (
        _sums(places, currency, "debit", until),
        _sums(places, currency, "credit", until),
    )
    return {place: _signed(place, debits[place], credits[place], currency) for place in places}


def moved(place: Place, currency: str, *, since: datetime, until: datetime) -> tuple[Money, Money]:
    """What came in and what went out of an account from `since` up to, not including, `until`."""
    window = Q(occurred_at__gte=since, occurred_at__lt=until)
    debits = _sums([place], currency, "debit", window)[place]
    credits = _sums([place], currency, "credit", window)[place]
    came, went = (credits, debits) if place.kind in CREDIT_KINDS else (debits, credits)
    return Money(came, currency), Money(went, currency)


def _sums(places: list[Place], currency: str, side: str, window: Q) -> dict[Place, int]:
    owners, kinds = {p.owner for p in places}, {p.kind for p in places}
    rows = (
        Transfer.objects.filter(
            window,
            **{
                f"{side}__owner__in": owners,
                f"{side}__kind__in": kinds,
                f"{side}__currency": currency,
            },
        )
        .values_list(f"{side}__kind", f"{side}__owner")
        .annotate(sum=Sum("amount"))
        .order_by()
    )
    sums: dict[Place, int] = defaultdict(int)
    for kind, owner, amount in rows:
        sums[Place(Account.Kind(kind), owner)] = amount
    return sums


def _signed(place: Place, debits: int, credits: int, currency: str) -> Money:
    amount = credits - debits if place.kind in CREDIT_KINDS else debits - credits
    return Money(amount, currency)
