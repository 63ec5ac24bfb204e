"""Jobs of programmes. Each finds what is due and not yet done; a lost message costs one sweep."""

from celery import shared_task

from funding.office import clock
from funding.programmes import (
    interest,
    places,
    purging,
    reminding,
    reminding_applicants,
    reminding_organisers,
)


@shared_task
def tell_interested() -> None:
    """Those who wanted to know when a round takes applications."""
    interest.tell(now=clock.now())


@shared_task
def remind_applicants() -> None:
    """Drafts of applications that can be sent for a day or three more."""
    reminding_applicants.remind(now=clock.now())


@shared_task
def sweep_offers() -> None:
    """Offers that ran out, places that may go to who waits, and who should be reminded."""
    now = clock.now()
    places.lapse_all(now=now)
    places.fill_all(now=now)
    places.remind_all(now=now)


@shared_task
def remind_of_checkpoints() -> None:
    reminding.remind(now=clock.now())


@shared_task
def remind_organisers() -> None:
    """Rounds that are over and that nobody has ended."""
    reminding_organisers.remind(now=clock.now())


@shared_task
def purge_applications() -> None:
    """What is due to be deleted, and who is to be told that it will be."""
    now = clock.now()
    purging.announce(now=now)
    purging.purge(now=now)
