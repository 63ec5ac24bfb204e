"""What we know of Stripe's objects, and what we were told and asked. Each Stripe id is unique."""

from sponsors.billing.models.archives import Archive, Printed
from sponsors.billing.models.calls import Call, Event, EventQuerySet
from sponsors.billing.models.comparisons import Finding, Reconciliation
from sponsors.billing.models.invoices import (
    NOT_TAKEN_BACK,
    BankPayment,
    Deferral,
    Invoice,
    InvoiceQuerySet,
    Payment,
)
from sponsors.billing.models.payers import (
    Checkout,
    Customer,
    CustomerQuerySet,
    Order,
    Price,
    Subscription,
)
from sponsors.billing.models.returns import Asked, CreditNote, Dispute, Movement, Refund

__all__ = [
    "NOT_TAKEN_BACK",
    "Archive", "Asked", "BankPayment", "Call", "Checkout", "CreditNote", "Customer",
    "CustomerQuerySet", "Deferral", "Dispute", "Event", "EventQuerySet", "Finding", "Invoice",
    "InvoiceQuerySet", "Movement", "Order", "Payment", "Price", "Printed", "Reconciliation",
    "Refund", "Subscription",
]  # fmt: skip
