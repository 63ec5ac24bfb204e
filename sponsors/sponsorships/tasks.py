"""Jobs of sponsorships."""

from celery import shared_task

from funding.office import clock
from sponsors.sponsorships import lifecycle


@shared_task
def refresh_funding() -> None:
    """Projects whose committed money changed because time passed."""
    lifecycle.refresh_overdue(now=clock.now())
