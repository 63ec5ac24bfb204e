"""Editing: what organisers put down about a programme and its rounds. One editor of a programme at a
time; of two who edit at once the second is told. Everything that the pages of its projects show
moves their versions, so that no reader sees an old one."""

from django.db import transaction

from funding.accounts.models import User
from funding.office.forms import TogetherForm
from funding.office.models import Picture
from funding.programmes import access, log
from funding.programmes.models import Programme, Round
from funding.projects import editing as project_editing
from funding.projects.forms import LogoForm


def lock(programme: Programme, by: User, deed: str = "edit") -> Programme:
    """The programme as it is now. From here to the end of the transaction nobody else edits it or
    changes who runs it; whether `by` may still do the deed is looked at again. Raises
    PermissionDenied."""
    locked = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    access.insist(by, deed, locked)
    return locked


def touch(programme: Programme) -> None:
    """Something has changed that the pages of its projects show."""
    joined = programme.hostings.exclude(joined_at=None)
    for project_id in joined.order_by("project_id").values_list("project_id", flat=True):
        project_editing.touch(project_id)


def save(form: TogetherForm, *, programme: Programme, by: User) -> bool:
    """What the programme says. False when the form says what is to be mended; then nothing has
    changed."""
    with transaction.atomic():
        lock(programme, by)
        if not form.is_valid():
            return False
        form.save()
        touch(programme)
        if changed := _which(form):
            log.note_of_programme(programme, by, f"changed the programme{changed}")
    return True


def save_round(form: TogetherForm, *, round_: Round, by: User) -> bool:
    """The same of what a round says, or of its rules."""
    with transaction.atomic():
        lock(round_.programme, by)
        if not form.is_valid():
            return False
        form.save()
        touch(round_.programme)
        if changed := _which(form):
            log.note(round_, by, f"changed the round{changed}")
    return True


def save_logo(form: LogoForm, *, programme: Programme, by: User) -> bool:
    """Draw what came and show it; False when it is no picture that can be used."""
    picture = form.drawn()
    if picture is None:
        return False
    _show_logo(programme, picture, by, "put up another logo")
    return True


def remove_logo(*, programme: Programme, by: User) -> None:
    """The initials stand in its place again."""
    if programme.logo_id:
        _show_logo(programme, None, by, "took the logo down")


@transaction.atomic
def _show_logo(programme: Programme, picture: Picture | None, by: User, did: str) -> None:
    lock(programme, by)
    Programme.objects.filter(pk=programme.pk).update(logo=picture)
    touch(programme)
    log.note_of_programme(programme, by, did)


def _which(form: TogetherForm) -> str:
    names = [str(form[name].label) for name in form.changed_data if name != "seen"]
    return f": {', '.join(name[:1].lower() + name[1:] for name in names)}" if names else ""
