"""Changing: another tier or another interval for a sponsorship that goes on. What is asked is written
down as a `Change`, which holds a seat of its tier while it lives; what it becomes is written when
Stripe says that it is so (`follow`), whoever asked for it and wherever.

More money comes at once and when it is paid; less money, or the other interval, with the period to
come. Deferred months of a yearly payment are not touched: they were paid for."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from funding.accounts.models import User
from funding.ledger.money import Money
from funding.projects.models import Tier
from sponsors.companies.models import Company
from sponsors.sponsorships import lifecycle, mail, refusals, seats, totals
from sponsors.sponsorships.models import (
    Change,
    Interval,
    Move,
    PaysBy,
    Sponsorship,
    Status,
)

AT_STRIPE = "Changed in Stripe’s dashboard"
TAKEN_BACK, TAKEN_BACK_AT_STRIPE = "Taken back", "It was taken back at Stripe"
ENDS = "The sponsorship ends"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants it to become, at the price that they saw."""

    tier: Tier
    interval: Interval
    price: Money


@dataclass(frozen=True, slots=True)
class Quote:
    """What was shown to be charged at once, and the instant for which it was computed."""

    cost: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Billed:
    """What a subscription bills now. `tier_id` is None for a price that is none of ours."""

    tier_id: int | None
    interval: str
    amount: int
    waits: bool = False  # for a payment, to become something else
    planned: bool = False  # to become something else when the period ends
    ends: bool = False


def insist_may_change(sponsorship: Sponsorship, *, now: datetime) -> None:
    """Raises the reason why it cannot become anything else now."""
    if sponsorship.status == Status.PAST_DUE:
        raise refusals.PastDue
    if sponsorship.status != Status.ACTIVE:
        raise refusals.NotAllowed(refusals.FIRST[Status(sponsorship.status)])
    if not sponsorship.project.is_open:
        raise refusals.ProjectNotOpen(f"{sponsorship.project} is archived. Nothing was changed.")
    if seats.live(sponsorship):
        raise refusals.ChangeUnderWay
    if sponsorship.pays_by == PaysBy.CARD:
        refusals.insist_paid_for(sponsorship, now=now)


def comes_at_once(sponsorship: Sponsorship, wish: Wish) -> bool:
    """More money, counted by the same interval, and taken from a card."""
    more = wish.price.amount > sponsorship.amount
    same = wish.interval == sponsorship.interval
    return more and same and sponsorship.pays_by == PaysBy.CARD


def insist_may_become(sponsorship: Sponsorship, wish: Wish) -> None:
    """Raises the reason why it cannot become this, but for a seat."""
    if (wish.tier.pk, wish.interval) == (sponsorship.tier_id, sponsorship.interval):
        raise refusals.SameTerms(f"It is on {wish.tier.name}, {wish.interval}ly, already.")
    refusals.insist_on_offer(
        company=sponsorship.company, tier=wish.tier, interval=wish.interval, price=wish.price
    )
    if wish.tier.pk != sponsorship.tier_id:
        insist_is_only(sponsorship.company, wish.tier)


def insist_is_only(company: Company, tier: Tier) -> None:
    """A company is on a tier once, or on its way to it once."""
    other = Sponsorship.objects.holding_a_seat().filter(company=company, tier=tier).first()
    if other is not None:
        raise refusals.AlreadySponsoring(
            f"{company} sponsors {tier.project} on {tier.name} already.", other
        )
    insist_none_is_coming(company, tier)


def insist_none_is_coming(company: Company, tier: Tier) -> None:
    coming = Change.objects.live().filter(sponsorship__company=company, tier=tier)
    change = coming.exclude(sponsorship__tier=tier).select_related("sponsorship").first()
    if change is not None:
        raise refusals.AlreadySponsoring(
            f"A sponsorship of {company} is to become {tier.name} already.", change.sponsorship
        )


def ask(
    *, sponsorship_id: int, wish: Wish, quote: Quote | None, by: User, now: datetime
) -> Change:
    """Write down what it is to become, and hold a seat for that. A quote is for what comes at
    once. Raises a `Refused` with nothing changed."""
    with transaction.atomic():
        refusals.insist_not_gone(by)
        sponsorship = lifecycle.locked(sponsorship_id)
        insist_may_change(sponsorship, now=now)
        tier = Tier.objects.select_related("project").get(pk=wish.tier.pk)
        wish = Wish(tier, wish.interval, wish.price)
        insist_may_become(sponsorship, wish)
        if tier.pk != sponsorship.tier_id:
            seats.take(tier)
            insist_is_only(sponsorship.company, tier)  # again: whoever took one meanwhile is done
        at_once = comes_at_once(sponsorship, wish)
        if at_once != (quote is not None):
            raise refusals.CostChanged
        return Change.objects.create(
            sponsorship=sponsorship, tier=tier, interval=wish.interval, amount=wish.price.amount,
            tier_name=tier.name, benefits=list(tier.benefits.values("kind", "text", "hours")),
            at_once=at_once, cost=quote.cost if quote else None,
            prorated_at=quote.at if quote else None, asked_by=by, asked_at=now,
            due_at=None if at_once else sponsorship.paid_through,
        )  # fmt: skip


def wait(change: Change, *, until: datetime) -> None:
    """Stripe asks for the money; until it is paid, or gives up, nothing has changed."""
    _mark(change, Change.Status.WAITING, until)


def schedule(change: Change, *, at: datetime) -> None:
    """Stripe has it planned for the period's end. Both sides are told."""
    with transaction.atomic():
        if _mark(change, Change.Status.SCHEDULED, at):
            mail.change_planned(change)


def _mark(change: Change, status: Change.Status, due: datetime) -> bool:
    live = Change.objects.filter(pk=change.pk, status=Change.Status.ASKED)
    return bool(live.update(status=status, due_at=due))


def intend_to_drop(change: Change, *, outcome: str) -> None:
    """Why it will not come about, written down before Stripe is asked: whoever hears first that it
    is gone knows then that nobody need be told. Empty: nothing came of that."""
    Change.objects.live().filter(pk=change.pk).update(outcome=outcome[:160])


def drop(change: Change, *, outcome: str, now: datetime, tell: bool = False) -> None:
    """It does not come about. `tell` writes to the company, which is not looking at a page. The
    maintainers hear that it was taken back if they were told that it was planned."""
    with transaction.atomic():
        sponsorship = lifecycle.locked(change.sponsorship_id)
        live = seats.live(sponsorship)
        if live is None or live.pk != change.pk:
            return
        was_planned = live.status == Change.Status.SCHEDULED
        dropped = seats.drop_change(sponsorship, outcome=outcome, now=now)
        if dropped and tell:
            mail.change_dropped(dropped)
        if dropped and was_planned and outcome in (TAKEN_BACK, TAKEN_BACK_AT_STRIPE):
            mail.change_taken_back(dropped)


def follow(*, sponsorship_id: int, billed: Billed, now: datetime) -> None:
    """Write down what its subscription bills now, and what that makes of what was asked for."""
    with transaction.atomic():
        sponsorship = lifecycle.locked(sponsorship_id)
        if sponsorship.has_ended or sponsorship.since is None:
            return  # what is paid for the first time is what was bought
        change = seats.live(sponsorship)
        if change and _is(sponsorship, change, billed):
            _become(sponsorship, change, now)
        elif change and _is_gone(change, billed):
            why = change.outcome or _why_gone(change, billed)
            drop(change, outcome=why, now=now, tell=not change.outcome)
        if _differs(sponsorship, billed) and not _revive(sponsorship, billed, now):
            _believe(sponsorship, billed, now)


def _is(sponsorship: Sponsorship, change: Change, billed: Billed) -> bool:
    """Whether what is billed is what was asked for."""
    if (billed.interval, billed.amount) != (change.interval, change.amount):
        return False
    if billed.tier_id is None:
        return _differs(sponsorship, billed)
    return billed.tier_id == change.tier_id


def _is_gone(change: Change, billed: Billed) -> bool:
    """Whether Stripe waits for it, or has it planned, no longer."""
    if change.status == Change.Status.WAITING:
        return not billed.waits
    return change.status == Change.Status.SCHEDULED and not billed.planned


def _why_gone(change: Change, billed: Billed) -> str:
    if change.status == Change.Status.WAITING:
        return "It was not paid in time"
    return ENDS if billed.ends else TAKEN_BACK_AT_STRIPE


def _differs(sponsorship: Sponsorship, billed: Billed) -> bool:
    known = billed.amount > 0 and billed.interval in Interval.values
    return known and (billed.interval, billed.amount) != (sponsorship.interval, sponsorship.amount)


def _revive(sponsorship: Sponsorship, billed: Billed, now: datetime) -> bool:
    """It was given up here and paid for at Stripe after all: then it is so, if there is a seat."""
    lost = sponsorship.changes.filter(
        status=Change.Status.DROPPED, tier=billed.tier_id, interval=billed.interval,
        amount=billed.amount,
    ).select_related("tier").first()  # fmt: skip
    if lost is None or seats.live(sponsorship):
        return False
    try:
        with transaction.atomic():
            if lost.tier_id != sponsorship.tier_id:
                seats.take(lost.tier)
                insist_is_only(sponsorship.company, lost.tier)
    except refusals.Refused:
        return False
    _become(sponsorship, lost, now)
    return True


def _become(sponsorship: Sponsorship, change: Change, now: datetime) -> None:
    before = f"{sponsorship.tier_name}, {sponsorship.money} a {sponsorship.interval}"
    was, left = sponsorship.a_month, sponsorship.tier_id
    sponsorship.tier_id, sponsorship.tier_name = change.tier_id, change.tier_name
    sponsorship.benefits = dated(change.benefits, sponsorship.benefits, now)
    _price(sponsorship, change.interval, change.amount)
    if left != change.tier_id:
        seats.give_back(left, project_id=sponsorship.project_id)
    change.status, change.ended_at, change.outcome = Change.Status.DONE, now, ""
    change.save(update_fields=["status", "ended_at", "outcome"])
    after = f"{change.tier_name}, {sponsorship.money} a {sponsorship.interval}"
    _note(sponsorship, f"Changed from {before} to {after}", now)
    totals.refresh(project_id=sponsorship.project_id)
    mail.changed(change, more=sponsorship.a_month > was)


def _believe(sponsorship: Sponsorship, billed: Billed, now: datetime) -> None:
    """Somebody changed the price or the quantity where we were not asked. What is charged is so;
    the tier and what it promised stay, and staff are told."""
    before = f"{sponsorship.money} a {sponsorship.interval}"
    _price(sponsorship, billed.interval, billed.amount)
    after = f"{sponsorship.money} a {sponsorship.interval}"
    _note(sponsorship, f"{AT_STRIPE}: from {before} to {after}", now)
    totals.refresh(project_id=sponsorship.project_id)


def _price(sponsorship: Sponsorship, interval: str, amount: int) -> None:
    sponsorship.interval, sponsorship.amount = interval, amount
    price = Money(amount, sponsorship.currency)
    sponsorship.a_month = lifecycle.a_month(lifecycle.Terms(Interval(interval), price))
    sponsorship.save(
        update_fields=["tier", "tier_name", "benefits", "interval", "amount", "a_month"]
    )


def dated(
    new: list[dict[str, object]], old: list[dict[str, object]], now: datetime
) -> list[dict[str, object]]:
    """What is promised from now on. What was promised before is owed from then on; what is new,
    from today."""
    known = {(one["kind"], one["text"]): one.get("since") for one in old}
    today = now.date().isoformat()
    return [
        {**one, "since": known.get((one["kind"], one["text"]), today)}
        for one in new
    ]  # fmt: skip


def _note(sponsorship: Sponsorship, cause: str, now: datetime) -> None:
    status = sponsorship.status
    Move.objects.create(
        sponsorship=sponsorship, before=status, after=status, at=now, cause=cause[:160]
    )
