"""What Stripe pays out to the bank, and takes or gives of its own accord: booked under its balance
transactions, of which no project has a part."""

from funding.ledger import posting
from funding.ledger.models import Account, Entry
from funding.ledger.money import EXPONENTS, Money
from funding.ledger.posting import Leg, Place
from sponsors.billing import states
from sponsors.billing.gateway import Json

STRIPE = Place(Account.Kind.STRIPE)
# Stripe's words for each type: https://docs.stripe.com/reports/balance-transaction-types
FEES = {"stripe_fee", "stripe_fx_fee", "tax_fee", "network_cost", "contribution"}
TO_BANK = {"payout", "payout_cancel", "payout_failure", "topup", "topup_reversal"}


def write_payout(payout: Json) -> None:
    """Out, and back if the bank has refused it; with both balance transactions."""
    for transaction in (payout["balance_transaction"], payout["failure_balance_transaction"]):
        if transaction:
            write(transaction)


def write(transaction: Json) -> bool:
    """Book it unless it is of another kind: false then, and nothing was done."""
    other = _other_side(transaction)
    if other is None or not transaction["net"]:
        return False
    kind, place = other
    money = Money(abs(transaction["net"]), transaction["currency"].upper())
    came = transaction["net"] > 0
    posting.post(
        reference=transaction["id"],
        kind=kind,
        occurred_at=states.at(transaction["created"]),
        legs=[Leg(STRIPE, place, money) if came else Leg(place, STRIPE, money)],
        memo=(transaction["description"] or "")[:200],
    )
    return True


def _other_side(transaction: Json) -> tuple[Entry.Kind, Place] | None:
    """Where it comes from or goes to. A correction of Stripe's own has no source; one that has is
    about a dispute, and belongs to that."""
    type = transaction["type"]
    if transaction["currency"].upper() not in EXPONENTS:
        return None
    if type in TO_BANK:
        return Entry.Kind.PAYOUT, Place(Account.Kind.BANK)
    if type in FEES:
        return Entry.Kind.STRIPE_FEE, Place(Account.Kind.GENERAL)
    if type == "adjustment" and transaction["source"] is None:
        return Entry.Kind.ADJUSTED, Place(Account.Kind.GENERAL)
    return None
