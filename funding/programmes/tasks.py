"""Jobs of programmes. Each finds what is due; a lost message costs one sweep."""

from celery import shared_task

from funding.office import clock
from funding.programmes import places


@shared_task
def sweep_offers() -> None:
    """Offers that ran out, places that may go to who waits, and who should be reminded."""
    now = clock.now()
    places.lapse_all(now=now)
    places.fill_all(now=now)
    places.remind_all(now=now)
