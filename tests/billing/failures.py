"""Payments that fail, and what is shown of them."""

from django.test import Client

from funding.office.models import Message
from sponsors.sponsorships.models import Status
from tests import scenarios, world

EMPTY, LOST, STOLEN = "4000000000009995", "4000000000009987", "4000000000009979"
CANNOT_BE_CHARGED, ASKS, GOOD = "4000000000000341", "4000002760003184", "4242424242424242"


def customer(sponsorship):
    return sponsorship.subscription.customer.stripe_id


def failed(engine, sponsorship=None, card=EMPTY):
    """Past due: the renewal was refused two days ago, and is tried again tomorrow."""
    sponsorship = sponsorship or scenarios.settled(engine)
    engine.turn_card(customer(sponsorship), card)
    world.days(engine, 33)
    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.PAST_DUE
    return sponsorship


def mails(word):
    return list(Message.objects.filter(key__startswith=word).order_by("pk"))


def page(sponsorship, path=""):
    client = Client()
    client.force_login(sponsorship.bought_by)
    return client.get(sponsorship.get_absolute_url() + path)


def shown(sponsorship):
    return " ".join(page(sponsorship).content.decode().split())
