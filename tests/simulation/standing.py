"""What a sponsorship has to be, read from Stripe's own objects by other eyes than the site's."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

from sponsors.billing.models import Subscription
from sponsors.sponsorships.models import Sponsorship, Status
from tests.simulation.town import Town

NOT_PAID = "Not paid in time"  # what the site says to Stripe when it lets one lapse
GRACE = timedelta(days=14)
A_WHILE = timedelta(days=5)  # for an evening's jobs, in any weather


def breaches(town: Town) -> Iterator[str]:
    store = town.engine.account.store
    invoices = defaultdict(list)
    for one in store.kinds["invoice"].values():
        invoices[one.get("_subscription")].append(one)
    rows = Subscription.objects.select_related("sponsorship")
    for row in rows:
        said = expected(store.by_id[row.stripe_id], invoices[row.stripe_id], town.engine.now())
        if row.sponsorship.status not in said:
            wanted = " or ".join(sorted(said))
            yield f"Sponsorship {row.sponsorship_id} is {row.sponsorship.status}, not {wanted}."
    yield from _graces(town)
    known = set(rows.values_list("stripe_id", flat=True))
    for one in store.kinds["subscription"].values():
        if one["id"] not in known and one["status"] in ("active", "past_due"):
            yield f"{one['id']} goes on at Stripe, and nobody here knows it."


def expected(truth: dict, invoices: list[dict], now: int) -> set[str]:
    """What it may be. One that has ended stays what it was found to be, which may have been some
    time after its end: money that came or was given up meanwhile counts or does not."""
    if truth["status"] in ("canceled", "incomplete_expired"):
        return {_over(truth, invoices, moment) for moment in (truth["ended_at"], now)}
    return {_going_on(truth, invoices, now)}


def _over(truth: dict, invoices: list[dict], moment: int) -> str:
    details = truth["cancellation_details"]
    if details["comment"] == NOT_PAID or _is_late(invoices, moment):
        return Status.LAPSED
    if not _ever_paid(invoices, moment):
        return Status.ABANDONED
    return Status.LAPSED if details["reason"] == "payment_failed" else Status.CANCELLED


def _going_on(truth: dict, invoices: list[dict], now: int) -> str:
    sent, paid = truth["collection_method"] == "send_invoice", _ever_paid(invoices, now)
    if truth["status"] == "past_due" and not (sent or paid):
        return Status.PENDING
    if truth["status"] == "past_due" or _is_late(invoices, now):
        return Status.PAST_DUE
    if truth["pause_collection"]:
        return Status.PAUSED
    if not paid:
        waits = sent and bool(invoices)
        return Status.AWAITING_INVOICE if waits else Status.PENDING
    ends = truth["cancel_at_period_end"] or truth["cancel_at"]
    return Status.CANCELLING if ends else Status.ACTIVE


def _ever_paid(invoices: list[dict], moment: int) -> bool:
    times = (one["status_transitions"]["paid_at"] for one in invoices if one["status"] == "paid")
    return any(time <= moment for time in times)


def _is_late(invoices: list[dict], moment: int) -> bool:
    """Whether one that was sent had to be paid by then and was not, or the newest was given up."""
    newest = invoices[-1] if invoices else None
    if newest and newest["due_date"] and _was_given_up(newest, moment):
        return True
    return any(
        one["collection_method"] == "send_invoice"
        and _was_open(one, moment)
        and moment > one["due_date"]
        for one in invoices
    )


def _was_open(invoice: dict, moment: int) -> bool:
    """Then, whatever became of it since."""
    times = invoice["status_transitions"]
    ends = (times["paid_at"], times["voided_at"], times["marked_uncollectible_at"])
    began = times["finalized_at"] is not None and times["finalized_at"] <= moment
    return began and not any(end and end <= moment for end in ends)


def _was_given_up(invoice: dict, moment: int) -> bool:
    """Then, though it may have been paid since."""
    times = invoice["status_transitions"]
    given_up, paid = times["marked_uncollectible_at"], times["paid_at"]
    then = given_up is not None and given_up <= moment and not (paid and paid <= moment)
    return then or invoice["status"] == "uncollectible"


def _graces(town: Town) -> Iterator[str]:
    """Nobody is waited for longer than their grace, and a lapse comes after it."""
    late = Sponsorship.objects.filter(
        status=Status.PAST_DUE, stands_until__lt=town.now() - A_WHILE
    )
    yield from (f"Sponsorship {one.pk} stood until {one.stands_until}." for one in late)
