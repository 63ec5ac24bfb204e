"""Jobs of sponsorships."""

from celery import shared_task

from funding.office import clock
from sponsors.sponsorships import fulfilling, renewing, telling_sponsors, totals, waiting_list


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


@shared_task
def mail_reports() -> None:
    """Final reports of rounds, to those who paid for them."""
    telling_sponsors.mail_reports(now=clock.now())


@shared_task
def offer_seats() -> None:
    """Seats that were kept long enough, and those that came free while somebody waits for one."""
    waiting_list.offer_all(now=clock.now())


@shared_task
def ask_again() -> None:
    """Those who paid for a round, when the next one looks for sponsors."""
    renewing.ask_again()
