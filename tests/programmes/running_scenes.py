"""Places that run, as small as they can be. Name only the values that a test is about."""

from datetime import timedelta

from django.test import Client

from funding.ledger import posting
from funding.ledger.models import Account, Entry
from funding.ledger.money import Money
from funding.office import clock
from funding.programmes import feedback, timing
from funding.programmes.forms.running import FeedbackForm
from funding.programmes.models import Checkpoint, Instalment, Mentoring, Place, Post, Round
from tests import factories
from tests.programmes import scenes

STIPEND = 240000


def round_(programme=None, *, places=2, checkpoints=2, **values):
    """In its running phase, with a call, places that are funded, and checkpoints: the first has been
    open since yesterday and is due in a week."""
    made = scenes.round_(programme, during="running", **values)
    now = clock.now()
    scenes.call(made, state="succeeded", closed_at=now, secured_at=now)
    Round.objects.filter(pk=made.pk).update(places_funded=places)
    for number in range(1, checkpoints + 1):
        checkpoint(made, number, STIPEND // checkpoints)
    return Round.objects.select_related("programme", "call").get(pk=made.pk)


def checkpoint(made, number, instalment, **values):
    opens = clock.now() + timedelta(days=30 * (number - 1), hours=-12)
    dates = {"opens_at": opens, "due_at": opens + timedelta(days=7)}
    title = f"Checkpoint {number}"
    return Checkpoint.objects.create(
        **{
            "round": made,
            "number": number,
            "title": title,
            "instalment": instalment,
            **dates,
            **values,
        }
    )


def place(made=None, *, user=None, mentor=None, status="running", **values):
    """Accepted, with a mentor and its instalments."""
    made, now = made or round_(), clock.now()
    application = scenes.application(made, user, outcome="selected")
    defaults = {
        "round": made, "application": application, "user": application.user, "status": status,
        "stipend": STIPEND, "currency": "GBP", "offered_at": now, "accept_until": now,
        "starts_at": now - timedelta(days=1), "ends_at": now + timedelta(days=80),
        "public_name": "Grace E.", "signed_name": "Grace Example",
    }  # fmt: skip
    found = Place.objects.create(**{**defaults, **values})
    if mentor is None:
        mentor = scenes.part(made.programme, "mentor").user
    Mentoring.objects.create(place=found, user=mentor, number=1)
    for one in made.checkpoints.all():
        Instalment.objects.create(place=found, checkpoint=one, amount=one.instalment)
    Round.objects.filter(pk=made.pk).update(places_taken=made.places.live().count())
    return found


def step(found, number=1):
    return timing.step(timing.with_steps(Place.objects.filter(pk=found.pk)).get(), number)


def say(found, side, number=1, *, text="It goes.", well=True, private="", send=True, now=None):
    """One side says how it goes at a checkpoint."""
    at = step(found, number)
    by = found.user if side == "participant" else found.mentorings.first().user
    data = {"text": text, "goes_well": "" if well is None else str(well), "private": private}
    row = feedback.begun(at, side)
    form = FeedbackForm(data | ({"send": "1"} if send else {}), instance=row)
    form.data = form.data | {"seen": form.fields["seen"].initial}
    assert feedback.keep(form, step=at, by=by, now=now or clock.now()), form.errors
    return form.instance


def heard(found, number=1, **values):
    """Both sides."""
    return [say(found, side, number, **values) for side in ("participant", "mentor")]


def funded(made, amount=STIPEND):
    """Money is in the round's account."""
    account = posting.round(made.pk, Account.Kind.HELD)
    legs = [posting.Leg(posting.Place(Account.Kind.STRIPE), account, Money(amount, "GBP"))]
    posting.post(
        reference=f"test:{made.pk}:{amount}",
        kind=Entry.Kind.ADJUSTED,
        occurred_at=clock.now(),
        legs=legs,
    )


def released(found, number=1):
    """The instalment of a checkpoint at which both sides were heard."""
    heard(found, number, now=step(found, number).opens_at)
    return found.instalments.get(checkpoint__number=number)


def post(found, **values):
    defaults = {"place": found, "author": found.user, "title": "Parsers", "body": "All *green*."}
    return Post.objects.create(**{**defaults, "at": clock.now(), **values})


def mentor_of(found):
    return found.mentorings.first().user


def organiser(made):
    return made.programme.parts.get(role="organiser").user


def client_of(user):
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def treasurer(made):
    return scenes.part(made.programme, "treasurer", factories.user(password="x")).user
