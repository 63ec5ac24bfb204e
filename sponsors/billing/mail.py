"""Mail about money. Each function puts one message into the outbox; the key lets it go out once."""

from collections.abc import Callable
from datetime import datetime

from funding.office import outbox
from sponsors.billing.models import Invoice, Order
from sponsors.companies.models import Company, Paperwork
from sponsors.sponsorships.models import Sponsorship

Key = Callable[[Invoice], str]


def invoice_sent(invoice: Invoice) -> None:
    """To the billing address and to accounts payable: the invoice, until when, and where to pay."""
    _to_payers(invoice, key=f"invoice-sent:{invoice.stripe_id}", name="invoice_sent")


def due_soon_key(invoice: Invoice) -> str:
    return f"invoice-due-soon:{invoice.stripe_id}"


def due_soon(invoice: Invoice) -> None:
    _to_payers(invoice, key=due_soon_key(invoice), name="invoice_due_soon")


def overdue_key(invoice: Invoice) -> str:
    return f"invoice-overdue:{invoice.stripe_id}"


def overdue(invoice: Invoice) -> None:
    """To the same people and to who bought it: it is late, and what follows from that."""
    _to_payers(
        invoice,
        key=overdue_key(invoice),
        name="invoice_overdue",
        also=[invoice.sponsorship.bought_by.email],
    )


def written_off(invoice: Invoice) -> None:
    """To the company: nobody expects the money any more, and what has ended with it."""
    _to_payers(
        invoice,
        key=f"invoice-written-off:{invoice.stripe_id}",
        name="invoice_written_off",
        also=[invoice.sponsorship.bought_by.email],
    )


def order_failed(sponsorship: Sponsorship) -> None:
    """To who ordered: no invoice could be made, and nothing is owed."""
    outbox.write(
        key=f"order-failed:{sponsorship.pk}",
        recipients=[sponsorship.bought_by.email],
        template="billing/mail/order_failed.txt",
        context={"sponsorship": sponsorship},
    )


def po_asked_key(order: Order, renews: datetime) -> str:
    return f"po-asked:{order.pk}:{renews:%Y-%m-%d}"


def po_asked(order: Order, *, renews: datetime, required: bool) -> None:
    """To who buys and to accounts payable: the next invoice needs its number."""
    _about_order(order, po_asked_key(order, renews), "po_asked", renews, required=required)


def po_missing(order: Order, *, renews: datetime) -> None:
    _about_order(order, f"po-missing:{order.pk}:{renews:%Y-%m-%d}", "po_missing", renews)


def _about_order(
    order: Order, key: str, name: str, renews: datetime, *, required: bool = True
) -> None:
    sponsorship = order.sponsorship
    outbox.write(
        key=key,
        recipients=[*_payers(sponsorship.company), sponsorship.bought_by.email],
        template=f"billing/mail/{name}.txt",
        context={
            "order": order, "sponsorship": sponsorship, "renews": renews, "required": required,
        },
    )  # fmt: skip


def _to_payers(invoice: Invoice, *, key: str, name: str, also: list[str] | None = None) -> None:
    sponsorship = invoice.sponsorship
    outbox.write(
        key=key,
        recipients=[*_payers(sponsorship.company), *(also or [])],
        template=f"billing/mail/{name}.txt",
        context={"invoice": invoice, "sponsorship": sponsorship},
    )


def _payers(company: Company) -> list[str]:
    papers = Paperwork.objects.filter(company=company).first()
    return [company.billing_email, *(papers.addresses if papers else [])]
