"""Mail about money. Each function puts one message into the outbox, in the transaction that makes it
true; the key lets it go out once."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from funding.accounts.models import User
from funding.office import outbox
from funding.office.models import Message
from sponsors.billing.models import Dispute, Invoice, Order, Payment, Refund
from sponsors.companies.models import Company, Paperwork
from sponsors.sponsorships.models import Commitment, PaysBy, Sponsorship

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
        also=[invoice.subject.bought_by.email],
    )


def written_off(invoice: Invoice) -> None:
    """To the company: nobody expects the money any more, and what has ended with it."""
    _to_payers(
        invoice,
        key=f"invoice-written-off:{invoice.stripe_id}",
        name="invoice_written_off",
        also=[invoice.subject.bought_by.email],
    )


def says_it_lapsed(invoice: Invoice, *, since: datetime) -> bool:
    """Whether the mail that its sponsorship lapsed was written since then: it says that the invoice
    was written off as well."""
    key = f"lapsed:{invoice.sponsorship_id}"
    told = Message.objects.filter(key=key, written_at__gte=since, body__contains=str(invoice))
    return told.exists()


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
    outbox.write(
        key=key,
        recipients=[*_payers(invoice.company), *(also or [])],
        template=f"billing/mail/{name}.txt",
        context={
            "invoice": invoice,
            "subject": invoice.subject,
            "sponsorship": invoice.sponsorship,
        },
    )


def _payers(company: Company) -> list[str]:
    papers = Paperwork.objects.filter(company=company).first()
    return [company.billing_email, *(papers.addresses if papers else [])]


def refunded(refund: Refund) -> None:
    """To the company: what goes back, for which invoice, when it arrives. And to the maintainers: that
    a payment was given back."""
    _to_company(f"refund:{refund.stripe_id}", "refunded", refund.payment, refund=refund)
    _to_maintainers(f"refund-told:{refund.stripe_id}", refund.payment, refund=refund)


def refund_failed(refund: Refund) -> None:
    """To the company and to the people who run the site: the bank sent it back."""
    _to_company(
        f"refund-failed:{refund.stripe_id}", "refund_failed", refund.payment, refund=refund
    )
    _to_staff(f"refund-failed-staff:{refund.stripe_id}", "refund_failed_staff", refund=refund)


def dispute_opened(dispute: Dispute) -> None:
    """To the people who run the site: what was taken, why, and until when to answer."""
    _to_staff(f"dispute:{dispute.stripe_id}", "dispute_opened", dispute=dispute)


def dispute_took(dispute: Dispute) -> None:
    """To the maintainers: a payment was taken back, whatever comes of it."""
    _to_maintainers(f"dispute-told:{dispute.stripe_id}", dispute.payment, dispute=dispute)


def dispute_closed(dispute: Dispute) -> None:
    """To the people who run the site, and to the maintainers where money had been taken: how it
    ended."""
    key = f"dispute-closed:{dispute.stripe_id}"
    _to_staff(key, "dispute_closed", dispute=dispute)
    if not dispute.is_inquiry:
        _to_maintainers(f"{key}:told", dispute.payment, dispute=dispute, is_over=True)


def _to_company(key: str, name: str, payment: Payment, **context: object) -> None:
    subject = payment.invoice.subject
    outbox.write(
        key=key,
        recipients=[subject.company.billing_email, subject.bought_by.email],
        template=f"billing/mail/{name}.txt",
        context={
            "payment": payment,
            "subject": subject,
            "sponsorship": payment.invoice.sponsorship,
            **context,
        },
    )


def _to_maintainers(key: str, payment: Payment, **context: object) -> None:
    sponsorship = payment.invoice.sponsorship
    if sponsorship is None:
        return  # who runs a programme sees it in the diary of its call
    people = sponsorship.project.maintainers.select_related("user")
    outbox.write(
        key=key,
        recipients=[person.user.email for person in people],
        template="billing/mail/taken_back.txt",
        context={"payment": payment, "sponsorship": sponsorship, **context},
    )


def _to_staff(key: str, name: str, **context: object) -> None:
    staff = User.objects.filter(is_staff=True, is_active=True)
    outbox.write(
        key=key,
        recipients=list(staff.values_list("email", flat=True)),
        template=f"billing/mail/{name}.txt",
        context=context,
    )


# What failed, and what is told ahead


class _OfInvoice(Protocol):
    @property
    def invoice(self) -> Invoice: ...


Failure = TypeVar("Failure", bound=_OfInvoice)


def payment_failed(invoice: Invoice, failure: object) -> None:
    """To the company: it could not be taken, why, and the link that mends it. Once an invoice."""
    _of_failure("payment_failed", f"payment-failed:{invoice.stripe_id}", invoice, failure)


def last_word(invoice: Invoice, failure: object) -> None:
    """To the company: in some days it ends, unless it is paid."""
    _of_failure("last_word", _last_word_key(invoice), invoice, failure)


def without_last_word(failures: Sequence[Failure]) -> list[Failure]:
    """Those whose company has not had its last word yet."""
    told = sent({_last_word_key(one.invoice) for one in failures})
    return [one for one in failures if _last_word_key(one.invoice) not in told]


def _last_word_key(invoice: Invoice) -> str:
    return f"last-word:{invoice.stripe_id}"


def _of_failure(name: str, key: str, invoice: Invoice, failure: object) -> None:
    outbox.write(
        key=key,
        recipients=_people(invoice.subject),
        template=f"billing/mail/{name}.txt",
        context={"sponsorship": invoice.subject, "invoice": invoice, "failure": failure},
    )


def renewal_ahead(sponsorship: Sponsorship, *, key: str, renewal: object) -> None:
    """To the company: what will be charged, when and to which card, and how to change or end it."""
    outbox.write(
        key=key,
        recipients=_people(sponsorship),
        template="billing/mail/renewal_ahead.txt",
        context={"sponsorship": sponsorship, "renewal": renewal},
    )


def card_expires(
    sponsorships: Sequence[Sponsorship], *, key: str, card: str, renews_at: datetime
) -> None:
    """To the company: the card will have expired when it is to be charged next."""
    recipients = {address for one in sponsorships for address in _people(one)}
    outbox.write(
        key=key,
        recipients=sorted(recipients),
        template="billing/mail/card_expires.txt",
        context={
            "sponsorship": sponsorships[0], "sponsorships": sponsorships, "card": card,
            "renews_at": renews_at,
        },
    )  # fmt: skip


def sent(keys: set[str]) -> set[str]:
    """Those among the keys under which something was written."""
    return set(Message.objects.filter(key__in=keys).values_list("key", flat=True))


def _people(sponsorship: Sponsorship | Commitment) -> list[str]:
    """Who bought it, and who pays: with accounts payable where invoices are sent."""
    company, by = sponsorship.company, sponsorship.bought_by.email
    sent_to = (
        _payers(company) if sponsorship.pays_by == PaysBy.INVOICE else [company.billing_email]
    )
    return [*sent_to, by]
