"""What must never be false about the books, asked anew from every row of them. Each sentence that
comes out of `breaches` is something that is false."""

from collections.abc import Iterator

from django.db.models import BigIntegerField, Count, F, Q, Sum
from django.db.models.functions import Cast

from funding.ledger import guards, rollups
from funding.ledger.models import Account, Entry, Transfer
from funding.ledger.money import Money


def breaches() -> Iterator[str]:
    yield from _guards()
    yield from _transfers()
    yield from _entries()
    yield from _fees()
    yield from rollups.breaches()


def _guards() -> Iterator[str]:
    for name in sorted(guards.missing()):
        yield f"The database's guard {name} is gone: run migrate to put it back."


def _transfers() -> Iterator[str]:
    wrong = Transfer.objects.filter(
        Q(amount__lte=0)
        | ~Q(amount=Cast("amount", BigIntegerField()))  # SQLite would keep a fraction
        | Q(debit=F("credit"))
        | ~Q(currency=F("debit__currency"))
        | ~Q(currency=F("credit__currency"))
        | ~Q(occurred_at=F("entry__occurred_at"))
    )
    for transfer in wrong.iterator():
        yield (
            f"Transfer {transfer.pk} is not a positive amount between two accounts of one "
            "currency at its entry's instant."
        )


def _entries() -> Iterator[str]:
    """Each has the transfers it was written with: none was left out, none put in later."""
    counted = Entry.objects.annotate(count=Count("transfers"))
    wrong = counted.exclude(count=F("legs"), legs__gt=0).order_by("pk")
    for reference, legs, count in wrong.values_list("reference", "legs", "count"):
        yield f"Entry {reference} was written with {legs} transfers and has {count}."


def _fees() -> Iterator[str]:
    """What a card took has been borne by a project: nothing stays between."""
    for account in Account.objects.filter(kind=Account.Kind.FEES):
        left = balance(account)
        if left:
            yield f"{left} of card fees are borne by nobody."


def balance(account: Account) -> Money:
    """Debits less credits of one account, over all time."""
    sums = Transfer.objects.aggregate(
        debits=Sum("amount", filter=Q(debit=account)),
        credits=Sum("amount", filter=Q(credit=account)),
    )
    return Money((sums["debits"] or 0) - (sums["credits"] or 0), account.currency)
