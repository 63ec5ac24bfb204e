"""Invoices and credit notes as rows, for tests of what is on paper."""

from datetime import timedelta
from itertools import count

from sponsors.billing.models import CreditNote, Dispute, Invoice, Payment, Refund
from sponsors.sponsorships.models import Sponsorship, Status
from tests import factories, world

_numbers = count(1)
PAPER = {
    "seller": {"name": "Seller Ltd", "lines": ["1 Rope Walk"], "tax_id": "GB 1", "email": "s@x.org"},
    "customer": {"name": "Kestrel Bank plc", "lines": ["12 Long Street"], "tax_ids": ["GB999"]},
    "fields": [["PO number", "4500018823"], ["Reference", "CC 2210"]],
    "lines": [{"text": "Harbour: Gold", "amount": 10000, "starts": 1767607200, "ends": 1770285600}],
    "taxes": [{"amount": 2000, "rate": "20", "reason": "standard_rated"}],
    "from_credit": 0,
}  # fmt: skip


def sponsorship(company=None, **values):
    tier = factories.tier(factories.project(currency=values.get("currency", "GBP")))
    company = company or factories.company()
    return Sponsorship.objects.create(
        company=company, project=tier.project, tier=tier, status=Status.ACTIVE,
        bought_by=company.memberships.get().user, interval="month", amount=10000, a_month=10000,
        tier_name=tier.name, created_at=world.BEGINNING, **{"currency": "GBP", **values},
    )  # fmt: skip


def invoice(company=None, *, of=None, paper=None, **values):
    """Paid on its day, with VAT of a fifth, unless something else is said."""
    number = next(_numbers)
    at = values.get("created_at", world.BEGINNING)
    defaults = {
        "stripe_id": f"in_{number}", "number": f"KES-{number:04}", "status": "paid",
        "currency": "GBP", "net": 10000, "tax": 2000, "created_at": at, "paid_at": at,
        "period_starts_at": at, "period_ends_at": at + timedelta(days=31),
        "hosted_url": f"https://invoice.stripe.com/i/{number}",
        "paper": PAPER if paper is None else PAPER | paper,
    }  # fmt: skip
    of = of or sponsorship(company, currency=values.get("currency", "GBP"))
    return Invoice.objects.create(
        sponsorship=of, company=of.company, fund=of.fund, **{**defaults, **values}
    )


def to_be_paid(company=None, *, days=30, **values):
    """Sent, and due after so many days."""
    due = world.BEGINNING + timedelta(days=days)
    sent = {"status": "open", "paid_at": None, "is_sent": True, "due_at": due}
    return invoice(company, **{**sent, **values})


def credit_note(invoice, **values):
    number = next(_numbers)
    defaults = {
        "stripe_id": f"cn_{number}", "invoice": invoice, "number": f"{invoice.number}-CN-{number}",
        "status": "issued", "net": 5000, "tax": 1000, "created_at": world.BEGINNING,
    }  # fmt: skip
    return CreditNote.objects.create(**{**defaults, **values})


def payment(invoice, *, refunds=(), disputes=()):
    """What paid it, and what went back: days of refunds, and a day and a state of each dispute."""
    number = next(_numbers)
    paid = Payment.objects.create(
        payment_intent=f"pi_{number}", invoice=invoice, amount=invoice.total.amount,
        settled_at=invoice.paid_at,
    )  # fmt: skip
    for day in refunds:
        Refund.objects.create(
            stripe_id=f"re_{next(_numbers)}", payment=paid, amount=1200, status="succeeded",
            created_at=day,
        )  # fmt: skip
    for day, status in disputes:
        Dispute.objects.create(
            stripe_id=f"du_{next(_numbers)}", payment=paid, amount=12000, status=status,
            reason="fraudulent", opened_at=day,
        )  # fmt: skip
    return paid
