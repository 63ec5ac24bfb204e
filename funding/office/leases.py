"""Leases: one worker at a time on one thing, without a transaction that stays open.

token = leases.take(name)          # committed before any work; None when somebody has it
...                                # look things up, talk to Stripe
with transaction.atomic():
    leases.insist(name, token)     # still ours, and held until the commit; else LeaseLost
    ...                            # write
leases.give_back(name, token)
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection

from funding.office import clock
from funding.office.models import Lease

LASTS = timedelta(seconds=90)  # longer than the longest call to Stripe with all its retries


class LeaseTaken(Exception):
    """Somebody else works on this thing just now; try again in a moment."""


class LeaseLost(Exception):
    """The lease ran out while we worked and somebody else may have taken it: write nothing."""


# One statement, so that taking is one commit: a new row, or one whose time has run out.
_TAKE = """
INSERT INTO office_lease (name, token, expires_at) VALUES (%s, %s, %s)
ON CONFLICT (name) DO UPDATE SET token = excluded.token, expires_at = excluded.expires_at
WHERE office_lease.expires_at <= %s
"""


def take(name: str) -> str | None:
    """The token of a lease on `name`, or None while another holds it."""
    token, now = secrets.token_hex(16), clock.machine_now()
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [name, token, adapt(now + LASTS), adapt(now)])
        return token if cursor.rowcount == 1 else None


def insist(name: str, token: str) -> None:
    """Inside a transaction: the lease is ours and stays ours until the commit."""
    if not Lease.objects.filter(name=name, token=token).update(token=token):
        raise LeaseLost(name)


def prolong(name: str, token: str) -> None:
    """From now on it lasts as long as a new one; for work that takes longer than one lasts."""
    until = clock.machine_now() + LASTS
    if not Lease.objects.filter(name=name, token=token).update(expires_at=until):
        raise LeaseLost(name)


def give_back(name: str, token: str) -> None:
    Lease.objects.filter(name=name, token=token).delete()


@contextmanager
def held(name: str) -> Iterator[str]:
    """The token while the block runs; raises `LeaseTaken` when it cannot be had."""
    token = take(name)
    if token is None:
        raise LeaseTaken(name)
    try:
        yield token
    finally:
        give_back(name, token)
