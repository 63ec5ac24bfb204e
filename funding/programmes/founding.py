"""Founding: a programme is begun by an owner of a project, who organises it from then on. Further
projects are asked, and run it too once an owner of theirs agrees. Nobody else begins programmes or
joins projects to them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from funding.accounts.models import User
from funding.office import names
from funding.programmes import editing, log
from funding.programmes.mail import desk as mail
from funding.programmes.models import Hosting, Part, Programme
from funding.programmes.refusals import Refused
from funding.projects import editing as project_editing
from funding.projects.models import Maintainer, Project

# Words that stand in addresses where a programme's name would.
RESERVED = names.RESERVED | {"asked", "parts", "invitation", "invitations", "certificates"}
MOST_PROJECTS = 20


def owned_by(user: User) -> QuerySet[Project]:
    """Projects in whose name this person may speak: published ones of which they are an owner."""
    theirs = Maintainer.objects.filter(user=user, role=Maintainer.Role.OWNER).values("project")
    return Project.objects.filter(pk__in=theirs, status=Project.Status.PUBLISHED).order_by("name")


@transaction.atomic
def begin(
    *, programme: Programme, projects: Sequence[Project], by: User, now: datetime
) -> Programme:
    """A new programme that only its people see, organised by whoever began it. The same form sent
    twice finds the first."""
    if not User.objects.hold(by):  # one beginning a person at a time
        raise Refused("This account is closed, so nothing was begun.")
    same = {"name": programme.name, "summary": programme.summary, "published_at": None}
    if found := Programme.objects.run_by(by).filter(**same).first():
        return found
    programme.created_at = now
    names.save_new(programme, programme.name, reserved=RESERVED)
    Part.objects.create(programme=programme, user=by, role=Part.Role.ORGANISER, since=now)
    Hosting.objects.bulk_create(
        Hosting(programme=programme, project=one, asked_by=by, asked_at=now, joined_at=now)
        for one in projects
    )
    for one in projects:
        project_editing.note_hosting(one.pk)
    return programme


@transaction.atomic
def ask(*, programme: Programme, project: Project, by: User, now: datetime) -> Hosting:
    """Another project is asked to run it too; one of the organiser's own joins at once. Raises
    `Refused` for one that was asked already."""
    editing.lock(programme, by, "run")
    if programme.hostings.filter(project=project).exists():
        raise Refused(f"{project} runs it already, or was asked before.")
    if programme.hostings.count() >= MOST_PROJECTS:
        raise Refused(f"{MOST_PROJECTS} projects are the most that can run one programme.")
    is_own = owned_by(by).filter(pk=project.pk).exists()
    made = Hosting.objects.create(
        programme=programme, project=project, asked_by=by, asked_at=now,
        joined_at=now if is_own else None,
    )  # fmt: skip
    if is_own:
        _joined(made, by)
    else:
        log.note_of_programme(programme, by, f"asked {project} to run it too")
        mail.project_asked(made)
    return made


def asked_of(user: User) -> QuerySet[Hosting]:
    """What waits for a word of this person, as an owner of the project that is asked."""
    rows = Hosting.objects.filter(joined_at=None, project__in=owned_by(user))
    return rows.select_related("programme", "project", "asked_by")


@transaction.atomic
def agree(*, hosting: Hosting, by: User, now: datetime) -> None:
    """The project runs the programme too from now on."""
    row = _asked(hosting, by)
    row.joined_at = now
    row.save(update_fields=["joined_at"])
    _joined(row, by)
    mail.project_answered(row, by=by, agreed=True)


@transaction.atomic
def decline(*, hosting: Hosting, by: User) -> None:
    """Nothing has changed; it may be asked again."""
    row = _asked(hosting, by)
    mail.project_answered(row, by=by, agreed=False)
    log.note_of_programme(row.programme, by, f"declined for {row.project}")
    row.delete()


@transaction.atomic
def take_away(*, hosting: Hosting, by: User) -> None:
    """The project runs it no longer, or is asked no longer. One runs it, always."""
    editing.lock(hosting.programme, by, "run")
    row = Hosting.objects.filter(pk=hosting.pk).select_related("programme", "project").first()
    if row is None:
        return
    others = row.programme.hostings.exclude(pk=row.pk).exclude(joined_at=None)
    if row.joined_at and not others.exists():
        raise Refused(f"{row.project} is the only project that runs it, so it stays.")
    row.delete()
    project_editing.touch(row.project_id)
    log.note_of_programme(row.programme, by, f"took {row.project} out")


def _asked(hosting: Hosting, by: User) -> Hosting:
    """As it is now, under the programme's lock. Raises `Refused` when it is not theirs to answer."""
    Programme.objects.select_for_update(of=("self",)).get(pk=hosting.programme_id)
    row = asked_of(by).filter(pk=hosting.pk).first()
    if row is None:
        raise Refused("This was answered or taken back meanwhile, so nothing was changed.")
    return row


def _joined(row: Hosting, by: User) -> None:
    project_editing.note_hosting(row.project_id)
    log.note_of_programme(row.programme, by, f"let {row.project} run it too")
