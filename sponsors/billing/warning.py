"""Warning: what a company is told before it is charged. A yearly renewal 30 and 7 days ahead, a card
before the first renewal that would fail on it.

A notice is due for a stretch of time, not on a day: a run that is missed is made up, and of two
that are due only the later one goes out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet

from funding.ledger.money import Money
from funding.projects.models import Project
from sponsors.billing import mail
from sponsors.billing.models import Invoice, Subscription
from sponsors.sponsorships import lifecycle
from sponsors.sponsorships.models import Change, Interval, Status

NOTICES = (timedelta(days=30), timedelta(days=7))
CARDS_AHEAD = timedelta(days=21)
FINALISED_AFTER = timedelta(hours=1)  # when Stripe charges it
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Renewal:
    """What will be charged: the price then, and the tax that came with the last invoice."""

    at: datetime
    price: Money
    interval: str
    card: str
    last: Invoice | None  # the newest that was paid
    change: Change | None
    is_sent: bool

    @property
    def last_tax(self) -> Money | None:
        return self.last.tax_money if self.last and self.last.tax else None

    @property
    def total(self) -> Money | None:
        """With tax, as it was the last time that the same price was paid."""
        same = self.last and self.last.tax and self.last.net_money == self.price
        return self.last.total if self.last and same else None


def warn_of_renewals(*, now: datetime) -> int:
    """Tell of yearly renewals ahead; returns of how many."""
    return sum(_tell(row, key) for row, key in _untold(_renewing(now), now))


def _renewing(now: datetime) -> QuerySet[Subscription]:
    yearly = Q(sponsorship__interval=Interval.YEAR) | Q(
        sponsorship__changes__status=Change.Status.SCHEDULED,
        sponsorship__changes__interval=Interval.YEAR,
    )
    rows = _going_on().filter(yearly, period_ends_at__gt=now, period_ends_at__lte=now + NOTICES[0])
    to_come = Change.objects.filter(status=Change.Status.SCHEDULED)
    scheduled = Prefetch("sponsorship__changes", to_come, to_attr="to_come")
    return rows.distinct().prefetch_related(scheduled)


def _going_on() -> QuerySet[Subscription]:
    rows = Subscription.objects.filter(
        sponsorship__status=Status.ACTIVE, sponsorship__project__status=Project.Status.PUBLISHED
    )
    return rows.select_related(
        "customer", "sponsorship__company", "sponsorship__project", "sponsorship__bought_by"
    ).order_by("period_ends_at", "pk")


def _untold(rows: Iterable[Subscription], now: datetime) -> Iterator[tuple[Subscription, str]]:
    keys = {_notice_key(row, now): row for row in rows}
    names = list(keys)
    for some in (names[start : start + AT_ONCE] for start in range(0, len(names), AT_ONCE)):
        told = mail.sent(set(some))
        yield from ((keys[key], key) for key in some if key not in told)


def _notice_key(row: Subscription, now: datetime) -> str:
    """Of the last notice whose time has come."""
    assert row.period_ends_at is not None
    ahead = min(notice for notice in NOTICES if row.period_ends_at - notice <= now)
    day = row.period_ends_at.date().isoformat()
    return f"renewal:{row.stripe_id}:{day}:{ahead.days}"


def _tell(row: Subscription, key: str) -> bool:
    with transaction.atomic():
        if lifecycle.locked(row.sponsorship_id).status != Status.ACTIVE:
            return False  # ended just now
        mail.renewal_ahead(row.sponsorship, key=key, renewal=_renewal(row))
    return True


def _renewal(row: Subscription) -> Renewal:
    sponsorship = row.sponsorship
    change: Change | None = next(iter(sponsorship.to_come), None)  # type: ignore[attr-defined]
    paid = Invoice.objects.filter(sponsorship=sponsorship, status="paid").first()
    assert row.period_ends_at is not None
    return Renewal(
        at=row.period_ends_at,
        price=Money(change.amount, sponsorship.currency) if change else sponsorship.money,
        interval=change.interval if change else sponsorship.interval,
        card=row.charged_to[0],
        last=paid,
        change=change,
        is_sent=row.is_sent,
    )


# Cards


def warn_of_cards(*, now: datetime) -> int:
    """Tell of cards that will have expired at the next renewal; returns of how many."""
    rows = _going_on().filter(
        is_sent=False, period_ends_at__gt=now, period_ends_at__lte=now + CARDS_AHEAD
    )
    failing = [row for row in rows if _will_have_expired(row)]
    failing.sort(key=_card)
    return sum(_tell_of_card(list(theirs)) for _, theirs in groupby(failing, key=_card))


def _will_have_expired(row: Subscription) -> bool:
    good_until = row.charged_to[1]
    assert row.period_ends_at is not None
    return good_until is not None and (row.period_ends_at + FINALISED_AFTER).date() > good_until


def _card(row: Subscription) -> tuple[int, str, date]:
    card, good_until = row.charged_to
    assert good_until is not None
    return row.customer_id, card, good_until


def _tell_of_card(rows: list[Subscription]) -> bool:
    """Once for a card and the first renewal that would fail on it; what it pays for besides stands
    in the same mail."""
    (customer, card, good_until), first = _card(rows[0]), rows[0].period_ends_at
    assert first is not None
    key = f"card-expires:{customer}:{card}:{good_until}:{first.date()}"
    if mail.sent({key}):
        return False
    theirs = _going_on().filter(is_sent=False, customer=customer)
    sponsorships = [row.sponsorship for row in theirs if row.charged_to == (card, good_until)]
    with transaction.atomic():
        mail.card_expires(sponsorships, key=key, card=card, renews_at=first)
    return True
