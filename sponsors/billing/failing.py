"""Failing: a payment that did not come. Why, in plain words and never in the bank's code; when it is
tried again; the one link that mends it; and the one mail of it. With a new card, what is open is
charged to it at once."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Prefetch, QuerySet

from funding.office import clock
from sponsors.billing import booking, calls, gateway, mail, reasons, states
from sponsors.billing.gateway import Json
from sponsors.billing.models import Customer, Invoice, Payment, Subscription
from sponsors.sponsorships import lifecycle
from sponsors.sponsorships.models import Sponsorship, Status

log = logging.getLogger(__name__)

LAST_WORD = timedelta(days=3)  # before it lapses
SINCE_THE_FIRST = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Failure:
    """What is open of a sponsorship whose payment failed, as its company is told."""

    sponsorship: Sponsorship
    invoice: Invoice
    reason: str
    needs_person: bool
    on_its_way: bool  # nothing is asked of anybody until the bank has answered
    next_try: datetime | None  # None: it is not tried again by itself
    on_invoice: bool  # mended on the invoice's page; else by another card

    @property
    def lapses_at(self) -> datetime | None:
        return self.sponsorship.stands_until


# What pages and mails say


def of(sponsorship: Sponsorship) -> Failure | None:
    return of_all([sponsorship]).get(sponsorship.pk)


def of_all(sponsorships: Iterable[Sponsorship]) -> dict[int, Failure]:
    """By sponsorship, in two questions however many there are."""
    failed = {one.pk: one for one in sponsorships if one.status == Status.PAST_DUE}
    if not failed:
        return {}
    payments = Prefetch("payments", Payment.objects.order_by("id"))
    found = Invoice.objects.awaited().filter(sponsorship__in=failed).prefetch_related(payments)
    newest = found.newest_by_sponsorship()
    return {pk: _read(failed[pk], invoice) for pk, invoice in newest.items()}


def _read(sponsorship: Sponsorship, invoice: Invoice) -> Failure:
    payment = next(iter(list(invoice.payments.all())[-1:]), None)
    reason = reasons.of(payment.failure_code if payment else "")
    needs_person = bool(payment and payment.needs_person)
    again = invoice.next_attempt_at
    tried = again and not (reason.is_final or needs_person) and again > clock.now()
    in_time = again and sponsorship.stands_until and again <= sponsorship.stands_until
    return Failure(
        sponsorship=sponsorship,
        invoice=invoice,
        reason=reasons.NEEDS_PERSON.words if needs_person else reason.words,
        needs_person=needs_person,
        on_its_way=reason == reasons.ON_ITS_WAY,
        next_try=again if tried and in_time and not invoice.is_sent else None,
        on_invoice=bool(invoice.hosted_url) and (needs_person or invoice.is_sent or not again),
    )


# What is looked up, and written down


def tried(subscription: Json) -> list[Json]:
    """The payment intents of what it was tried to charge, and that failed."""
    return [intent for invoice in _open(subscription) for intent in intents(invoice)]


def _open(subscription: Json) -> list[Json]:
    """What is owed of one that is behind: an upgrade that was paid may be newer than the renewal
    that was not."""
    behind = subscription["status"] in {"past_due", "unpaid"} and not states.is_sent(subscription)
    return gateway.open_invoices(subscription["id"]) if behind else []


def intents(invoice: Json) -> list[Json]:
    """With which it was or is to be paid, as they are now."""
    return [
        gateway.payment_intent(payment["payment"]["payment_intent"])
        for payment in invoice["payments"]["data"]
        if payment["payment"]["type"] == "payment_intent"
    ]


def note(*, sponsorship_id: int, intents: Sequence[Json]) -> None:
    """Keep why it failed, and tell the company: once an invoice, however often it is tried."""
    if not intents:
        return
    for payment in Payment.objects.filter(payment_intent__in=[one["id"] for one in intents]):
        intent = next(one for one in intents if one["id"] == payment.payment_intent)
        booking.note_failure(payment, intent)
    sponsorship = Sponsorship.objects.with_parties().get(pk=sponsorship_id)
    failure = of(sponsorship)
    if failure and failure.invoice.attempts and not failure.on_its_way:
        mail.payment_failed(failure.invoice, failure)


# What is done


def charge(customer: Customer, method: str) -> list[str]:
    """Charge what is overdue of this customer to a card that was given since; the subscriptions of
    which something was asked."""
    behind = Subscription.objects.filter(
        customer=customer, is_sent=False, sponsorship__status=Status.PAST_DUE
    )
    names = list(behind.order_by("pk").values_list("stripe_id", flat=True))
    return [name for name in names if _charge(gateway.subscription(name), method)]


def _charge(subscription: Json, method: str) -> bool:
    """A card is asked once: one that failed is left to Stripe's own plan of tries."""
    name = subscription["id"]
    due = [one["id"] for one in _open(subscription) if _may_be_tried(one, method)]
    if due and subscription["default_payment_method"] not in {None, method}:
        # It has a card of its own, which hides the customer's: this is the level that failed.
        calls.ask(
            purpose="use_card",
            subject=name,
            do=lambda key: gateway.update_subscription(
                name, params={"default_payment_method": method}, key=key
            ),
            harmless=True,
        )
    for invoice in due:
        _pay(invoice, method)
    return bool(due)


def _may_be_tried(invoice: Json, method: str) -> bool:
    found = intents(invoice)
    return bool(found) and not any(_is_busy_with(intent, method) for intent in found)


def _pay(invoice: str, method: str) -> None:
    try:
        calls.ask(
            purpose="charge_new_card",
            subject=f"{invoice}:{method}",
            do=lambda key: gateway.pay_invoice(invoice, method=method, key=key),
            look_up=lambda: _if_paid(invoice),
            read=gateway.invoice,
        )
    except gateway.Refused as why:
        # Declined as well, or the bank wants to see somebody: the look at it says so.
        log.info("Invoice %s is not paid with the new card: %s", invoice, why.code)


def _is_busy_with(intent: Json, method: str) -> bool:
    """Whether it is paid or being paid, or failed with this very card."""
    error = intent["last_payment_error"] or {}
    failed = (error.get("payment_method") or {}).get("id")
    return intent["status"] in {"succeeded", "processing"} or method in {
        failed, intent["payment_method"],
    }  # fmt: skip


def _if_paid(invoice_id: str) -> Json | None:
    invoice = gateway.invoice(invoice_id)
    return invoice if invoice["status"] == "paid" else None


def say_last_words(*, now: datetime, most: int = 200) -> int:
    """One more mail three days before it lapses, to who was told some days before; returns to how
    many."""
    due = list(_about_to_lapse(now)[:most])
    failures = of_all(due)
    found = [failures[one.pk] for one in due if one.pk in failures]
    untold = mail.without_last_word([one for one in found if not one.on_its_way])
    return sum(_say_last_word(failure, now) for failure in untold)


def _about_to_lapse(now: datetime) -> QuerySet[Sponsorship]:
    rows = Sponsorship.objects.filter(
        status=Status.PAST_DUE, stands_until__gt=now, stands_until__lte=now + LAST_WORD,
        moves__after=Status.PAST_DUE, moves__at__lte=now - SINCE_THE_FIRST,
    )  # fmt: skip
    return rows.with_parties().order_by("stands_until", "pk").distinct()


def _say_last_word(failure: Failure, now: datetime) -> bool:
    with transaction.atomic():
        sponsorship = lifecycle.locked(failure.sponsorship.pk)
        if sponsorship.status != Status.PAST_DUE:
            return False
        mail.last_word(failure.invoice, failure)
    return True
