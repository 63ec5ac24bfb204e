"""Purchase orders: the number that a company's invoices carry. It is asked for again before each renewal,
while there is time to get one.

Without an answer the next invoice carries the old number: most orders hold for a year or more, and an
invoice with a number that was good yesterday is paid sooner than one without. A company that takes no
invoice without a number has said that the old one is not enough, so its invoice carries none then, and
it is told."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from funding.office.models import Message
from sponsors.billing import calls, gateway, knowing, mail
from sponsors.billing.models import Order, Subscription
from sponsors.companies.models import Company, Paperwork
from sponsors.sponsorships.models import Interval, Sponsorship, Status

log = logging.getLogger(__name__)

ASK_BEFORE = {Interval.YEAR: timedelta(days=21), Interval.MONTH: timedelta(days=10)}
LAST_DAY = timedelta(days=1)  # before the renewal: what is not said by then stands on no invoice
GOES_ON = (Status.ACTIVE, Status.AWAITING_INVOICE, Status.PAST_DUE)


def renews_at(order: Order) -> datetime | None:
    """When the next invoice is made, if it is renewed at all."""
    subscription = Subscription.objects.filter(sponsorship=order.sponsorship_id).first()
    return subscription.period_ends_at if subscription else None


def is_asked_for(order: Order, *, now: datetime) -> bool:
    """Whether the company is asked for the number of the next invoice now."""
    renews = renews_at(order)
    return (
        renews is not None
        and order.sponsorship.status in GOES_ON
        and _matters(order)
        and _is_near(order, renews, now)
        and (order.po_good_for is None or order.po_good_for < renews)
    )


def confirm(order: Order, *, number: str) -> Order:
    """This number stands on the next invoice. It is told to Stripe now, or by the job when Stripe
    does not answer."""
    with transaction.atomic():
        row = Order.objects.select_for_update().get(pk=order.pk)
        row.is_told = row.is_told and row.po_number == number
        row.po_number, row.po_good_for = number, renews_at(row)
        row.save(update_fields=["po_number", "po_good_for", "is_told"])
    try:
        tell(row)
    except gateway.GatewayError as error:
        log.warning("Order %s is not told yet: %s", row.pk, type(error).__name__)
    return row


def take_over_reference(company: Company, reference: str) -> None:
    """The company has another reference of its own; invoices to come carry it."""
    rows = Order.objects.filter(sponsorship__company=company).exclude(reference=reference)
    rows.update(reference=reference, is_told=False)


def tell(order: Order) -> None:
    """Put number and reference on Stripe's subscription. Raises the gateway's errors."""
    subscription = Subscription.objects.filter(sponsorship=order.sponsorship_id).first()
    if order.is_told or subscription is None:
        return
    if subscription.status not in {"canceled", "incomplete_expired"}:
        wanted = knowing.custom_fields(po_number=order.po_number, reference=order.reference)
        calls.ask(
            purpose="set_po_number",
            subject=f"order:{order.pk}",
            do=lambda key: gateway.update_subscription(
                subscription.stripe_id, params=wanted or knowing.NO_FIELDS, key=key
            ),
            harmless=True,
        )
    # Another number may have been given meanwhile: then it is told next.
    same = Order.objects.filter(pk=order.pk, po_number=order.po_number, reference=order.reference)
    same.update(is_told=True)


def tell_all(*, most: int = 100) -> int:
    """Whatever Stripe was not told yet; returns how much there was."""
    rows = list(
        Order.objects.filter(is_told=False, sponsorship__subscription__isnull=False)[:most]
    )
    for order in rows:
        try:
            tell(order)
        except Exception as error:  # noqa: BLE001 - one that cannot be told stops no other
            log.warning("Order %s is not told yet: %s", order.pk, type(error).__name__)
    return len(rows)


def ask(*, now: datetime, most: int = 200) -> int:
    """Mail whoever is to give a number and was not asked yet for this renewal."""
    asked = 0
    for order, renews in _unconfirmed(now, ASK_BEFORE[Interval.YEAR]):
        if not _is_near(order, renews, now) or not _matters(order) or asked >= most:
            continue
        if Message.objects.filter(key=mail.po_asked_key(order, renews)).exists():
            continue
        mail.po_asked(order, renews=renews, required=_is_required(order))
        asked += 1
    return asked


def drop_unconfirmed(*, now: datetime) -> int:
    """On the day before a renewal: a company that takes no invoice without a number, and gave none,
    gets one without, and is told."""
    dropped = 0
    for order, renews in _unconfirmed(now, LAST_DAY):
        if _is_required(order) and order.po_number:
            _drop(order, renews)
            dropped += 1
    return dropped


def _drop(order: Order, renews: datetime) -> None:
    with transaction.atomic():
        row = Order.objects.select_for_update().get(pk=order.pk)
        if row.po_good_for == renews:
            return  # it came this minute
        row.po_number, row.is_told = "", False
        row.save(update_fields=["po_number", "is_told"])
        mail.po_missing(order, renews=renews)


def _unconfirmed(
    now: datetime, before: timedelta, company: Company | None = None
) -> list[tuple[Order, datetime]]:
    """Orders that renew within that time, with when they do, for which no number was confirmed."""
    ends = F("sponsorship__subscription__period_ends_at")
    rows = Order.objects.filter(
        Q(po_good_for=None) | Q(po_good_for__lt=ends),
        sponsorship__status__in=GOES_ON,
        sponsorship__subscription__period_ends_at__gt=now,
        sponsorship__subscription__period_ends_at__lte=now + before,
    )
    if company is not None:
        rows = rows.filter(sponsorship__company=company)
    found = rows.select_related(
        "sponsorship__company__paperwork", "sponsorship__project", "sponsorship__subscription",
        "sponsorship__bought_by",
    )  # fmt: skip
    ends_at = [(order, order.sponsorship.subscription.period_ends_at) for order in found]
    return [(order, renews) for order, renews in ends_at if renews]


def waiting_for(company: Company, *, now: datetime) -> list[Sponsorship]:
    """Those of a company that wait for the number of their next invoice."""
    rows = _unconfirmed(now, ASK_BEFORE[Interval.YEAR], company)
    return [
        order.sponsorship
        for order, renews in rows
        if _is_near(order, renews, now) and _matters(order)
    ]


def _is_near(order: Order, renews: datetime, now: datetime) -> bool:
    return now < renews <= now + ASK_BEFORE[Interval(order.interval)]


def _matters(order: Order) -> bool:
    """A company that never gave a number and insists on none is not asked."""
    return bool(order.po_number) or _is_required(order)


def _is_required(order: Order) -> bool:
    papers: Paperwork | None = getattr(order.sponsorship.company, "paperwork", None)
    return papers is not None and papers.po_required
