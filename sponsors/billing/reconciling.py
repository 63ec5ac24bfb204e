"""Reconciling: everything that Stripe lists is compared with our rows, mended where looking it up
again mends it, and written down where it does not. By lists of a hundred; a look-up only for what
differs. One run at a time; one that dies is marked by the next, which begins anew. Running it again
changes nothing, and nobody gets mail about what happened long ago."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from funding.office import clock, leases, slots
from sponsors.billing import combing, gateway, tallying
from sponsors.billing.models import Finding, Reconciliation

MOST_SHOWN, MOST_RUNS = 500, 20
DONE = Reconciliation.Status.DONE
NIGHT = 2  # o'clock, UTC
LEASE = combing.LEASE
OVERLAP = timedelta(hours=48)


def ask_for(*, since: datetime | None, every_subscription: bool = True) -> Reconciliation:
    """It waits to be run. Of subscriptions all that there are, or only those made since."""
    return Reconciliation.objects.create(
        since=since, every_subscription=every_subscription, started_at=clock.now()
    )


def ask_once() -> None:
    """Of everything from the beginning, unless one that looks at everything waits already."""
    waiting = Reconciliation.objects.filter(status=Reconciliation.Status.WAITING, since=None)
    if not waiting.filter(every_subscription=True).exists():
        ask_for(since=None)


def run_waiting() -> Reconciliation | None:
    """The one that has waited longest, unless another is running."""
    waiting = Reconciliation.objects.filter(status=Reconciliation.Status.WAITING).order_by("id")
    if not waiting.exists():
        return None
    try:
        with leases.held(LEASE) as token:
            row = waiting.first()
            return row and _run(row, token, lambda line: None)
    except leases.LeaseTaken:
        return None


def run(
    *, since: datetime | None, every_subscription: bool = True, tell: Callable[[str], object]
) -> Reconciliation:
    """At once, telling how far it is. Raises `leases.LeaseTaken` while another runs."""
    with leases.held(LEASE) as token:
        row = ask_for(since=since, every_subscription=every_subscription)
        return _run(row, token, tell)


def ask_as_timetabled(*, now: datetime) -> None:
    """Each night what was made since the last time; once a week every subscription as well."""
    if now.hour < NIGHT:
        return
    with transaction.atomic():
        tonight = slots.take("reconcile-nightly", f"{now:%Y-%m-%d}")
        this_week = slots.take("reconcile-weekly", f"{now:%G-W%V}")
        if tonight or this_week:
            ask_for(since=since_last_time(), every_subscription=this_week)


def since_last_time() -> datetime | None:
    """From when on another run has to look: two days before the last that came to its end."""
    done = last_done()
    return done.started_at - OVERLAP if done else None


def _run(row: Reconciliation, token: str, tell: Callable[[str], object]) -> Reconciliation:
    _mark_dead(row)
    row.status, row.started_at = Reconciliation.Status.RUNNING, clock.now()
    row.save(update_fields=["status", "started_at"])
    try:
        combing.Comb(row, token, tell).everything()
        row.status = Reconciliation.Status.DONE
    except leases.LeaseLost:
        return row  # somebody else runs, and has marked this one
    except (gateway.GatewayError, combing.TooMuchDiffers) as trouble:
        row.status = Reconciliation.Status.BROKEN_OFF
        row.trouble = f"{type(trouble).__name__}: {trouble}"[:300]
    row.finished_at = clock.now()
    row.save()
    return row


def _mark_dead(row: Reconciliation) -> None:
    """We have the lease, so whatever says that it is running has died."""
    running = Reconciliation.objects.filter(status=Reconciliation.Status.RUNNING)
    running.exclude(pk=row.pk).update(
        status=Reconciliation.Status.BROKEN_OFF, trouble="It died in the middle."
    )


def newest(run_id: int | None = None) -> Reconciliation | None:
    """The run of that number, or the last that was asked for."""
    rows = Reconciliation.objects.all()
    return rows.filter(pk=run_id).first() if run_id else rows.first()


def needing_somebody(*, now: datetime) -> int:
    """What the last run that came to its end left unexplained; 1 when none has for two nights."""
    done = last_done()
    if is_missing(now=now):
        return 1
    return done.findings.unexplained().count() if done else 0


def last_done() -> Reconciliation | None:
    """The last run that came to its end."""
    return Reconciliation.objects.filter(status=DONE).first()


def is_missing(*, now: datetime) -> bool:
    """Whether runs were asked for, and none has come to its end for two nights."""
    done = last_done()
    return Reconciliation.objects.exists() if done is None else done.started_at < now - OVERLAP


@dataclass(frozen=True, slots=True)
class Side:
    """One currency: what Stripe says, what the books say, and what nobody can explain."""

    currency: str
    stripe: str
    books: str
    difference: str


class Report:
    """What a run has found, for its page."""

    def __init__(self, row: Reconciliation | None) -> None:
        self.row = row
        done = last_done()
        self.last_done = done.started_at if done else None
        findings = row.findings if row else Finding.objects.none()
        self.verdict = verdict(row) if row else ""
        self.left = findings.unexplained()[:MOST_SHOWN]
        self.mended = findings.filter(is_mended=True)[:MOST_SHOWN]
        self.strangers = findings.filter(kind=Finding.STRANGER)[:MOST_SHOWN]
        self.is_well = row is not None and row.status == DONE and not self.left
        under_way = Reconciliation.objects.filter(status__in=("waiting", "running"))
        self.is_under_way = under_way.exists()
        self.is_missing = is_missing(now=clock.now()) and not self.is_under_way
        self.earlier = [(one, verdict(one)) for one in Reconciliation.objects.all()[:MOST_RUNS]]

    @property
    def sides(self) -> list[Side]:
        balances = self.row.balances if self.row else {}
        return [
            Side(
                currency,
                tallying.written(one["stripe"], currency),
                tallying.written(one["books"], currency),
                tallying.written(one["stripe"] - one["books"], currency),
            )
            for currency, one in sorted(balances.items())
        ]

    @property
    def looked_at(self) -> list[tuple[str, int]]:
        looked_at = self.row.looked_at if self.row else {}
        return [(name.replace("_", " ").capitalize(), count) for name, count in looked_at.items()]


def verdict(row: Reconciliation) -> str:
    """In a sentence, for whoever has only a moment."""
    match row.status:
        case Reconciliation.Status.WAITING:
            return "It waits, and begins within half a minute."
        case Reconciliation.Status.RUNNING:
            return "It is running."
        case Reconciliation.Status.BROKEN_OFF:
            return f"It was broken off. {row.trouble}"
    left, mended = row.findings.unexplained().count(), row.findings.filter(is_mended=True).count()
    also = f" {mended} {'was' if mended == 1 else 'were'} mended." if mended else ""
    if left == 1:
        return f"One difference is left that needs somebody.{also}"
    if left:
        return f"{left} differences are left that need somebody.{also}"
    if mended:
        return f"Stripe and the books agree to the cent, after {mended} differences were mended."
    return "Stripe and the books agree to the cent."
