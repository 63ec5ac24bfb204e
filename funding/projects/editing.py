"""Editing: what maintainers put down about a project. Of two who edit at once the second is told;
everything that a page shows moves the project's version, so that no reader sees an old one; who
did it stands in the project's log."""

from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from funding.accounts.models import User
from funding.office import clock
from funding.office.forms import TogetherForm
from funding.projects import worktime
from funding.projects.models import Activity, Funding, Goal, Project

ASIDE = 30_000  # higher than any ladder


def touch(project_id: int) -> None:
    """Something that this project's page shows has changed."""
    if not Funding.objects.filter(pk=project_id).update(version=F("version") + 1):
        Funding.objects.get_or_create(project_id=project_id)


def make_room(goal_ids: Iterable[int]) -> None:
    """Before goals change places or leave: no two may stand at one height, not even in between."""
    for position, goal_id in enumerate(goal_ids, start=ASIDE):
        Goal.objects.filter(pk=goal_id).update(position=position)


def touch_all() -> None:
    """Something that stands on any number of projects' pages has changed: a company's name."""
    Funding.objects.update(version=F("version") + 1)


@transaction.atomic
def recount(project: Project) -> None:
    """Its goals or its day rate have changed: how full its week is follows from them. Everything
    is read after `touch` has locked the row, so that of two who edit at once the last is right."""
    touch(project.pk)
    funding = Funding.objects.select_for_update().get(pk=project.pk)
    project = Project.objects.get(pk=project.pk)
    filled = worktime.filled(
        days=sum((goal.days for goal in project.goals.all()), Decimal(0)),
        day_rate=project.money(project.day_rate),
        committed=project.money(funding.committed),
    )
    Funding.objects.filter(pk=project.pk).update(filled=filled)


def save(form: TogetherForm, *, project: Project, by: User, what: str) -> bool:
    """Check a form about something that the project's page shows and save it, one editor of a
    project at a time. False when the form says what is to be mended; then nothing has changed."""
    with transaction.atomic():
        lock(project)
        if not form.is_valid():
            return False
        is_new = form.instance._state.adding
        if not is_new and not form.has_changed():
            return True
        row = form.save()
        recount(project)
        note(project, by, f"added {what} {row}" if is_new else f"changed {what}{_which(form)}")
    return True


def lock(project: Project) -> None:
    """From here to the end of the transaction nobody else edits this project."""
    Funding.objects.get_or_create(project=project)
    Funding.objects.select_for_update().get(pk=project.pk)


def note(project: Project, by: User | None, did: str) -> None:
    """A line of the project's log, in the transaction of the deed: "Ada " + `did`."""
    Activity.objects.create(project=project, by=by, at=clock.now(), did=did[:300])


def _which(form: TogetherForm) -> str:
    names = [str(form[name].label).lower() for name in form.changed_data if name != "seen"]
    return f": {', '.join(names)}" if names else ""
