"""Moving: each balance transaction with which money of a payment went back, or came again, goes into the
books once, in its parts: out of what the project holds, the tax, and what had been paid too much."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from funding.ledger import posting
from funding.ledger.models import Account, Entry
from funding.ledger.money import Money, split
from funding.ledger.posting import Leg, Place
from sponsors.billing import funds, settling, states
from sponsors.billing.gateway import Json
from sponsors.billing.models import Dispute, Invoice, Movement, Payment, Refund

Kind = Account.Kind


def book_all(payment: Payment, refunds: Sequence[Json], disputes: Sequence[Json]) -> None:
    """What Stripe lists of a payment whose rows are written already. The payment is locked by who
    calls, and its own money is in the books."""
    for said in sorted(_said(payment, refunds, disputes), key=lambda one: one.order):
        _book(payment, said)


@dataclass(frozen=True, slots=True)
class Said:
    """A balance transaction, and what of the payment it moved."""

    transaction: Json
    gross: int  # in the payment's currency; less than nothing came again
    kind: Entry.Kind
    refund: Refund | None = None
    dispute: Dispute | None = None

    @property
    def order(self) -> tuple[int, str]:
        return self.transaction["created"], self.transaction["id"]

    @property
    def at(self) -> datetime:
        return states.at(self.transaction["created"])


def _said(payment: Payment, refunds: Sequence[Json], disputes: Sequence[Json]) -> Iterable[Said]:
    rows = {row.stripe_id: row for row in payment.refunds.select_related("credit_note")}
    for said in refunds:
        row = rows[said["id"]]
        if transaction := said.get("balance_transaction"):
            yield Said(transaction, row.amount, Entry.Kind.REFUNDED, refund=row)
        if transaction := said.get("failure_balance_transaction"):
            yield Said(transaction, -row.amount, Entry.Kind.REFUND_FAILED, refund=row)
    known = {row.stripe_id: row for row in payment.disputes.all()}
    for said in disputes:
        dispute = known[said["id"]]
        for transaction in said["balance_transactions"]:
            taken = transaction["amount"] < 0
            kind = Entry.Kind.DISPUTED if taken else Entry.Kind.DISPUTE_REINSTATED
            gross = dispute.amount if taken else -dispute.amount
            if transaction["currency"].upper() == payment.invoice.currency:
                gross = -transaction["amount"]
            yield Said(transaction, gross, kind, dispute=dispute)


def _book(payment: Payment, said: Said) -> None:
    transaction = said.transaction
    if Movement.objects.filter(stripe_id=transaction["id"]).exists():
        return
    net, tax, surplus = _parts(payment, said)
    movement = Movement.objects.create(
        stripe_id=transaction["id"], payment=payment, refund=said.refund, dispute=said.dispute,
        net=net, tax=tax, surplus=surplus,
        fee=settling.in_own_currency(transaction["fee"], abs(said.gross), abs(transaction["amount"])),
        settled_in=transaction["currency"].upper(), settled=-transaction["net"], at=said.at,
    )  # fmt: skip
    if said.refund and said.gross > 0:
        Refund.objects.filter(pk=said.refund.pk).update(tax=tax)
    posting.post(
        reference=movement.stripe_id, kind=said.kind, occurred_at=said.at,
        legs=legs(payment.invoice, movement), memo=f"Invoice {payment.invoice}",
    )  # fmt: skip


def _parts(payment: Payment, said: Said) -> tuple[int, int, int]:
    """Net, tax and surplus of it: what undoes an earlier movement is that one's, turned round."""
    earlier = payment.movements.filter(refund=said.refund, dispute=said.dispute)
    undone = earlier.first() if said.gross < 0 else None
    if undone and undone.gross == -said.gross:
        return -undone.net, -undone.tax, -undone.surplus
    gone = _gone(payment)
    surplus = max(min(said.gross, payment.surplus - gone["surplus"]), 0)
    rest = said.gross - surplus
    note = said.refund.credit_note if said.refund else None
    if note and note.net + note.tax:
        tax = split(rest, [note.net, note.tax])[1]
    else:
        tax = tax_of(payment, rest)
    tax = max(min(tax, max(rest, 0)), min(rest, 0))
    return rest - tax, tax, surplus


def tax_of(payment: Payment, amount: int) -> int:
    """What is tax of so much more of it, so that of all of it all the tax goes back."""
    gone, parts = _gone(payment), [payment.net, payment.tax]
    back = gone["net"] + gone["tax"] + amount
    return (split(back, parts)[1] if sum(parts) and back > 0 else 0) - gone["tax"]


def _gone(payment: Payment) -> dict[str, int]:
    sums = payment.movements.aggregate(net=Sum("net"), tax=Sum("tax"), surplus=Sum("surplus"))
    return {name: amount or 0 for name, amount in sums.items()}


def legs(invoice: Invoice, movement: Movement) -> list[Leg]:
    """Out of what the project holds, the tax and what was paid too much; the project bears the fee.
    What comes again goes the same way back."""
    currency = invoice.currency
    held = funds.of(invoice, Kind.HELD)
    owes = funds.owes(invoice)
    cash = settling.came_to(movement.settled_in, currency)
    sides = [
        (held, cash, movement.net, currency),
        (Place(Kind.TAX), cash, movement.tax, currency),
        (owes, cash, movement.surplus, currency),
        (settling.FEES, cash, movement.fee, currency),
        (held, settling.FEES, movement.fee, currency),
    ]
    if movement.settled_in != currency:
        exchange = (settling.CONVERSION, settling.STRIPE, movement.settled, movement.settled_in)
        sides.append(exchange)
    return [_leg(*side) for side in sides]


def _leg(debit: Place, credit: Place, amount: int, currency: str) -> Leg:
    money = Money(abs(amount), currency)
    return Leg(debit, credit, money) if amount > 0 else Leg(credit, debit, money)
