"""Jobs of the office: mail, the heartbeat, and rows that nobody needs any more."""

from datetime import timedelta

from celery import shared_task

from funding.office import clock, outbox, pictures, slots
from funding.office.models import Lease, Slot


@shared_task
def send_messages() -> None:
    outbox.send_waiting()


@shared_task
def beat() -> None:
    slots.beat("beat")


@shared_task
def tidy() -> None:
    """Forget leases that ran out, slots of long ago, and pictures that nothing shows."""
    now = clock.machine_now()
    Lease.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()
    Slot.objects.filter(taken_at__lt=now - timedelta(days=400)).delete()
    pictures.forget_unused()
