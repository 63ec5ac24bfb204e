"""Drafts: what was typed and is not sent. It is kept as it was typed, be it half a word or nonsense, in
one column of the application, and only where it differs from what stands; so a sent application stands
untouched while its owner goes on writing."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain

from django.db import transaction
from django.http import QueryDict

from funding.programmes import deadlines
from funding.programmes.forms.applying import CONSENT, FIXED, ApplicationForm, name_of
from funding.programmes.models import Application, Phase, Question, Round
from funding.programmes.refusals import Refused

MOST_TYPED = 20_000  # characters of one field: more than any question takes
Stage = Question.Stage
PHASES = {Stage.APPLICATION: Phase.Kind.APPLICATIONS, Stage.WORK_SAMPLE: Phase.Kind.WORK_SAMPLE}

Raw = str | list[str]


class TooLong(Refused):
    """More than can be kept was typed into a field."""


def asked(round_: Round, stage: str = Stage.APPLICATION) -> list[Question]:
    return list(round_.questions.filter(stage=stage))


def stands(application: Application, questions: Sequence[Question]) -> dict[str, Raw]:
    """What is in the rows, as it would be typed."""
    texts = dict(application.answers.values_list("question_id", "text"))
    return {
        **{name: _as_text(getattr(application, name)) for name in FIXED},
        CONSENT: "on" if application.consented_at else "",
        **{name_of(one): _as_typed(one, texts.get(one.pk, "")) for one in questions},
    }


def shown(application: Application, questions: Sequence[Question]) -> dict[str, Raw]:
    """What its owner finds in the fields."""
    found = stands(application, questions)
    return found | {name: raw for name, raw in application.typed.items() if name in found}


def is_unsent(application: Application, stage: str = Stage.APPLICATION) -> bool:
    """Whether something was typed since it was sent."""
    names = names_of(asked(application.round, stage), stage)
    return any(name in names for name in application.typed)


@transaction.atomic
def keep(*, application: Application, data: QueryDict, stage: str = Stage.APPLICATION) -> datetime:
    """Keep what was typed: of those fields that `changed` names, or of all. Answers the instant.
    Raises `Closed`, after the deadline too."""
    row = deadlines.hold(application)
    now = deadlines.insist_open(row, PHASES[Stage(stage)])
    insist_writable(row, stage)
    questions = asked(row.round, stage)
    names = names_of(questions, stage)
    said = typed_in(data, questions, names & set(data.getlist("changed") or names))
    if any(len("".join(raw)) > MOST_TYPED for raw in said.values()):
        raise TooLong("One field holds more than can be kept. Make it shorter first.")
    standing = stands(row, questions)
    typed = {name: raw for name, raw in (row.typed | said).items() if raw != standing.get(name)}
    if typed != row.typed:
        row.typed, row.saved_at = typed, now
        row.save(update_fields=["typed", "saved_at"])
    return now


@transaction.atomic
def discard(*, application: Application) -> None:
    """Leave what was typed since it was sent: what was sent stands."""
    row = deadlines.hold(application)
    names = names_of(asked(row.round), Stage.APPLICATION)
    if row.status == Application.Status.SUBMITTED:
        row.typed = {name: raw for name, raw in row.typed.items() if name not in names}
        row.save(update_fields=["typed"])


def insist_writable(application: Application, stage: str) -> None:
    """Raises `Closed`."""
    status, Status = application.status, Application.Status
    if status == Status.INELIGIBLE:
        raise deadlines.Closed("By your answers about eligibility you cannot apply this time.")
    if status == Status.WITHDRAWN:
        raise deadlines.Closed("You have withdrawn this application. Take it up again first.")
    if stage == Stage.WORK_SAMPLE and status != Status.SUBMITTED:
        raise deadlines.Closed("Only who has sent an application in time sends a work sample.")


def typed_in(
    data: QueryDict, questions: Sequence[Question], names: Iterable[str]
) -> dict[str, Raw]:
    """As it came, but for the ends of lines and for the one character that no database takes."""
    several = {name_of(one) for one in questions if one.kind == Question.Kind.SEVERAL}
    found: dict[str, Raw] = {}
    for name in names:
        lines = [_plain(one) for one in data.getlist(name)]
        found[name] = lines if name in several else (lines[-1] if lines else "")
    return found


def names_of(questions: Sequence[Question], stage: str) -> set[str]:
    """Of all fields of a stage."""
    fixed = (*FIXED, CONSENT) if stage == Stage.APPLICATION else ()
    return set(chain(fixed, map(name_of, questions)))


def _as_text(value: object) -> str:
    return "" if value is None else str(value)


def _as_typed(question: Question, text: str) -> Raw:
    return text.splitlines() if question.kind == Question.Kind.SEVERAL else text


def _plain(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")


def read(questions: Sequence[Question], raw: dict[str, Raw], stage: str) -> list[tuple[str, str]]:
    """Question by question, as text, where nothing can be typed any more."""
    fields = {**ApplicationForm.base_fields} if stage == Stage.APPLICATION else {}
    labels = {name: str(fields[name].label) for name in FIXED if name in fields}
    labels |= {name_of(one): one.text for one in questions}
    return [(label, _in_lines(raw.get(name, ""))) for name, label in labels.items()]


def _in_lines(raw: Raw) -> str:
    return "\n".join(raw) if isinstance(raw, list) else raw
