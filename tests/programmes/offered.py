"""Rounds that are announced, and answers to their offers."""

from funding.office import clock
from funding.office.models import Message
from funding.programmes import announcing, places, selecting
from funding.programmes.models import Place
from tests import factories
from tests.programmes import scenes


def announce(round_, reason="They wait", **values):
    return announcing.announce(
        round_id=round_.pk, by=factories.user(), reason=reason, now=clock.now(), **values
    )


def chosen(round_, *outcomes):
    """An application for each, decided so."""
    made = [scenes.reviewed(round_, 4, 4) for _ in outcomes]
    for one, outcome in zip(made, outcomes, strict=True):
        selecting.decide(application=one, outcome=outcome, by=factories.user(), now=clock.now())
    return made


def signed(place, name="Grace Example"):
    return places.Signature(name, places.digest(place.round.agreement), "Grace")


def accept(place, now=None):
    return places.accept(place=place, by=place.user, signed=signed(place), now=now or clock.now())


def taken(round_):
    round_.refresh_from_db()
    live = Place.objects.live().filter(round=round_).count()
    assert round_.places_taken == live <= round_.places_funded
    return live


def mails_to(application):
    return Message.objects.filter(recipients=[application.user.email])
