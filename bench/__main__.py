"""scripts/bench NAME: see `--help`."""

import argparse
import os
import sys
import tempfile
from importlib import import_module

import django

NAMES = {
    "page": "a project's page for those who are not signed in: kept, not sent again, and rendered",
    "directory": "the directory of 5,000 projects: its first page, filtered and searched",
    "webhook": "Stripe's events: taken in and kept, and looked up and booked",
    "ledger": "the books: entries a second, a month by account, everything checked again",
    "renewals": "a day on which very many sponsorships renew",
    "programme": "two hundred companies that press one button at once for three seats",
    "applications": "a thousand applications of a round: listed, ranked, exported",
    "reconcile": "comparing very many subscriptions with Stripe's lists",
}


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        epilog=" · ".join(f"{name}: {what}" for name, what in NAMES.items()),
    )
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--rounds", type=int, default=5, help="how often all is measured (5)")
    parser.add_argument("--size", type=int, help="how many transfers, sponsorships or the like")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mainstay-bench-") as folder:
        os.environ["DATABASE_URL"] = os.environ.get(
            "TEST_DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3"
        )
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "BROKER_DIR": f"{folder}/broker",
            "LOG_LEVEL": "ERROR",
        }
        print(f"Database: {os.environ['DATABASE_URL'].partition(':')[0]}")
        django.setup()
        import_module(f"bench.{options.name}").run(
            rounds=options.rounds,
            folder=folder,
            **({"size": options.size} if options.size else {}),
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
