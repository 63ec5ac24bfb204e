"""Collecting: which invoices staff look at."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Q

from sponsors.billing import banking
from sponsors.billing.models import (
    SUBJECTS,
    Invoice,
    InvoiceQuerySet,
)

KINDS = {
    "open": "Waited for",
    "overdue": "Overdue",
    "stuck": "Cannot be made",
    "unrecorded": "Money not recorded",
    "not-owed": "Money not owed",
    "written-off": "Written off",
    "all": "All",
}
LONGEST = 80


class Search:
    """One kind of invoice, among them those of a number, a purchase order or a company."""

    kinds = KINDS

    def __init__(self, asked: Mapping[str, str], *, now: datetime) -> None:
        self.now = now
        show = asked.get("show", "open")
        self.show = show if show in KINDS else "open"
        self.words = asked.get("q", "").replace("\x00", "").strip()[:LONGEST]

    @property
    def title(self) -> str:
        return KINDS[self.show]

    def rows(self) -> InvoiceQuerySet:
        """With what they are for, the one that is due first, first."""
        found = self._kind().select_related(*SUBJECTS, "bank_payment")
        if self.words:
            found = found.filter(
                Q(number__icontains=self.words)
                | Q(po_number__icontains=self.words)
                | Q(company__display_name__icontains=self.words)
                | Q(company__legal_name__icontains=self.words)
            )
        return found.order_by("due_at", "-created_at", "-id")

    def _kind(self) -> InvoiceQuerySet:
        rows = Invoice.objects.all()
        return {
            "open": rows.sent(),
            "overdue": rows.overdue(self.now),
            "stuck": rows.without_location(),
            "unrecorded": banking.unrecorded(),
            "not-owed": banking.not_owed(now=self.now),
            "written-off": rows.filter(status="uncollectible"),
            "all": rows,
        }[self.show]
