"""Pausing: some monthly charges are left out, and then it goes on by itself. Nothing is charged and
nothing counts for the week meanwhile; the seat is held, for three charges at most."""

from datetime import datetime, timedelta

from funding.office import clock
from sponsors.billing import calls, gateway, handlers, periods
from sponsors.billing.gateway import Json
from sponsors.billing.models import Subscription
from sponsors.sponsorships import lifecycle, mail, refusals, seats, words
from sponsors.sponsorships.models import Interval, Sponsorship, Status

MOST_MONTHS = 3
NOTICE = timedelta(days=7)
BEFORE = timedelta(
    days=1
)  # it goes on a day before the first charge, which a job may run late for


def why_not(sponsorship: Sponsorship) -> str:
    """The reason why it cannot be paused now; empty when it can."""
    try:
        insist_may_pause(sponsorship)
    except refusals.Refused as refused:
        return str(refused)
    return ""


def insist_may_pause(sponsorship: Sponsorship) -> None:
    lifecycle.insist_may_ask(sponsorship, Status.PAUSED)
    if sponsorship.interval != Interval.MONTH:
        raise refusals.NotAllowed(
            "A year is paid for at once, so there is nothing to pause. It can be ended, or switched "
            "to monthly when the year is over."
        )
    if seats.live(sponsorship):
        raise refusals.ChangeUnderWay
    refusals.insist_paid_for(sponsorship, now=clock.now())  # else one pause follows upon another


def resumes_at(period_ends_at: datetime, months: int) -> datetime:
    """So that exactly so many charges are left out."""
    return periods.month_after(period_ends_at, months) - BEFORE


def next_charge(sponsorship: Sponsorship) -> datetime | None:
    """When its period ends at Stripe, paid for or not."""
    known = Subscription.objects.filter(sponsorship=sponsorship).first()
    return known.period_ends_at if known else None


def first_charge(sponsorship: Sponsorship) -> datetime | None:
    """Of one that is paused: the first charge that is not left out."""
    ends, goes_on = next_charge(sponsorship), sponsorship.resumes_at
    if ends is None or goes_on is None:
        return None
    dates = (periods.month_after(ends, months) for months in range(MOST_MONTHS + 1))
    # A 31st was the last day of a shorter month meanwhile, and comes back to the 31st.
    at = next((at for at in dates if at + periods.OFF >= goes_on), None)
    return goes_on + BEFORE if at and at < goes_on else at


def plans(sponsorship: Sponsorship) -> list[tuple[int, str]]:
    """How many charges can be left out, and when it then goes on and is charged."""
    ends = next_charge(sponsorship)
    if ends is None:
        return []
    return [(months, _plan(ends, months)) for months in range(1, MOST_MONTHS + 1)]


def _plan(ends: datetime, months: int) -> str:
    on, at = resumes_at(ends, months), periods.month_after(ends, months)
    number = ("One", "Two", "Three")[months - 1]
    return f"{number}: it goes on by itself on {words.day(on)} and is charged on {words.day(at)}"


def pause(sponsorship: Sponsorship, *, months: int) -> Sponsorship:
    """Leave out so many charges. Raises `refusals.Refused` or the gateway's errors."""
    insist_may_pause(sponsorship)
    ends = next_charge(sponsorship)
    assert ends is not None and 1 <= months <= MOST_MONTHS
    until = int(resumes_at(ends, months).timestamp())
    return _ask(sponsorship, {"behavior": "void", "resumes_at": until})


def resume(sponsorship: Sponsorship) -> Sponsorship:
    """Let it go on now; the next charge is when the present period ends."""
    if sponsorship.status != Status.PAUSED:
        raise refusals.NotAllowed("This sponsorship is not paused. Look at it as it is.")
    lifecycle.insist_may_ask(sponsorship, Status.ACTIVE)
    return _ask(sponsorship, "")


def _ask(sponsorship: Sponsorship, wanted: Json | str) -> Sponsorship:
    """Ask, look, and insist that it came about: an answer is not yet a fact."""
    name = Subscription.objects.get(sponsorship=sponsorship).stripe_id
    said = calls.ask(
        purpose="pause" if wanted else "resume",
        subject=f"sponsorship:{sponsorship.pk}",
        do=lambda key: gateway.update_subscription(
            name, params={"pause_collection": wanted}, key=key
        ),
        harmless=True,
    )
    if bool(said["pause_collection"]) != bool(wanted):
        raise gateway.Unknown(f"{name} is not as it was asked to be")
    handlers.refresh(name)
    return Sponsorship.objects.with_parties().get(pk=sponsorship.pk)


def remind(*, now: datetime) -> None:
    """Write to each company whose sponsorship goes on by itself within a week; once for each pause."""
    due = Sponsorship.objects.filter(
        status=Status.PAUSED, resumes_at__gt=now, resumes_at__lte=now + NOTICE
    )
    for sponsorship in due.with_parties().select_related("bought_by"):
        mail.resumes_soon(sponsorship)
