"""Mail about the money of a programme's seats. Each function puts one message into the outbox, in the
transaction that makes it true; the key lets it go out once. Nobody is told who else sponsors."""

from collections.abc import Sequence

from funding.office import outbox
from funding.programmes.models import FundingCall
from sponsors.billing.models import BankReturn, Invoice
from sponsors.companies.models import Company, Paperwork
from sponsors.sponsorships import mail
from sponsors.sponsorships.models import Commitment, PaysBy, Waiting


def decided(commitment: Commitment) -> None:
    """To the company: the round comes about, and how its seat is paid."""
    _to_company("seat-decided", "seat_decided", commitment)


def paid(commitment: Commitment, *, invoice: Invoice) -> None:
    """To the company: it is paid, with the invoice as a PDF."""
    _to_company("seat-paid", "seat_paid", commitment, invoice=invoice)


def not_paid(commitment: Commitment, *, invoice: Invoice | None, reason: str) -> None:
    """To the company: why, until when it can be mended, and the link that mends it. Once a seat."""
    context = {"invoice": invoice, "reason": reason}
    _to_company("seat-not-paid", "seat_not_paid", commitment, **context)


def lost(commitment: Commitment) -> None:
    """To the company: its grace is over, the seat is free for the next, nothing is owed."""
    _to_company("seat-lost", "seat_lost", commitment)


def sent_back(row: BankReturn) -> None:
    """To the company: what it had paid by bank was sent back by bank, when and why."""
    invoice = row.bank_payment.invoice
    if commitment := invoice.commitment:
        _to_company(
            f"seat-sent-back-{row.pk}", "seat_sent_back", commitment, row=row, invoice=invoice
        )


def failed(call: FundingCall, promised: Sequence[Commitment], *, was_decided: bool) -> None:
    """To everybody who stood behind it until then, as they did then, or waits: the round does not come
    about, and nobody pays for it. Once a company."""
    for commitment in promised:
        people = _people(commitment)
        _failed(call, commitment.company, people, commitment, was_decided=was_decided)
    waiting = Waiting.objects.waiting().filter(call=call).select_related("company", "user")
    for one in waiting:
        people = mail.about_seats(one.company, by=one.user)
        _failed(call, one.company, people, None, was_decided=was_decided)


def _failed(
    call: FundingCall,
    company: Company,
    people: list[str],
    commitment: Commitment | None,
    *,
    was_decided: bool,
) -> None:
    outbox.write(
        key=f"call-failed:{call.pk}:{company.pk}",
        recipients=people,
        template="billing/mail/call_failed.txt",
        context={
            "call": call, "company": company, "commitment": commitment, "was_decided": was_decided,
        },
    )  # fmt: skip


def _to_company(key: str, name: str, commitment: Commitment, **more: object) -> None:
    outbox.write(
        key=f"{key}:{commitment.pk}",
        recipients=_people(commitment),
        template=f"billing/mail/{name}.txt",
        context={"commitment": commitment, "round": commitment.call.round, **more},
    )


def _people(commitment: Commitment) -> list[str]:
    """Accounts payable as well, where invoices are sent."""
    company = commitment.company
    papers = Paperwork.objects.filter(company=company).first()
    is_sent = commitment.pays_by == PaysBy.INVOICE
    theirs = mail.about_seats(company, by=commitment.accepted_by)
    return [*theirs, *(papers.addresses if papers and is_sent else [])]
