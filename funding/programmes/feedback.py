"""Feedback: what both sides of a place say at a checkpoint. Each side keeps a draft, sends it once, and
may change it until the other side has sent too or it is due. When both were heard and both say that
it goes on, the instalment is released in the same transaction."""

from datetime import datetime

from django.db import transaction

from funding.accounts.models import User
from funding.programmes import mentoring, places_lock, releasing, running_places, timing
from funding.programmes.forms.running import FeedbackForm
from funding.programmes.mail import running as mail
from funding.programmes.models import Feedback, Place
from funding.programmes.refusals import Refused
from funding.programmes.timing import Step


class NotNow(Refused):
    """It is not open yet, or what was sent stands."""


def begun(step: Step, side: str) -> Feedback:
    """What this side has written so far, or a row to write into."""
    return step.said_by(side) or Feedback(place=step.place, checkpoint=step.checkpoint, side=side)


@transaction.atomic
def keep(form: FeedbackForm, *, step: Step, by: User, now: datetime) -> bool:
    """Keep a draft, or send it. False when the form says what is to be mended; raises `NotNow`."""
    place = places_lock.running(step.place.pk)
    side = form.instance.side
    if side == Feedback.Side.MENTOR and not mentoring.of(by).filter(pk=place.pk).exists():
        raise NotNow("You do not mentor this place any more, so nothing was kept.")
    step = _again(place, step)
    if not step.may_write(side, now):
        raise NotNow(why_not(step, side, now))
    if form.instance._state.adding and step.said_by(side) is not None:
        raise NotNow("The other mentor began this meanwhile. Open it again to see what stands.")
    if not form.is_valid():
        return False
    form.instance.by, form.instance.at = by, now
    if form.sends and form.instance.sent_at is None:
        form.instance.sent_at = now
    form.instance.save()
    if form.instance.sent_at:
        _heard(_again(place, step), form.instance, now)
    return True


def why_not(step: Step, side: str, now: datetime) -> str:
    """Why nothing can be written at this checkpoint now."""
    if step.place.status != Place.Status.RUNNING:
        return "This place is not running, so nothing is asked here."
    if not step.is_open(now):
        return "This checkpoint is not open yet."
    if step.is_complete:
        return "Both sides were heard, so what was sent stands."
    return "It was sent, and it is due by now: what was sent stands."


def _heard(step: Step, said: Feedback, now: datetime) -> None:
    if said.goes_well is False:
        mail.doubted(said)
    if step.goes_on:
        releasing.release_heard(step, now=now)
    if step.is_complete:
        running_places.complete_if_over(step.place, now=now)


def _again(place: Place, step: Step) -> Step:
    """As it stands under the lock."""
    fresh = timing.with_steps(Place.objects.filter(pk=place.pk)).get()
    found = timing.step(fresh, step.checkpoint.number)
    assert found is not None  # checkpoints stand still once a place is running
    return found
