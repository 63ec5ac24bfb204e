import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string


class Command(BaseCommand):
    help = "Derive every figure about money again and compare; a sentence for each that differs."

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for path in settings.BOOK_CHECKS:
            for sentence in import_string(path)():
                count += 1
                self.stdout.write(sentence)
        if count:
            self.stderr.write(f"The books are wrong: {count} breach{'es' * (count > 1)}.")
            sys.exit(1)
        self.stdout.write("The books are right.")
