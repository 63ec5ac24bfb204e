"""What is held and owed when money went back, and charges to send back."""

from funding.ledger import balances, posting
from funding.ledger.models import Account
from sponsors.billing.models import Payment
from sponsors.sponsorships.models import Sponsorship

Kind = Account.Kind


def held(sponsorship):
    place = posting.project(sponsorship.project_id, Kind.HELD)
    return balances.of(place, sponsorship.currency).amount


def owed(sponsorship):
    place = posting.company(sponsorship.company_id, Kind.RECEIVABLE)
    return balances.of(place, sponsorship.currency).amount


def charge():
    return Payment.objects.order_by("-id")[0].charge


def again():
    return Sponsorship.objects.get()


def pay_once_more(engine, invoice):
    """What Stripe lets happen: a second payment intent is attached to the same invoice."""
    from sandbox import charges, payments

    account = engine.account
    first = account.store.by_id[Payment.objects.get().payment_intent]
    with engine.by_hand():
        second = payments.create_intent(
            account, amount=first["amount"], currency=first["currency"], customer=first["customer"]
        )
        thing = account.new(
            "invoice_payment", "inpay", amount_requested=first["amount"], is_default=False,
            amount_paid=first["amount"], currency=first["currency"], invoice=invoice.stripe_id,
            payment={"payment_intent": second["id"], "type": "payment_intent"}, status="paid",
            status_transitions={"canceled_at": None, "paid_at": account.now()},
            _payment_intent=second["id"],
        )  # fmt: skip
        account.add(thing)
        method = account.store.by_id[first["payment_method"]]
        payments.attempt(account, second, method, off_session=True)
        charges.book(account, second["latest_charge"])
        paid = account.store.by_id[invoice.stripe_id]
        account.emit("invoice.updated", paid)
    engine.deliver()
    return Payment.objects.get(payment_intent=second["id"])
