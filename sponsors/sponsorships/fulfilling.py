"""Fulfilling: what was promised when a sponsorship was bought becomes something that somebody owes by
a day, and is done once somebody says how."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction

from funding.accounts.models import User
from funding.projects import editing
from sponsors.sponsorships import periods
from sponsors.sponsorships.models import Fulfilment, Sponsorship

A_BATCH = 500
Key = tuple[int, str, str, str]


class AlreadyDone(Exception):
    """Somebody has said so before; nothing was changed."""


class NotOwed(Exception):
    """Nobody owes it any more: the sponsorship stands no longer, or is not to be named."""


def due(*, today: date) -> int:
    """Write down what is due to those who stand and is not there yet, however often it is asked.
    Returns how much was new."""
    now = datetime.combine(today, time(), UTC)
    rows = Sponsorship.objects.standing(now).exclude(first_paid_at=None).exclude(benefits=[])
    made, last = 0, 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:A_BATCH]):
        made += _write_missing(batch, today)
        last = batch[-1].pk
    return made


def mark_done(*, fulfilment_id: int, by: User, proof: str, now: datetime) -> Fulfilment:
    """Raises `AlreadyDone` or `NotOwed`."""
    with transaction.atomic():
        fulfilment = _locked(fulfilment_id, by)
        if fulfilment.done_at:
            raise AlreadyDone(f"“{fulfilment.text}” is done already. Nothing was changed.")
        if not Fulfilment.objects.owed(now).filter(pk=fulfilment_id).exists():
            raise NotOwed(f"“{fulfilment.text}” is not owed any more. Nothing was changed.")
        _write(fulfilment, at=now, by=by, proof=proof)
        project = fulfilment.sponsorship.project
        editing.note(project, by, f"did “{fulfilment.text}” for a sponsor")
    return fulfilment


def undo(*, fulfilment_id: int, by: User, now: datetime) -> Fulfilment:
    """It was not done after all, and is owed as before."""
    with transaction.atomic():
        fulfilment = _locked(fulfilment_id, by)
        if fulfilment.done_at:
            _write(fulfilment, at=None, by=None, proof="")
            project, what = fulfilment.sponsorship.project, f"“{fulfilment.text}” for a sponsor"
            editing.note(project, by, f"took back that {what} was done")
    return fulfilment


def _write_missing(batch: list[Sponsorship], today: date) -> int:
    there: set[Key] = set(
        Fulfilment.objects.filter(sponsorship__in=batch).values_list(
            "sponsorship_id", "kind", "text", "period"
        )
    )
    wanted = {_key(one): one for one in _promised(batch, today)}
    missing = [one for key, one in wanted.items() if key not in there]
    Fulfilment.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


def _promised(batch: Iterable[Sponsorship], today: date) -> Iterator[Fulfilment]:
    """All that the sponsorships were promised up to this day, in the words it was promised in. A
    month that is not paid for is not owed."""
    for sponsorship in batch:
        assert sponsorship.first_paid_at and sponsorship.paid_through
        until = min(today + timedelta(days=1), sponsorship.paid_through.date())
        for benefit in sponsorship.benefits:
            text = benefit["text"]
            since = benefit.get("since")  # promised by a change, not when it was bought
            first = date.fromisoformat(since) if since else sponsorship.first_paid_at.date()
            for each in periods.due(benefit["kind"], first_paid=first, until=until):
                yield Fulfilment(
                    sponsorship=sponsorship, kind=benefit["kind"], text=text,
                    period=each.period, due_on=each.on,
                )  # fmt: skip


def _key(one: Fulfilment) -> Key:
    return one.sponsorship_id, one.kind, one.text, one.period


def _locked(fulfilment_id: int, by: User) -> Fulfilment:
    rows = Fulfilment.objects.select_for_update(of=("self",))
    fulfilment = rows.select_related("sponsorship__project").get(pk=fulfilment_id)
    editing.lock(fulfilment.sponsorship.project, by)
    return fulfilment


def _write(fulfilment: Fulfilment, *, at: datetime | None, by: User | None, proof: str) -> None:
    fulfilment.done_at, fulfilment.done_by, fulfilment.proof = at, by, proof
    fulfilment.save(update_fields=["done_at", "done_by", "proof"])
