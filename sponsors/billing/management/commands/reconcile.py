import sys
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from funding.office import leases
from sponsors.billing import reconciling
from sponsors.billing.models import Finding, Reconciliation


class Command(BaseCommand):
    help = (
        "Compare everything that Stripe lists with our rows, mend what may be mended, list the "
        "rest. Ends with 1 when anything is left that nobody can explain."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--since", type=day, metavar="DATE",
            help="only what was made since that day began (2026-11-22, UTC); of subscriptions all",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            row = reconciling.run(since=options["since"], tell=self.stdout.write)
        except leases.LeaseTaken as taken:
            raise CommandError("Another one is running; its page says how far it is.") from taken
        for finding in row.findings.all():
            self.stdout.write(f"{_mark(finding)} {finding.stripe_id}: {finding.words}")
        self.stdout.write(reconciling.verdict(row))
        if row.status != Reconciliation.Status.DONE or row.findings.unexplained().exists():
            sys.exit(1)


def day(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)


def _mark(finding: Finding) -> str:
    if finding.is_mended:
        return "mended"
    return "ignored" if finding.kind == Finding.STRANGER else "LEFT"
