"""What we know of Stripe's objects, and what we were told and asked. Each Stripe id is unique."""

from sponsors.billing.models.archives import Archive, Printed
from sponsors.billing.models.calls import Call, Event, EventQuerySet
from sponsors.billing.models.comparisons import Finding, Reconciliation
from sponsors.billing.models.invoices import SUBJECTS, Invoice, InvoiceQuerySet
from sponsors.billing.models.payers import (
    Checkout,
    Customer,
    CustomerQuerySet,
    Order,
    Price,
    Subscription,
)
from sponsors.billing.models.payments import BankPayment, Deferral, Payment
from sponsors.billing.models.returns import (
    Asked,
    BankReturn,
    CreditNote,
    Dispute,
    Movement,
    Refund,
)
from sponsors.billing.models.setups import Setup, WrongDraft

__all__ = [
    "Archive", "Asked", "BankPayment", "BankReturn", "Call", "Checkout", "CreditNote", "Customer",
    "CustomerQuerySet", "Deferral", "Dispute", "Event", "EventQuerySet", "Finding", "Invoice",
    "InvoiceQuerySet", "Movement", "Order", "Payment", "Price", "Printed", "Reconciliation",
    "Refund", "SUBJECTS", "Setup", "Subscription", "WrongDraft",
]  # fmt: skip
