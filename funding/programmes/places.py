"""The life of a place: the only writer of its status and of how many places of a round are taken.

    offered → running → done, ended · offered → declined, lapsed

Whoever moves one holds the round's lock, so that of an acceptance and a lapse at the same instant one
comes first, and a place that becomes free goes to one person on the waiting list, once."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from funding.accounts.models import User
from funding.programmes import log, phases, selecting, stipends
from funding.programmes.mail import places as mail
from funding.programmes.models import Application, Checkpoint, Phase, Place, Round
from funding.programmes.refusals import Refused

Status = Place.Status
MOST_AT_ONCE = 100
REMIND_BEFORE = timedelta(days=2)


class NoPlace(Refused):
    """As many are taken as are funded, or the person has a place elsewhere."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What a participant signed: their typed name, under words of which this is the digest, and how
    they are named."""

    name: str
    digest: str
    public_name: str = ""


def of(user: User) -> QuerySet[Place]:
    """This person's own."""
    return Place.objects.filter(user=user).select_related("round__programme", "application__idea")


def digest(agreement: str) -> str:
    """Which words somebody had before them."""
    return hashlib.sha256(agreement.encode()).hexdigest()


def offer(application: Application, round_: Round, *, now: datetime) -> Place:
    """A funded place for who was chosen. Under the round's lock. Raises `NoPlace`."""
    if round_.places_left < 1:
        raise NoPlace("As many places are taken as are funded.")
    if application.user_id is None or has_another(application):
        raise NoPlace(f"The person of application {application.pk} has a place in another round.")
    try:
        with transaction.atomic():
            place = Place.objects.create(
                round=round_, application=application, user_id=application.user_id,
                stipend=round_.call.stipend, currency=round_.call.currency, offered_at=now,
                accept_until=now + timedelta(days=round_.accept_days),
            )  # fmt: skip
    except IntegrityError:
        raise NoPlace(
            f"The person of application {application.pk} got a place in another round just now."
        ) from None
    _take(round_, 1)
    return place


def accept(*, place: Place, by: User, signed: Signature, now: datetime) -> Place:
    """Signed: it is theirs, with its dates and its instalments. Said twice, it changes nothing.
    Raises `Refused`."""
    with transaction.atomic():
        row, round_ = _locked(place, by)
        if row.status == Status.RUNNING:
            return row
        _insist_open(row, now)
        if signed.digest != digest(round_.agreement):
            raise Refused("The agreement was changed while you read it. Read it once more.")
        row.signed_name, row.signed_text = signed.name, round_.agreement
        row.public_name, row.status, row.answered_at = signed.public_name, Status.RUNNING, now
        running = phases.find(round_, Phase.Kind.RUNNING)
        if running is not None:
            row.starts_at, row.ends_at = max(now, running.starts_at), running.ends_at
        row.save()
        stipends.plan(row)
        log.note(round_, by, f"accepted the place of application {row.application_id}")
        mail.accepted(row)
    return row


def decline(*, place: Place, by: User, words: str, now: datetime) -> None:
    """Given back by who was to have it; the next on the waiting list moves up. Said twice, it
    changes nothing. Raises `Refused`."""
    with transaction.atomic():
        row, round_ = _locked(place, by)
        if row.status == Status.DECLINED:
            return
        _insist_open(row, now)
        row.end_reason = words
        _give_back(row, round_, Status.DECLINED, now)
        log.note(round_, by, f"{log.DECLINED} application {row.application_id}")
        mail.declined(row)
        fill(round_, now=now)


def lapse(*, place_id: int, now: datetime) -> bool:
    """Not accepted in time: the next moves up. False when it was answered meanwhile."""
    round_id = Place.objects.values_list("round", flat=True).get(pk=place_id)
    with transaction.atomic():
        round_ = Round.objects.locked(round_id)
        row = _rows(Place.objects.lapsing(now)).filter(pk=place_id).first()
        if row is None:
            return False
        _give_back(row, round_, Status.LAPSED, now)
        log.note(round_, None, f"the offer for application {row.application_id} ran out")
        mail.lapsed(row)
        fill(round_, now=now)
    return True


def fill(round_: Round, *, now: datetime) -> int:
    """Offer what is free to whoever waits, in their order, while taking part still makes sense.
    Whoever has a place elsewhere by now is passed over. Under the round's lock."""
    made = 0
    if not still_offers(round_, now=now):
        return made
    for application in selecting.waiting(round_).select_related("user"):
        if round_.places_left < 1:
            break
        try:
            place = offer(application, round_, now=now)
        except NoPlace:
            continue
        selecting.move_up(application)
        log.note(round_, None, f"offered a place to application {application.pk}, next in line")
        mail.moved_up(place)
        made += 1
    return made


def still_offers(round_: Round, *, now: datetime) -> bool:
    """After the announcement, and until the first checkpoint is due."""
    if round_.announced_at is None or round_.status != Round.Status.OPEN:
        return False
    first = Checkpoint.objects.filter(round=round_).order_by("due_at").first()
    return first is not None and now < first.due_at


def has_another(application: Application) -> bool:
    rows = Place.objects.filter(user=application.user_id, status__in=Place.ACTIVE)
    return rows.exclude(application=application).exists()


def lapse_all(*, now: datetime) -> int:
    ids = list(Place.objects.lapsing(now).values_list("pk", flat=True)[:MOST_AT_ONCE])
    return sum(lapse(place_id=pk, now=now) for pk in ids)


def fill_all(*, now: datetime) -> int:
    """Places that were funded since, or became free while nobody could be asked."""
    rows = Round.objects.filter(
        status=Round.Status.OPEN, announced_at__isnull=False,
        places_taken__lt=F("places_funded"),
        applications__outcome=Application.Outcome.WAITING, applications__status="submitted",
    ).distinct()  # fmt: skip
    made = 0
    for pk in rows.values_list("pk", flat=True)[:MOST_AT_ONCE]:
        with transaction.atomic():
            made += fill(Round.objects.locked(pk), now=now)
    return made


def remind_all(*, now: datetime) -> None:
    """Whoever has not answered and has two days left; the key of the mail lets it go out once."""
    rows = Place.objects.filter(
        status=Status.OFFERED, accept_until__gt=now, accept_until__lte=now + REMIND_BEFORE,
        offered_at__lte=now - timedelta(days=1),
    )  # fmt: skip
    mail.answer_soon(rows.select_related("round__programme", "user"))


def _rows(rows: QuerySet[Place]) -> QuerySet[Place]:
    """Locked, after their round."""
    return rows.select_for_update(of=("self",)).select_related(
        "round__programme", "user", "application"
    )


def _locked(place: Place, by: User) -> tuple[Place, Round]:
    round_ = Round.objects.locked(place.round_id)
    row = _rows(Place.objects.all()).get(pk=place.pk)
    if row.user_id != by.pk:
        raise Refused("This place was not offered to you.")
    return row, round_


def _insist_open(row: Place, now: datetime) -> None:
    if row.round.status != Round.Status.OPEN:
        raise Refused("The round does not come about after all, so there is no place to take.")
    if row.status == Status.LAPSED or (row.status == Status.OFFERED and now >= row.accept_until):
        raise Refused("The offer has run out, and the place goes to the next on the waiting list.")
    if row.status != Status.OFFERED:
        raise Refused("You have answered this offer already.")


def _give_back(row: Place, round_: Round, status: str, now: datetime) -> None:
    row.status, row.answered_at = status, now
    row.save(update_fields=["status", "answered_at", "end_reason"])
    _take(round_, -1)


def _take(round_: Round, change: int) -> None:
    round_.places_taken += change
    round_.save(update_fields=["places_taken"])
