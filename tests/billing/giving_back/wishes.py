"""Wishes that money goes back, and who may have them."""

from django.test import Client

from funding.office import clock
from sponsors.billing import giving_back, weighing
from sponsors.billing.giving_back import Wish
from tests.certainty import certain


def wish(payment, amount=None, *, ends=False):
    left = weighing.left(payment).amount
    return Wish(amount=left if amount is None else amount, why="Agreed", ends=ends, seen_left=left)


def give(payment, amount=None, *, by, within=False, ends=False):
    asked_for = wish(payment, amount, ends=ends)
    return giving_back.ask(payment, asked_for, by=by, now=clock.now(), within=within)


def owner_of(sponsorship):
    return sponsorship.project.maintainers.get().user


def signed_in(user):
    client = Client()
    client.force_login(user)
    return certain(client)
