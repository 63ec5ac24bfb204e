from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sponsors.billing import connecting


class Command(BaseCommand):
    help = "Make the Stripe account of the settings ready, and say what is wrong or to be set."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            for line in connecting.connect():
                self.stdout.write(line)
        except connecting.CannotConnect as problem:
            raise CommandError(str(problem)) from problem
