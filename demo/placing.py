"""How places go in the demo: checkpoints at which both sides are heard, instalments that are released and
paid, posts, an extension, an early end, the final report and the end of the round."""

from typing import Any

from demo import cast, staging, written
from demo.insisting import HistoryIsWrong
from demo.staging import Stage
from funding.accounts.models import User
from funding.office import clock
from funding.programmes import (
    ending_rounds,
    feedback,
    outlays,
    posts,
    reporting,
    running_places,
    timing,
)
from funding.programmes.forms.running import FeedbackForm, PostForm, ReportForm
from funding.programmes.models import Instalment, Place, Post

SAID = {
    "participant": "I have merged what was planned, but for one part that turned out to be two.",
    "mentor": "Asks early, tests well. We planned too much and have taken one thing out.",
}


def say(stage: Stage, number: int, side: str) -> None:
    """One side of every place that is running, at a checkpoint."""
    for place in _running(stage):
        step = timing.step(timing.with_steps(Place.objects.filter(pk=place.pk)).get(), number)
        by = place.user if side == "participant" else place.mentorings.get(number=1).user
        if step is None or step.said_by(side) or not step.may_write(side, clock.now()):
            continue
        form = _filled(
            FeedbackForm, feedback.begun(step, side),
            {"text": SAID[side], "goes_well": "True", "private": "", "send": "1"},
        )  # fmt: skip
        if not feedback.keep(form, step=step, by=by, now=clock.now()):
            raise HistoryIsWrong(form.errors.as_text())


def pay(stage: Stage) -> None:
    """What is released, as its treasurer writes it down; where money is owed, one person's alone."""
    rows = Instalment.objects.filter(place__round=stage.round(), status="released")
    if stage.once.owes:
        rows = rows.filter(place__user__email=cast.PARTICIPANT)
    for one in rows.order_by("place", "checkpoint"):
        outlays.pay(
            one.pk, paid_by="Harbour Foundation", paid_on=clock.today(),
            reference=f"SEPA {one.pk:05}", by=_payer(stage),
        )  # fmt: skip


def spend(stage: Stage) -> None:
    """Half of what mentors are paid."""
    outlays.spend(
        stage.round(), what="Mentor’s time, the first half", amount=stage.once.cost,
        paid_by="Harbour Foundation", paid_on=clock.today(), reference="Invoice 17",
        by=_payer(stage),
    )  # fmt: skip


def tell(stage: Stage, number: int) -> None:
    """A post of every participant; the first place's are released to sponsors."""
    title, body = written.POSTS[number]
    for place in _running(stage):
        form = _filled(PostForm, posts.begun(place), {"title": title, "body": body})
        if not posts.write(form, by=place.user, now=clock.now()):
            raise HistoryIsWrong(form.errors.as_text())
    first = Post.objects.filter(place__round=stage.round(), title=title).order_by("pk").first()
    if first is not None:
        posts.release(first, by=staging.organiser(stage), now=clock.now())


def extend(stage: Stage) -> None:
    running_places.extend(
        _running(stage)[1].pk, weeks=2, reason="Two weeks in hospital", now=clock.now(),
        by=staging.organiser(stage),
    )  # fmt: skip


def end_early(stage: Stage) -> None:
    running_places.end_early(
        _running(stage)[-1].pk, last_day=clock.today(), by=staging.organiser(stage),
        reason="Has begun another job, as was agreed",
    )  # fmt: skip


def report(stage: Stage) -> None:
    round_, by = stage.round(), staging.organiser(stage)
    text = written.REPORT.format(places=stage.once.places)
    form = _filled(ReportForm, round_, {"report": text})
    if not reporting.save(form, round_=round_, by=by):
        raise HistoryIsWrong(form.errors.as_text())


def publish(stage: Stage) -> None:
    reporting.publish(stage.round(), by=staging.organiser(stage), now=clock.now())


def end(stage: Stage) -> None:
    ending_rounds.end(stage.round(), by=staging.organiser(stage), now=clock.now())


def _running(stage: Stage) -> list[Place]:
    rows = stage.round().places.filter(status=Place.Status.RUNNING)
    return list(rows.select_related("user", "round__programme").order_by("pk"))


def _payer(stage: Stage) -> User:
    """The treasurer, where there is one."""
    return next(iter(staging.people(stage.round(), "treasurer")), staging.organiser(stage))


def _filled(form: Any, instance: Any, data: dict[str, str]) -> Any:
    """What a browser sends: what was typed, and the mark of what stood there."""
    seen = form(instance=instance).fields["seen"].initial
    return form(data=data | {"seen": seen}, instance=instance)
