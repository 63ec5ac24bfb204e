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

from django.db import IntegrityError, transaction

from funding.office import clock
from funding.office.models import Lease

LASTS = timedelta(seconds=90)  # longer than the longest call to Stripe with all its retries


class LeaseTaken(Exception):
    """Somebody else works on this thing just now; try again in a moment."""


class LeaseLost(Exception):
    """The lease ran out while we worked and somebody else may have taken it: write nothing."""


def take(name: str) -> str | None:
    """The token of a lease on `name`, or None while another holds it."""
    token, now = secrets.token_hex(16), clock.machine_now()
    fresh = {"token": token, "expires_at": now + LASTS}
    if Lease.objects.filter(name=name, expires_at__lte=now).update(**fresh):
        return token
    try:
        with transaction.atomic():
            Lease.objects.create(name=name, **fresh)
    except IntegrityError:
        return None
    return token


def insist(name: str, token: str) -> None:
    """Inside a transaction: the lease is ours and stays ours until the commit."""
    if not Lease.objects.filter(name=name, token=token).update(token=token):
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
