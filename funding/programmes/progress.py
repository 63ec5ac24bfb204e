"""Progress: which steps an application has, which are done, and what comes next."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse

from funding.programmes import applying, deadlines, drafts, eligibility, ideas, phases
from funding.programmes.deadlines import Window
from funding.programmes.forms.applying import CONSENT, name_of
from funding.programmes.models import Application, Criterion, Phase

Status = Application.Status
STANDS = {"early": "Not open yet", "waits": "Not open yet", "over": "Closed", "failed": "Closed"}
NEEDED = ("name", "about", "hours", "ai_use", CONSENT)


@dataclass(frozen=True, slots=True)
class Step:
    """`said` tells how far it is; `address` leads to it when it can be done now; `state` is that of
    the window in which it can be."""

    name: str
    said: str
    is_done: bool
    address: str = ""
    state: str = "open"

    @property
    def stands(self) -> str:
        """Of one that is not done, in a word or three."""
        return STANDS.get(self.state, "Open")


@dataclass(frozen=True, slots=True)
class Progress:
    window: Window
    sample: Window
    steps: list[Step]
    unmet: list[Criterion]
    is_unsent: bool  # typed since it was sent
    may_withdraw: bool
    heard_by: datetime | None  # when the round is to be announced
    next: Step | None  # which can be done now


def of(application: Application, *, now: datetime) -> Progress:
    """Of an application with its round, its round's phases and call."""
    round_ = application.round
    window = deadlines.window(round_, now=now)
    sample = deadlines.window(round_, Phase.Kind.WORK_SAMPLE, now=now)
    selection = phases.find(round_, Phase.Kind.SELECTION)
    asked = eligibility.criteria(round_)
    is_live = application.status in (Status.DRAFT, Status.SUBMITTED)
    steps = [*_steps(application, asked, window), *_sample(application, sample)]
    is_on = is_live and (window.is_open or sample.is_open)
    return Progress(
        window=window, sample=sample, steps=steps,
        next=next((one for one in steps if is_on and one.address and not one.is_done), None),
        unmet=eligibility.unmet(application, asked),
        is_unsent=is_live and bool(application.typed) and drafts.is_unsent(application),
        may_withdraw=applying.may_withdraw(application),
        heard_by=selection.ends_at if selection else None,
    )  # fmt: skip


def _steps(application: Application, asked: list[Criterion], window: Window) -> list[Step]:
    """In their order: each can be done once those before it are."""
    found: list[Step] = []
    if asked:
        found.append(_eligibility(application, asked))
    if application.status == Status.INELIGIBLE:
        return found if window.is_open else []
    if application.round.contact_needed:
        number = application.contacts.count()
        said = f"{number} shown" if number else "One is needed before the form opens"
        found.append(_step(application, "Contact or contribution", said, number > 0, "contacts"))
    if application.idea is not None or ideas.are_chosen(application.round):
        said = application.idea.title if application.idea else "Choose one"
        chosen = application.idea is not None
        found.append(_step(application, "Idea", said, chosen, "choose-idea"))
    found.append(_form(application))
    return _those_open(found, application, window)


def _eligibility(application: Application, asked: list[Criterion]) -> Step:
    is_done = eligibility.is_answered(application, asked)
    is_met = is_done and not eligibility.unmet(application, asked)
    said = "You can apply" if is_met else "Not this time" if is_done else f"{len(asked)} to answer"
    return _step(application, "Eligibility", said, is_met, "eligibility")


def _form(application: Application) -> Step:
    if application.status == Status.SUBMITTED:
        return _step(application, "The form", "Sent", True, "form")
    questions = drafts.asked(application.round)
    shown = drafts.shown(application, questions)
    needed = [*NEEDED, *(name_of(one) for one in questions if one.is_required)]
    there = sum(bool(shown[name]) for name in needed)
    said = f"{there} of {len(needed)} answers that are needed, not sent yet"
    return _step(application, "The form", said, False, "form")


def _sample(application: Application, window: Window) -> list[Step]:
    if window.state == "none" or application.status != Status.SUBMITTED:
        return []
    at = application.sample_submitted_at
    said = "Sent" if at else "To be sent" if window.is_open else window.words
    address = reverse("programmes:sample", args=[application.pk])
    is_there = window.is_open or at is not None
    where = address if is_there else ""
    return [Step("Work sample", said, at is not None, where, window.state)]


def _step(application: Application, name: str, said: str, is_done: bool, page: str) -> Step:
    return Step(name, said, is_done, reverse(f"programmes:{page}", args=[application.pk]))


def _those_open(steps: list[Step], application: Application, window: Window) -> list[Step]:
    """A step leads somewhere when those before it are done; the form can be read always, and what was
    withdrawn is taken up again first."""
    is_changing = window.is_open and application.status != Status.WITHDRAWN
    found, is_free = [], True
    for step in steps:
        is_form = step is steps[-1] and (not is_changing or is_free)
        leads = is_form or (is_changing and is_free)
        address = step.address if leads else ""
        found.append(replace(step, address=address, state=window.state))
        is_free = is_free and step.is_done
    return found
