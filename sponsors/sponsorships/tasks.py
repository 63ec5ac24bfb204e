"""Jobs of sponsorships."""

from celery import shared_task

from funding.office import clock
from sponsors.sponsorships import fulfilling, telling_sponsors, totals


@shared_task
def refresh_funding() -> None:
    """Projects whose committed money changed because time passed."""
    totals.refresh_overdue(now=clock.now())


@shared_task
def note_what_is_due() -> None:
    """What was promised and has to be done by a day."""
    fulfilling.due(today=clock.today())


@shared_task
def mail_updates() -> None:
    telling_sponsors.mail_due(now=clock.now())
