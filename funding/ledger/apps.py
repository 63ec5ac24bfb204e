from django.apps import AppConfig
from django.db.models.signals import post_migrate

from funding.ledger import guards


class LedgerConfig(AppConfig):
    name = "funding.ledger"
    label = "ledger"
    verbose_name = "Ledger"

    def ready(self) -> None:
        # Django rebuilds SQLite tables and drops their triggers with them, silently.
        post_migrate.connect(guards.install, sender=self)
