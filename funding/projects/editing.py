"""Editing: what maintainers put down about a project. Of two who edit at once the second is told;
everything that a page shows moves the project's version, so that no reader sees an old one; who
did it stands in the project's log."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import F, Model

from funding.accounts.models import User
from funding.office import clock
from funding.office.forms import TogetherForm
from funding.office.models import Picture
from funding.projects import access, worktime
from funding.projects.forms import ADDRESS_TAKEN, LogoForm, TextsForm
from funding.projects.models import Activity, Funding, Goal, Project

ASIDE = 30_000  # higher than any ladder
WAYS = {"up": -1, "down": 1}
Row = TypeVar("Row", bound=Model)


def touch(project_id: int) -> None:
    """Something that this project's page shows has changed."""
    if not Funding.objects.filter(pk=project_id).update(version=F("version") + 1):
        Funding.objects.get_or_create(project_id=project_id)


def note_hosting(project_id: int) -> None:
    """The project runs a programme from now on, and its page says which."""
    touch(project_id)
    Funding.objects.filter(pk=project_id).update(hosts=True)


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
        lock(project, by)
        if not form.is_valid():
            return False
        is_new = form.instance._state.adding
        if not is_new and not form.has_changed():
            return True
        row = form.save()
        recount(project)
        note(
            project,
            by,
            f"added {what} “{getattr(row, 'name', row)}”"
            if is_new
            else f"changed {what}{_which(form)}",
        )
    return True


def save_texts(form: TextsForm, *, project: Project, by: User) -> bool:
    """Its words and links; of two projects that take one address at once, the second is told."""
    try:
        return save(form, project=project, by=by, what="its texts")
    except IntegrityError:
        if "slug" not in form.changed_data:
            raise
        form.add_error("slug", ADDRESS_TAKEN)
        return False


def save_logo(form: LogoForm, *, project: Project, by: User) -> bool:
    """Draw what came and show it; False when it is no picture that can be used."""
    picture = form.drawn()
    if picture is None:
        return False
    _show_logo(project, picture, by, "put up another logo" if project.logo_id else "put up a logo")
    return True


def remove_logo(*, project: Project, by: User) -> None:
    """The initials stand in its place again."""
    if project.logo_id:
        _show_logo(project, None, by, "took the logo down")


@transaction.atomic
def _show_logo(project: Project, picture: Picture | None, by: User, did: str) -> None:
    lock(project, by)
    Project.objects.filter(pk=project.pk).update(logo=picture)
    touch(project.pk)
    note(project, by, did)


def lock(project: Project, by: User | None = None, deed: str = "edit") -> None:
    """From here to the end of the transaction nobody else edits this project. `by` is who asks for
    the deed: their role is looked at again now, because somebody may have taken it from them while
    they waited. Raises PermissionDenied."""
    Funding.objects.get_or_create(project=project)
    Funding.objects.select_for_update().get(pk=project.pk)
    if by is not None:
        access.insist_still(by, deed, project)


def shifted(rows: Sequence[Row], row: Row, way: str) -> list[Row]:
    """The rows with one of them a place further up or down; as they are where it cannot go there,
    or where it is there no longer."""
    order = list(rows)
    if row in order:
        place = order.index(row)
        order.insert(max(place + WAYS[way], 0), order.pop(place))
    return order


def move(
    row: Row, way: str, *, among: Sequence[Row], by: User, project: Project, what: str
) -> int:
    """One place "up" or "down" the list; answers where it stands then, counted from 1. To be asked
    under the lock."""
    after = shifted(among, row, way)
    if after != list(among):
        if isinstance(row, Goal):
            make_room(one.pk for one in after)
        for position, one in enumerate(after):
            type(row)._default_manager.filter(pk=one.pk).update(position=position)
        touch(project.pk)
        note(project, by, f"moved {what} {way}")
    return after.index(row) + 1 if row in after else 0


def note(
    project: Project,
    by: User | None,
    did: str,
    *,
    deed: str = "see",
    about: User | None = None,
) -> None:
    """A line of the project's log, in the transaction of the deed: "Ada " + `did`. Whoever may do
    `deed` sees it. Nobody is named in it but as {about}, and no address stands in it."""
    Activity.objects.create(
        project=project, by=by, at=clock.now(), did=did[:300], deed=deed, about=about
    )


def _which(form: TogetherForm) -> str:
    names = [str(form[name].label) for name in form.changed_data if name != "seen"]
    return f": {', '.join(name[:1].lower() + name[1:] for name in names)}" if names else ""
