"""Slots: what may happen once in a period happens once, however many beats and workers there are."""

from datetime import timedelta

from django.db import IntegrityError, transaction

from funding.office import clock
from funding.office.models import Heartbeat, Slot


def take(job: str, period: str) -> bool:
    """True for the first who asks for this job and period, False for everybody after."""
    try:
        with transaction.atomic():
            Slot.objects.create(job=job, period=period, taken_at=clock.machine_now())
    except IntegrityError:
        return False
    return True


def beat(name: str) -> None:
    """Leave a sign of life."""
    Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": clock.machine_now()})


def last_beat_within(name: str, age: timedelta) -> bool:
    return Heartbeat.objects.filter(name=name, beat_at__gte=clock.machine_now() - age).exists()
