"""What is sent from the page on which a seat is taken, and cards that are saved for it."""

from django.test import Client

from sponsors.billing.models import Setup
from sponsors.sponsorships import signing
from sponsors.sponsorships.models import Commitment
from tests import factories
from tests.programmes import scenes

NEW = {
    "sponsor": "organisation", "display_name": "Kestrel Bank", "legal_name": "Kestrel Bank plc",
    "country": "GB", "website": "", "billing_email": "pay@kestrel.example",
}  # fmt: skip


def address(share):
    round_ = share.call.round
    return f"/programmes/{round_.programme.slug}/{round_.slug}/sponsor/{share.pk}/"


def form(share, company=None, **values):
    read = signing.words(share, signing.call_of(share)).digest
    sponsor = {"sponsor": str(company.pk)} if company else NEW
    return {"signed_name": "Ada Example", "pays_by": "card", "read": read, **sponsor, **values}


def send(client, share, company=None, **values):
    return client.post(address(share), form(share, company, **values))


def on_sale():
    return scenes.call().shares.first()


def saved(engine, share=None, **card):
    """A company stood before the card page, and saved one."""
    company = factories.payer()
    share = share or on_sale()
    by = company.memberships.get().user
    client = Client()
    client.force_login(by)
    send(client, share, company)
    engine.pay_checkout(Setup.objects.latest("pk").stripe_id, **card)
    return Commitment.objects.latest("pk"), client


def method_of(engine):
    return engine.account.store.by_id[Setup.objects.get().payment_method]
