"""Months after the demo's year, in which nobody does anything but the jobs, Stripe and the banks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.core.management import call_command
from django.db import connection

from demo import bridge, history, insisting, making
from demo.bridge import Bridge
from demo.folder import Folder
from funding.ledger.models import Entry
from funding.office import clock
from sandbox.engine import Engine
from sponsors.billing import periods
from sponsors.sponsorships.models import Move, Sponsorship, Status


def make_and_walk(folder: Folder, port: int, months: int) -> int:
    """0 when all is clean."""
    with _fresh_database():
        print(f"The demo's year, on {connection.vendor}:", flush=True)
        making.make(folder, port)
        engine = Engine(seed=making.SEED, state=folder.stripe)
        with bridge.opened(engine) as opened:
            before = _counted(opened)
            print(f"{months} months more:", flush=True)
            walk(opened, months, lambda at: print(f"  … as far as {at:%B %Y}", flush=True))
            _tell(months, before, _counted(opened))
            clean = all([_is_clean("check_books"), _is_clean("reconcile")])
        engine.close()
    return 0 if clean else 1


def walk(opened: Bridge, months: int, tell: Callable[[datetime], None]) -> None:
    until = periods.month_after(clock.now(), months)
    year = history.Year(opened, [], seed="later")
    year.walk(until, tell)
    year.finish(until)
    insisting.right(opened)


@contextmanager
def _fresh_database() -> Iterator[None]:
    """One that is made for this and gone afterwards, beside whatever the server has."""
    name = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = None
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(str(name), verbosity=0)


def _counted(opened: Bridge) -> dict[str, int]:
    paid = opened.engine.account.store.kinds["charge"].values()
    return {
        "charges": sum(one["paid"] for one in paid),
        "charges that failed": sum(not one["paid"] for one in paid),
        "lapses": Move.objects.filter(after=Status.LAPSED).count(),
        "entries in the books": Entry.objects.count(),
    }


def _tell(months: int, before: dict[str, int], after: dict[str, int]) -> None:
    going_on = Sponsorship.objects.holding_a_seat().count()
    print(f"After {months} months {going_on} sponsorships go on. In these months there were:")
    for what, count in after.items():
        print(f"  {count - before[what]:>7,} {what}")


def _is_clean(command: str) -> bool:
    print(f"{command}:", flush=True)
    try:
        call_command(command)
    except SystemExit as end:
        return not end.code
    return True
