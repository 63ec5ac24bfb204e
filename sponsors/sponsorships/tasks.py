"""Jobs of sponsorships."""

from celery import shared_task

from funding.office import clock
from sponsors.sponsorships import totals


@shared_task
def refresh_funding() -> None:
    """Projects whose committed money changed because time passed."""
    totals.refresh_overdue(now=clock.now())
