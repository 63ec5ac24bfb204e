"""Applying: from the first click to what was sent. The only writer of an application's status, with
`eligibility`; its outcome is `selecting`'s. Everything happens under the application's lock."""

from datetime import datetime

from django.db import transaction
from django.http import QueryDict

from funding.accounts.models import User
from funding.office import clock
from funding.programmes import access, deadlines, drafts, eligibility, ideas
from funding.programmes.forms.applying import AnswersForm, ApplicationForm, SampleForm
from funding.programmes.mail import applying as mail
from funding.programmes.models import Answer, Application, Question, Round
from funding.programmes.refusals import Refused

Status = Application.Status
Stage = Question.Stage


class NotYet(Refused):
    """A step before this one is not done."""


class HasPart(Refused):
    """Who organises, reviews, mentors or pays out does not apply."""


@transaction.atomic
def begin(*, round_: Round, user: User) -> Application:
    """A draft; the one that is there, if one is. A withdrawn one is taken up again. Raises `Closed`."""
    is_here, now = User.objects.hold(user), clock.now()
    window = deadlines.window(round_, now=now)
    if not is_here or not window.is_open:
        raise deadlines.Closed(window.words)
    _insist_outside(user, round_)
    begun = {"begun_at": now, "saved_at": now, "name": user.name}
    made, _ = Application.objects.get_or_create(round=round_, user=user, defaults=begun)
    if made.status == Status.WITHDRAWN:
        row = deadlines.hold(made)
        row.status, row.ended_at = Status.DRAFT, None
        row.save(update_fields=["status", "ended_at"])
    return made


@transaction.atomic
def send(*, application: Application, data: QueryDict) -> ApplicationForm:
    """Check everything and send it, or change what was sent; the form says whether all is well, and where
    it is not nothing has changed. Raises `Closed` after the deadline, `NotYet`."""
    row = deadlines.hold(application)
    now = deadlines.insist_open(row)
    drafts.insist_writable(row, Stage.APPLICATION)
    if row.status != Status.SUBMITTED:
        _insist_outside(application.user, row.round)
    _hold_questions(row.round)
    insist_ready(row)
    questions = drafts.asked(row.round)
    form = ApplicationForm(data, questions=questions, round_=row.round)
    if form.is_valid():
        _put_down(row, form, questions, now)
        if row.status != Status.SUBMITTED:
            row.status, row.submitted_at = Status.SUBMITTED, now
            mail.application_sent(row)
        row.save()
    return form


@transaction.atomic
def send_sample(*, application: Application, data: QueryDict) -> SampleForm:
    """The same of the work sample."""
    row = deadlines.hold(application)
    now = deadlines.insist_open(row, drafts.PHASES[Stage.WORK_SAMPLE])
    drafts.insist_writable(row, Stage.WORK_SAMPLE)
    questions = drafts.asked(row.round, Stage.WORK_SAMPLE)
    form = SampleForm(data, questions=questions)
    if form.is_valid():
        _put_down(row, form, questions, now)
        if row.sample_submitted_at is None:
            mail.sample_sent(row)
            row.sample_submitted_at = now
        row.save(update_fields=["typed", "saved_at", "sample_submitted_at"])
    return form


def _insist_outside(user: User | None, round_: Round) -> None:
    if user is not None and access.roles(user, round_.programme):
        raise HasPart("You have a part in this programme, so you cannot apply for a place in it.")


def insist_ready(application: Application) -> None:
    """The steps before the form. Raises `NotYet`."""
    round_, asked = application.round, eligibility.criteria(application.round)
    if not eligibility.is_answered(application, asked) or eligibility.unmet(application, asked):
        raise NotYet("Answer the questions about eligibility first.")
    if round_.contact_needed and not application.contacts.exists():
        raise NotYet("Show a contact or a contribution first.")
    if application.idea_id is None and ideas.are_chosen(round_):
        raise NotYet("Choose an idea first.")


def why_not(application: Application, stage: str, *, now: datetime) -> str:
    """Why its owner cannot write this stage's form now; nothing if they can."""
    window = deadlines.window(application.round, drafts.PHASES[Stage(stage)], now=now)
    try:
        drafts.insist_writable(application, stage)
        if stage == Stage.APPLICATION and window.is_open:
            insist_ready(application)
    except Refused as refused:
        return str(refused)
    return "" if window.is_open else window.words


@transaction.atomic
def withdraw(*, application: Application) -> None:
    """Its idea's place is free again. Raises `Closed`."""
    row = deadlines.hold(application)
    if not may_withdraw(row):
        raise deadlines.Closed("This application cannot be withdrawn any more.")
    was_sent = row.status == Status.SUBMITTED
    _end(row, clock.now())
    if was_sent:
        mail.application_withdrawn(row)


def may_withdraw(application: Application) -> bool:
    """Until the round is announced."""
    is_live = application.status in (Status.DRAFT, Status.SUBMITTED)
    return is_live and application.round.announced_at is None


@transaction.atomic
def empty(*, application: Application) -> None:
    """Its owner leaves: it is withdrawn, and nothing of what they wrote is left."""
    row = deadlines.hold(application)
    if row.status != Status.WITHDRAWN:
        _end(row, clock.now())
    row.answers.all().delete()
    row.contacts.all().delete()
    row.user, row.hours, row.consented_at = None, None, None
    row.name = row.about = row.away = row.links = row.ai_use = ""
    row.typed, row.criteria = {}, {}
    row.save()


def _end(row: Application, now: datetime) -> None:
    ideas.give_back(row)
    row.status, row.ended_at = Status.WITHDRAWN, now
    row.save(update_fields=["status", "ended_at", "idea"])


def _hold_questions(round_: Round) -> None:
    """The first to send waits for an organiser who is changing a question, and the other way about;
    from then on questions stay; see `questions`."""
    if not round_.applications.filter(submitted_at__isnull=False).exists():
        Round.objects.select_for_update(of=("self",)).get(pk=round_.pk)


def _put_down(
    row: Application, form: AnswersForm, questions: list[Question], now: datetime
) -> None:
    """What was typed stands from now on: columns of the row, which the caller saves, and the answers that
    are other than before, in one query."""
    form.fill(row, now=now)
    before = dict(row.answers.values_list("question_id", "text"))
    said = form.answers()
    changed = [
        Answer(application=row, question=one, text=said[one.pk])
        for one in questions
        if said[one.pk] != before.get(one.pk, "")
    ]
    if changed:
        Answer.objects.bulk_create(
            changed, update_conflicts=True, update_fields=["text"],
            unique_fields=["application", "question"],
        )  # fmt: skip
    row.typed = {name: raw for name, raw in row.typed.items() if name not in form.fields}
    row.saved_at = now
