"""Jobs of programmes."""

from celery import shared_task

from funding.office import clock
from funding.programmes import interest


@shared_task
def tell_interested() -> None:
    """Those who wanted to know when a round takes applications."""
    interest.tell(now=clock.now())
