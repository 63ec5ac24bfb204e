"""Moments of applying, reached as people reach them. Name only the values that a test is about."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.http import QueryDict
from django.test import Client

from funding.office import clock
from funding.programmes import applying
from funding.programmes.models import Contact, Criterion, Idea, Phase, Question
from tests import factories
from tests.programmes import scenes

WORDS = {
    "name": "Grace Example", "about": "I write parsers.", "hours": "30", "away": "",
    "links": "https://example.org/grace", "ai_use": "None", "consent": "on",
}  # fmt: skip


def data(**values):
    """What a browser sends."""
    found = QueryDict(mutable=True)
    for name, value in values.items():
        found.setlist(name, value if isinstance(value, list) else [value])
    return found


def open_round(*, during="applications", **values):
    """It takes applications, paid for or not."""
    return scenes.round_(during=during, **{"applies_before_decision": True, **values})


def question(round_, text="Why you?", **values):
    defaults = {
        "round": round_,
        "text": text,
        "kind": "long",
        "position": round_.questions.count(),
    }
    return Question.objects.create(**{**defaults, **values})


def criterion(round_, text="Are you 18 or older?", **values):
    defaults = {"round": round_, "text": text, "reason": "The law of the place asks for it."}
    return Criterion.objects.create(**{**defaults, **values})


def idea(round_, title="Make schemas round-trip", **values):
    by = round_.programme.parts.first().user
    defaults = {
        "round": round_, "title": title, "description": "What is to be *done*.",
        "proposed_by": by, "status": "accepted",
    }  # fmt: skip
    return Idea.objects.create(**{**defaults, **values})


def contact(application, url="https://example.org/1", **values):
    defaults = {"application": application, "url": url, "words": "I asked.", "at": clock.now()}
    return Contact.objects.create(**{**defaults, **values})


def draft(round_=None, user=None):
    return applying.begin(round_=round_ or open_round(), user=user or factories.user())


def sent(round_=None, user=None, **values):
    made = draft(round_, user)
    form = applying.send(application=made, data=data(**{**WORDS, **values}))
    assert form.is_valid(), form.errors
    made.refresh_from_db()
    return made


def end(round_, kind="applications"):
    """The instant at which a phase of the round is over."""
    return round_.phases.get(kind=kind).ends_at


def ends_in(round_, *, kind="applications", **time):
    Phase.objects.filter(round=round_, kind=kind).update(ends_at=clock.now() + timedelta(**time))


def browser(user):
    """Who has shown that the address is theirs."""
    EmailAddress.objects.get_or_create(user=user, email=user.email, verified=True, primary=True)
    client = Client()
    client.force_login(user)
    return client
