"""What must never be false of a programme's seats and their money, asked anew from every row."""

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Count, F, Q, QuerySet

from funding.ledger import balances, posting
from funding.ledger.models import Account, Entry, Transfer
from funding.ledger.money import Money
from funding.programmes.models import FundingCall, Outlay
from sponsors.billing import settling, unsettled
from sponsors.billing.models import BankPayment, BankReturn, Invoice, Movement, Payment
from sponsors.sponsorships.models import Commitment, CommitmentStatus

Kind = Account.Kind
NOT_OWED = ("void", "draft")
WENT = (Entry.Kind.CALL_FEES, Entry.Kind.REMAINDER)


def breaches() -> Iterator[str]:
    yield from _before_a_decision()
    yield from _billed_twice()
    yield from _paid()
    yield from _accounts()


def _before_a_decision() -> Iterator[str]:
    for invoice in Invoice.objects.filter(commitment__due_at=None, commitment__isnull=False):
        yield (
            f"Invoice {invoice} was made for commitment {invoice.commitment_id}, whose call was not "
            "decided for it: void it, and give back what was paid."
        )


def _billed_twice() -> Iterator[str]:
    billed = Count("invoices", filter=~Q(invoices__status__in=NOT_OWED))
    rows = Commitment.objects.annotate(billed=billed).filter(billed__gt=1)
    for pk, count in rows.values_list("pk", "billed"):
        yield f"Commitment {pk} is billed by {count} invoices."


def _paid() -> Iterator[str]:
    """A seat is paid when its invoice is, and that was not given back as a whole."""
    kept = Q(invoices__returned__lt=F("invoices__net") + F("invoices__tax"))
    of_paid = Count("invoices", filter=Q(invoices__status="paid") & kept)
    rows = Commitment.objects.annotate(paid=of_paid)
    for pk in rows.filter(status=CommitmentStatus.PAID, paid=0).values_list("pk", flat=True):
        yield f"Commitment {pk} says that it is paid, and no invoice of it is."
    for pk in rows.filter(status=CommitmentStatus.DUE, paid__gt=0).values_list("pk", flat=True):
        yield f"Commitment {pk} waits for money, and its invoice is paid."


def _accounts() -> Iterator[str]:
    """What each round holds is what came in, less what went back, was paid out and went on."""
    for call in FundingCall.objects.exclude(opened_at=None).select_related("round__programme"):
        expected = Money(_expected(call), call.currency)
        told = balances.of(posting.round(call.round_id, Kind.HELD), call.currency)
        if told != expected:
            yield f"Round {call.round_id} holds {told.exact} in the books, and it is {expected.exact}."
        if call.state == FundingCall.State.FAILED and call.settled_at and told:
            yield f"The call of round {call.round_id} has failed, and {told.exact} is left of it."
        if call.cleared_at and told.amount > unsettled.promised(call):
            yield f"Round {call.round_id} is done and cleared, and holds {told.exact}."


def _expected(call: FundingCall) -> int:
    owner = f"round:{call.round_id}"
    parts: dict[str, int] = defaultdict(int)
    payments = Payment.objects.filter(invoice__fund=owner, balance_transaction__isnull=False)
    for payment in payments.select_related("invoice"):
        parts["in"] += payment.net - settling.fee_borne(payment)
    for movement in Movement.objects.filter(payment__invoice__fund=owner):
        parts["back"] += movement.net + movement.fee
    parts["bank"] = sum(
        bank.net for bank in BankPayment.objects.agreed().filter(invoice__fund=owner)
    )
    returns = BankReturn.objects.sent().filter(bank_payment__invoice__fund=owner)
    parts["back"] += returns.together()[0]
    outlays = Outlay.objects.filter(round=call.round_id, taken_back=None, currency=call.currency)
    parts["out"] = sum(outlays.values_list("amount", flat=True))
    parts["moved"] = _moved(owner)
    return parts["in"] - parts["back"] + parts["bank"] - parts["out"] + parts["moved"]


def _moved(owner: str) -> int:
    """Carried in, borne for it, or gone on."""
    rows = Transfer.objects.filter(entry__kind__in=[*WENT, Entry.Kind.CARRIED])
    came, went = rows.filter(credit__owner=owner), rows.filter(debit__owner=owner)
    return _sum(came) - _sum(went)


def _sum(rows: QuerySet[Transfer]) -> int:
    return sum(rows.values_list("amount", flat=True))
