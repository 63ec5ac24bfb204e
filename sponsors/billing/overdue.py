"""Overdue: Stripe says nothing when an invoice that was sent is late, so we look at the days ourselves.
A company is reminded once before an invoice is due, and told once when it is late."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from funding.office.models import Message
from sponsors.billing import handlers, mail
from sponsors.billing.models import Invoice, InvoiceQuerySet
from sponsors.sponsorships.models import ENDED, Status

log = logging.getLogger(__name__)

REMIND_BEFORE = timedelta(days=5)
TOLD_WITHIN = timedelta(days=60)  # of what has been late for longer everybody was told long ago


def note(*, now: datetime, most: int = 200) -> int:
    """Look at every invoice that fell due and of which nobody was told; returns how many are late.
    Of a seat `closing` tells, with its grace."""
    late = Invoice.objects.overdue(now).filter(due_at__gt=now - TOLD_WITHIN, commitment=None)
    return sum(_note_late(invoice) for invoice in _untold(late, mail.overdue_key)[:most])


def remind(*, now: datetime, most: int = 200) -> int:
    """Write once to whoever has an invoice that is due in a few days. One that was sent with so few
    days to pay that its own mail has just arrived is not reminded of."""
    soon = Invoice.objects.sent().filter(due_at__gt=now, due_at__lte=now + REMIND_BEFORE)
    rows = [one for one in _untold(soon, mail.due_soon_key)[:most] if _was_long_enough(one)]
    for invoice in rows:
        mail.due_soon(invoice)
    return len(rows)


def _was_long_enough(invoice: Invoice) -> bool:
    due = invoice.due_at
    return due is not None and due - invoice.created_at > 2 * REMIND_BEFORE


def _untold(rows: InvoiceQuerySet, key: "mail.Key") -> list[Invoice]:
    found = list(rows.with_subjects())
    told = _told(key(one) for one in found)
    return [one for one in found if key(one) not in told]


def _told(keys: Iterable[str]) -> set[str]:
    rows = Message.objects.filter(key__in=list(keys))
    return set(rows.values_list("key", flat=True))


def _note_late(invoice: Invoice) -> int:
    """Look again before anybody is told: it may have been paid a moment ago."""
    try:
        handlers.look_at(invoice)
    except Exception as error:  # noqa: BLE001 - one that cannot be looked up stops no other
        log.warning("%s cannot be looked up: %s", invoice, type(error).__name__)
        return 0
    invoice.refresh_from_db()
    sponsorship = invoice.sponsorship
    if invoice.status != "open" or sponsorship is None:
        return 0
    if sponsorship.status not in {Status.PAST_DUE, *ENDED}:
        return 0
    mail.overdue(invoice)
    return 1
