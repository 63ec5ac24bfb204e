"""What billing holds about a person."""

from collections.abc import Iterator

from funding.accounts.models import User
from sponsors.billing.models import Invoice
from sponsors.companies.models import Company


def hindrances(user: User) -> Iterator[str]:
    """A payment that is to come belongs to a sponsorship, which is asked for itself."""
    yield from ()


def export(user: User) -> dict[str, object]:
    """The invoices of somebody who sponsors as themself; an organisation's are its own."""
    individuals = Company.objects.of(user).filter(kind=Company.Kind.INDIVIDUAL)
    rows = Invoice.objects.filter(company__in=individuals)
    return {
        "invoices": [
            {
                "number": one.number,
                "date": one.created_at,
                "amount": one.total.major,
                "currency": one.currency,
                "status": one.status,
            }
            for one in rows.order_by("created_at", "pk")
        ]
    }


def forget(user: User) -> None:
    """Invoices are papers of the books. They stay, with the name and the address that stood on them:
    the law asks that they be kept as they were sent."""
