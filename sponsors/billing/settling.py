"""Settling: of what a payment that arrived is made. So much of it is the project's, so much tax, and what
was not owed is the company's still. Stripe may settle it in another currency than it was billed in:
the project keeps the currency it asked for, and what a rate gains or loses afterwards stays in the
operator's conversion accounts (docs/decisions/0012)."""

from collections.abc import Iterable

from funding.ledger.models import Account, Transfer
from funding.ledger.money import Money, split
from funding.ledger.posting import Leg, Place
from sponsors.billing import crediting, funds
from sponsors.billing.gateway import Json
from sponsors.billing.models import BankPayment, Deferral, Invoice, Payment

Kind = Account.Kind
STRIPE, FEES, CONVERSION = Place(Kind.STRIPE), Place(Kind.FEES), Place(Kind.CONVERSION)


def apportion(payment: Payment, transaction: Json) -> None:
    """Write on the payment, whose amount is known, what its parts are."""
    net, tax = still_due(payment)
    due = min(payment.amount, net + tax)
    payment.net = net_share(due, net, tax)
    payment.surplus = payment.amount - due
    payment.settled_in = transaction["currency"].upper()
    payment.settled = transaction["amount"]


def net_share(amount: int, net: int, tax: int) -> int:
    """What of it is the project's, where so much net and tax is owed."""
    return split(amount, [net, tax])[0] if amount else 0


def still_due(payment: Payment) -> tuple[int, int]:
    """Net and tax of its invoice that nothing else has paid or taken off."""
    invoice = payment.invoice
    if invoice.status == "void":
        return 0, 0
    others = invoice.payments.exclude(balance_transaction=None).exclude(pk=payment.pk)
    bank = BankPayment.objects.agreed().filter(invoice=invoice)
    return _rest(invoice, [*others, *(bank if invoice.paid_outside else ())])


def apportion_outside(bank: BankPayment) -> None:
    """Write on money that came to the bank what its parts are: no more than Stripe has agreed to,
    and than nothing else has paid."""
    invoice = bank.invoice
    net, tax = _rest(invoice, invoice.payments.exclude(balance_transaction=None))
    later = max(net + tax - min(bank.amount, invoice.paid_outside), 0)  # paid through Stripe
    of_later = net_share(later, net, tax)
    bank.net, bank.tax = net - of_later, tax - (later - of_later)


def _rest(invoice: Invoice, paid: Iterable[Payment | BankPayment]) -> tuple[int, int]:
    gone = [(one.net, one.tax) for one in paid]
    if invoice.credited:
        gone += [crediting.before_payment(note) for note in crediting.standing(invoice)]
    net = max(invoice.net - sum(part[0] for part in gone), 0)
    tax = max(invoice.tax - sum(part[1] for part in gone), 0)
    return net, tax


def legs(payment: Payment) -> list[Leg]:
    """Cash in, less the fee; the project's part becomes its own and bears the fee, so that the fees
    account returns to nothing."""
    invoice = payment.invoice
    fee = Money(fee_borne(payment), invoice.currency)
    owes = funds.owes(invoice)
    billed = funds.of(invoice, Kind.BILLED)
    kept = Kind.DEFERRED if is_ahead(payment) else Kind.HELD
    own = funds.of(invoice, kept)
    arrived = payment.money - fee
    return [
        Leg(came_to(payment.settled_in, invoice.currency), owes, arrived),
        Leg(FEES, owes, fee),
        Leg(billed, own, Money(payment.net, invoice.currency)),
        Leg(own, FEES, fee),
        *_exchanged(payment),
    ]


def came_to(settled_in: str, currency: str) -> Place:
    """Where money of the invoice's currency is at Stripe, or what stands for it there."""
    return STRIPE if settled_in == currency else CONVERSION


def is_ahead(payment: Payment) -> bool:
    """Whether it pays for months to come: that of a year, unless another one has done so."""
    invoice = payment.invoice
    ahead = invoice.months > 1
    if not ahead or payment.net <= 0:
        return False
    return not Deferral.objects.filter(invoice=invoice).exists() or _was_ahead(payment)


def _was_ahead(payment: Payment) -> bool:
    """Whether the books have it so: what is written there is not written anew."""
    legs = Transfer.objects.filter(entry__reference=payment.balance_transaction)
    return legs.filter(credit__kind=Kind.DEFERRED).exists()


def fee_borne(payment: Payment) -> int:
    """Stripe's fee in the currency of the invoice."""
    return in_own_currency(payment.fee, payment.amount, payment.settled)


def in_own_currency(fee: int, amount: int, settled: int) -> int:
    """`settled` is what `amount` became; half a minor unit is rounded up."""
    if amount == settled or not settled:
        return fee
    return (2 * fee * amount + settled) // (2 * settled)


def _exchanged(payment: Payment) -> list[Leg]:
    if payment.settled_in == payment.invoice.currency:
        return []
    return [Leg(STRIPE, CONVERSION, Money(payment.settled - payment.fee, payment.settled_in))]
