from typing import Any

from django.core.management.base import BaseCommand

from funding.ledger import rollups


class Command(BaseCommand):
    help = "Make the monthly sums of every account anew from the transfers."

    def handle(self, *args: Any, **options: Any) -> None:
        rollups.rebuild()
        self.stdout.write("Rebuilt.")
