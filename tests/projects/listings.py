"""What the directory shows for an address."""

from datetime import timedelta
from html import unescape

from django.test import Client

from funding.projects.directory import Asked, Listing
from funding.projects.models import Funding
from tests import factories, world


def page(**asked):
    return Client().get("/projects/", asked)


def text(**asked):
    return unescape(page(**asked).content.decode())


def listing(number=None, **asked):
    return Listing(Asked.read(asked), number=number, today=world.BEGINNING.date())


def project(name="", *, filled=0, sponsors=0, funded=None, **values):
    made = factories.project(name, **values)
    totals = {"filled": filled, "sponsors": sponsors}
    if funded is not None:
        totals["funded_at"] = world.BEGINNING - timedelta(days=funded)
    Funding.objects.filter(project=made).update(**totals)
    return made
