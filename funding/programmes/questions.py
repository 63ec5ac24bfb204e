"""Questions: what the organisers of a round ask, and of whom they take applications. Everything happens
under the round's lock, so that nothing changes while the first application is being sent.

Once somebody has sent answers, all are to be asked the same: a question may be added as one that may
be left empty, and its help may be changed, and nothing else."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from funding.accounts.models import User
from funding.programmes import log
from funding.programmes.forms.questions import CriterionForm, QuestionForm
from funding.programmes.models import Criterion, Question, Round
from funding.programmes.refusals import Refused

Stage = Question.Stage
WAYS = {"up": -1, "down": 1}
MOST_QUESTIONS = 40
MOST_CRITERIA = 20
MINUTES_FIXED = 25  # what every round asks
MINUTES: dict[str, int] = {Question.Kind.LONG: 10, Question.Kind.SHORT: 3}
SAME_FOR_ALL = (
    "Somebody has sent answers already, and everybody is asked the same. A question can still be "
    "added as one that may be left empty, and the help of those that are there can be changed."
)


class Answered(Refused):
    """Somebody has sent answers."""


class NoRoom(Refused):
    """There are as many as a form can hold."""


def are_answered(round_: Round) -> bool:
    """Whether somebody has sent an application, be it withdrawn since."""
    return Stage.APPLICATION in answered(round_)


def answered(round_: Round) -> set[str]:
    """The stages whose questions somebody has answered and sent: a work sample may be thought out while
    applications are coming in."""
    sent = round_.applications.filter(submitted_at__isnull=False)
    found = {Stage.APPLICATION: sent, Stage.WORK_SAMPLE: sent.exclude(sample_submitted_at=None)}
    return {stage for stage, rows in found.items() if rows.exists()}


def is_kept(row: Any, round_: Round) -> bool:
    """Whether somebody has answered this question or criterion, or those that stand beside it."""
    return getattr(row, "stage", Stage.APPLICATION) in answered(round_)


def minutes(asked: Iterable[Question]) -> int:
    """About how long the form takes, in steps of ten."""
    own = sum(MINUTES.get(one.kind, 2) for one in asked)
    return -(-(MINUTES_FIXED + own) // 10) * 10


def earlier(round_: Round) -> QuerySet[Round]:
    """Rounds of the same programme whose questions can be copied."""
    rows = Round.objects.filter(programme_id=round_.programme_id).exclude(pk=round_.pk)
    return rows.filter(Q(questions__isnull=False) | Q(criteria__isnull=False)).distinct()


@transaction.atomic
def put(form: QuestionForm, *, round_: Round, by: User) -> bool:
    """Save a question; a new one stands last. False when the form says what is to be mended."""
    _hold(round_)
    form.keep_what_was_answered(answered(round_))
    return _save(form, round_, by, Question, MOST_QUESTIONS, "question")


@transaction.atomic
def put_criterion(form: CriterionForm, *, round_: Round, by: User) -> bool:
    """The same of a criterion. None comes after the first application: those who sent theirs would not
    have been asked."""
    _hold(round_)
    is_answered = are_answered(round_)
    if is_answered and form.instance._state.adding:
        raise Answered("Somebody has applied already, and everybody is asked the same.")
    if is_answered:
        form.keep_what_was_answered()
    return _save(form, round_, by, Criterion, MOST_CRITERIA, "criterion")


@transaction.atomic
def move(row: Any, way: str, *, round_: Round, by: User) -> int:
    """A question or a criterion a place "up" or "down"; answers where it stands then, counted from 1."""
    _hold(round_)
    order = list(_beside(row, round_))
    if row not in order:
        return 0
    before = list(order)
    place = order.index(row)
    order.insert(max(place + WAYS[way], 0), order.pop(place))
    if order != before:
        for position, one in enumerate(order):
            type(row).objects.filter(pk=one.pk).update(position=position)
        log.note(round_, by, f"moved “{row}” {way}")
    return order.index(row) + 1


@transaction.atomic
def remove(row: Any, *, round_: Round, by: User) -> None:
    """A question or a criterion. Raises `Answered`."""
    _hold(round_)
    if is_kept(row, round_):
        raise Answered(SAME_FOR_ALL)
    if type(row).objects.filter(pk=row.pk, round=round_).delete()[0]:
        log.note(round_, by, f"removed “{row}”")


@transaction.atomic
def copy(*, source: Round, round_: Round, by: User) -> int:
    """All of another round's questions and criteria that are not here yet; answers how many came."""
    _hold(round_)
    if are_answered(round_):
        raise Answered(SAME_FOR_ALL)
    came = _copy(Criterion, source, round_, MOST_CRITERIA)
    came += _copy(Question, source, round_, MOST_QUESTIONS)
    log.note(round_, by, f"copied {came} questions from {source.name}")
    return came


def _copy(model: Any, source: Round, round_: Round, most: int) -> int:
    here = list(model.objects.filter(round=round_))
    known, position = {one.text for one in here}, _after(here)
    fresh = [one for one in model.objects.filter(round=source) if one.text not in known]
    if len(here) + len(fresh) > most:
        raise NoRoom(f"There is room for {most}. Remove some first.")
    for place, one in enumerate(fresh, start=position):
        one.pk, one.round, one.position = None, round_, place
        one._state.adding = True
    model.objects.bulk_create(fresh)
    return len(fresh)


def _save(
    form: Any,
    round_: Round,
    by: User,
    model: type[Question] | type[Criterion],
    most: int,
    what: str,
) -> bool:
    if form.instance._state.adding:
        rows = list(model.objects.filter(round=round_))
        if len(rows) >= most:
            raise NoRoom(f"There is room for {most}. Remove one first.")
        form.instance.round, form.instance.position = round_, _after(rows)
    if not form.is_valid():
        return False
    is_new = form.instance._state.adding
    row = form.save()
    log.note(round_, by, f"{'added' if is_new else 'changed'} the {what} “{row}”")
    return True


def _beside(row: Any, round_: Round) -> Any:
    rows = type(row).objects.filter(round=round_)
    return rows.filter(stage=row.stage) if isinstance(row, Question) else rows


def _after(rows: list[Any]) -> int:
    return max((one.position for one in rows), default=-1) + 1


def _hold(round_: Round) -> None:
    Round.objects.select_for_update(of=("self",)).get(pk=round_.pk)
