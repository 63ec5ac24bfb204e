"""Ideas: what participants could work on. Mentors and organisers propose them in the call for projects,
organisers take them in; who applies chooses one. The only writer of `Idea.taken`, under the idea's lock:
however many choose the last place at once, one gets it."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from funding.accounts.models import User
from funding.office import clock
from funding.programmes import access, deadlines, log, phases
from funding.programmes.forms.ideas import DeclineForm, IdeaForm
from funding.programmes.mail import applying as mail
from funding.programmes.models import Application, Idea, Phase, Round
from funding.programmes.refusals import Refused

Status = Idea.Status
OVER = (Round.Status.DONE, Round.Status.FAILED)


class Full(Refused):
    """As many have applied for it as it takes."""


class Stays(Refused):
    """Somebody has applied for it, or it was decided already."""


class NotNow(Refused):
    """The call for projects is not open to who asks."""


def on_offer(round_: Round) -> QuerySet[Idea]:
    rows = round_.ideas.filter(status=Status.ACCEPTED)
    return rows.select_related("project").prefetch_related("mentors__user")


def are_chosen(round_: Round) -> bool:
    """Whether who applies chooses one."""
    return round_.ideas.filter(status=Status.ACCEPTED).exists()


def is_full(idea: Idea, round_: Round) -> bool:
    return round_.most_an_idea is not None and idea.taken >= round_.most_an_idea


def why_not(user: User, round_: Round, *, now: datetime) -> str:
    """Why this person cannot propose one now; nothing if they can. Organisers may until the deadline of
    applications, mentors in the call for projects."""
    applications = phases.find(round_, Phase.Kind.APPLICATIONS)
    if round_.status in OVER or (applications and applications.ends_at <= now):
        return "Applications are over, so no more ideas are taken in."
    is_call = phases.is_on(round_, Phase.Kind.IDEAS, now=now)
    if is_call or access.may(user, "edit", round_.programme):
        return ""
    return "Mentors propose ideas in the call for projects, and it is not open now."


@transaction.atomic
def put(form: IdeaForm, *, round_: Round, by: User) -> bool:
    """Propose one, or change one; an organiser's is on offer at once. Raises `NotNow`, `Stays`."""
    if words := why_not(by, round_, now=clock.now()):
        raise NotNow(words)
    idea, is_new = form.instance, form.instance._state.adding
    is_organiser = access.may(by, "edit", round_.programme)
    if not is_new and not may_change(hold(idea), by, is_organiser=is_organiser):
        raise Stays("It is on offer now, or was decided: only organisers change it.")
    if not form.is_valid():
        return False
    if is_new:
        idea.round, idea.proposed_by = round_, by
        idea.status = Status.ACCEPTED if is_organiser else Status.PROPOSED
    form.save()
    log.note(round_, by, f"{'proposed' if is_new else 'changed'} the idea “{idea.title}”")
    return True


def may_change(idea: Idea, user: User, *, is_organiser: bool) -> bool:
    if is_organiser:
        return idea.status in (Status.PROPOSED, Status.ACCEPTED)
    return idea.status == Status.PROPOSED and idea.proposed_by_id == user.pk


@transaction.atomic
def accept(*, idea: Idea, by: User) -> None:
    """It is on offer from now on. One that was declined may be taken in after all."""
    row = hold(idea)
    if row.status == Status.ACCEPTED:
        return
    if row.status == Status.WITHDRAWN:
        raise Stays("It was withdrawn by who proposed it.")
    _decide(row, Status.ACCEPTED, by=by, deed="took in")
    mail.idea_accepted(row, by=by)


@transaction.atomic
def decline(form: DeclineForm, *, idea: Idea, by: User) -> bool:
    """With a reason, which who proposed it is told."""
    row = hold(idea)
    _insist_free(row)
    if not form.is_valid():
        return False
    row.reason = form.cleaned_data["reason"]
    _decide(row, Status.DECLINED, by=by, deed="did not take in")
    mail.idea_declined(row, by=by)
    return True


@transaction.atomic
def withdraw(*, idea: Idea, by: User) -> None:
    """By who proposed it, or an organiser."""
    row = hold(idea)
    _insist_free(row)
    _decide(row, Status.WITHDRAWN, by=by, deed="withdrew")


@transaction.atomic
def choose(*, application: Application, idea: Idea) -> None:
    """A place of an idea for an application; the one it had is given back. Raises `Full`, `Closed`."""
    row = deadlines.hold(application)
    deadlines.insist_open(row)
    if row.status not in (Application.Status.DRAFT, Application.Status.SUBMITTED):
        raise deadlines.Closed("This application cannot be changed just now.")
    if row.idea_id == idea.pk:
        return
    rows = Idea.objects.select_for_update(of=("self",)).order_by("pk")
    held = {one.pk: one for one in rows.filter(pk__in={idea.pk, row.idea_id or idea.pk})}
    wanted = held[idea.pk]
    if wanted.status != Status.ACCEPTED or wanted.round_id != row.round_id:
        raise Stays("This idea is not on offer any more. Choose another.")
    if is_full(wanted, row.round):
        raise Full(f"“{wanted}” is full: it takes {row.round.most_an_idea}. Choose another.")
    if row.idea_id:
        _count(held[row.idea_id], -1)
    _count(wanted, 1)
    row.idea = wanted
    row.save(update_fields=["idea"])


def give_back(application: Application) -> None:
    """Its place of an idea is free again; the caller saves the application, whose lock it has."""
    if application.idea_id:
        rows = Idea.objects.select_for_update(of=("self",))
        _count(rows.get(pk=application.idea_id), -1)
        application.idea = None


def hold(idea: Idea) -> Idea:
    rows = Idea.objects.select_for_update(of=("self",))
    return rows.select_related("round__programme", "proposed_by").get(pk=idea.pk)


def _count(idea: Idea, step: int) -> None:
    idea.taken = max(idea.taken + step, 0)
    idea.save(update_fields=["taken"])


def _insist_free(idea: Idea) -> None:
    if idea.taken:
        raise Stays("Somebody has applied for it, so it stays on offer.")
    if idea.status not in (Status.PROPOSED, Status.ACCEPTED):
        raise Stays("It was decided already.")


def _decide(idea: Idea, status: str, *, by: User, deed: str) -> None:
    idea.status = status
    idea.save(update_fields=["status", "reason"])
    log.note(idea.round, by, f"{deed} the idea “{idea.title}”")
