"""Jobs of programmes."""

from celery import shared_task

from funding.office import clock
from funding.programmes import reminding


@shared_task
def remind_applicants() -> None:
    """Drafts of applications that can be sent for a day or three more."""
    reminding.remind(now=clock.now())
