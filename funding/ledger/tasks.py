"""Jobs of the ledger."""

from celery import shared_task

from funding.ledger import rollups


@shared_task
def fold_rollups() -> None:
    rollups.fold()
