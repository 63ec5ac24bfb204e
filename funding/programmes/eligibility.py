"""Eligibility: what one must answer to apply, and what the others are told. An honest mistake can be
put right until the deadline; organisers see in the log that it was, and how often, up to a few times."""

from django.db import transaction
from django.http import QueryDict

from funding.programmes import deadlines, ideas, log
from funding.programmes.forms.applying import EligibilityForm
from funding.programmes.models import Application, Criterion, Deed, Round

Status = Application.Status
MOST_NOTED = 5  # changes of one application, in the log


def criteria(round_: Round) -> list[Criterion]:
    return list(round_.criteria.all())


def is_answered(application: Application, asked: list[Criterion]) -> bool:
    return all(str(one.pk) in application.criteria for one in asked)


def unmet(application: Application, asked: list[Criterion]) -> list[Criterion]:
    """Those whose answer is another than the one that is needed."""
    said = application.criteria
    return [one for one in asked if said.get(str(one.pk), one.must_be) != one.must_be]


@transaction.atomic
def answer(*, application: Application, data: QueryDict) -> EligibilityForm:
    """Put down the answers; the form says whether they are all there. Raises `Closed`."""
    row = deadlines.hold(application)
    deadlines.insist_open(row)
    if row.status == Status.WITHDRAWN:
        raise deadlines.Closed("You have withdrawn this application. Take it up again first.")
    asked = criteria(row.round)
    form = EligibilityForm(data, criteria=asked)
    if form.is_valid():
        _put_down(row, form.answers(), asked)
    return form


def times_changed(application: Application) -> int:
    return Deed.objects.filter(
        round_id=application.round_id, words__startswith=_about(application)
    ).count()


def _put_down(row: Application, said: dict[str, bool], asked: list[Criterion]) -> None:
    was, row.criteria = row.criteria, said
    if any(name in was and was[name] != answer for name, answer in said.items()):
        _note_change(row)
    if unmet(row, asked):
        ideas.give_back(row)
        row.status = Status.INELIGIBLE
    elif row.status == Status.INELIGIBLE:
        row.status = Status.DRAFT
    row.save(update_fields=["criteria", "status", "idea"])


def _note_change(row: Application) -> None:
    """So many lines at most, whoever goes back and forth how often."""
    number = times_changed(row) + 1
    if number <= MOST_NOTED:
        last = ", the last that is noted" if number == MOST_NOTED else ""
        log.note(row.round, None, f"{_about(row)} change {number}{last}.")


def _about(application: Application) -> str:
    """It says neither who nor what: the log is read by more people than applications are."""
    return f"Answers about eligibility of application {application.pk} were changed:"
