"""Renewals: what time brings to money that was paid ahead. Every job finds what is due and not yet
done, does it once, and may run at any time."""

import logging
from datetime import datetime

from django.db import transaction

from funding.ledger import posting
from funding.ledger.models import Account, Entry
from funding.ledger.money import Money
from sponsors.billing import funds, periods
from sponsors.billing.models import Deferral

log = logging.getLogger(__name__)


def release_due(*, now: datetime, most: int = 500) -> int:
    """Move the twelfth of every service month that has passed from deferred to held; returns how
    many months were released."""
    due = Deferral.objects.filter(next_at__lte=now).order_by("next_at", "id")
    return sum(_try(pk, now) for pk in list(due.values_list("pk", flat=True)[:most]))


def _try(deferral_id: int, now: datetime) -> int:
    try:
        return _release(deferral_id, now)
    except Exception:  # noqa: BLE001 - one that cannot be released stops no other
        log.exception("Deferral %s cannot be released", deferral_id)
        return 0


def _release(deferral_id: int, now: datetime) -> int:
    released = 0
    with transaction.atomic():
        rows = Deferral.objects.select_for_update(of=("self",))
        deferral = rows.select_related("invoice__sponsorship").get(pk=deferral_id)
        while deferral.next_at is not None and deferral.next_at <= now:
            _release_month(deferral, deferral.next_at)
            released += 1
        if released:
            funds.touch(deferral.invoice)
    return released


def _release_month(deferral: Deferral, at: datetime) -> None:
    invoice = deferral.invoice
    part = month_parts(deferral.amount, deferral.months)[deferral.released]
    if part:
        posting.post(
            reference=f"{invoice.stripe_id}:month:{deferral.released + 1}",
            kind=Entry.Kind.MONTH_RELEASED,
            occurred_at=at,
            legs=[
                posting.Leg(
                    funds.of(invoice, Account.Kind.DEFERRED),
                    funds.of(invoice, Account.Kind.HELD),
                    Money(part, invoice.currency),
                )
            ],
            memo=f"Month {deferral.released + 1} of {deferral.months}, invoice {invoice}",
        )
    deferral.released += 1
    over = deferral.released == deferral.months
    deferral.next_at = (
        None if over else periods.month_after(deferral.starts_at, deferral.released + 1)
    )
    deferral.save(update_fields=["released", "next_at"])


def month_parts(amount: int, months: int) -> list[int]:
    """An amount in equal months, what is left over in the last."""
    each = amount // months
    return [each] * (months - 1) + [amount - each * (months - 1)]
