"""Jobs of programmes."""

from celery import shared_task

from funding.office import clock
from funding.programmes import interest, reminding_applicants


@shared_task
def tell_interested() -> None:
    """Those who wanted to know when a round takes applications."""
    interest.tell(now=clock.now())


@shared_task
def remind_applicants() -> None:
    """Drafts of applications that can be sent for a day or three more."""
    reminding_applicants.remind(now=clock.now())
