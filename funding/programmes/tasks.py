"""Jobs of programmes. Each finds what is due and not yet done; a lost message costs one sweep."""

from celery import shared_task

from funding.office import clock
from funding.programmes import purging, reminding


@shared_task
def remind_of_checkpoints() -> None:
    reminding.remind(now=clock.now())


@shared_task
def purge_applications() -> None:
    """What is due to be deleted, and who is to be told that it will be."""
    now = clock.now()
    purging.announce(now=now)
    purging.purge(now=now)
