"""Publishing: a project is begun as a draft that only its maintainers see, gets what a page needs,
and is then for everybody. Nobody else makes projects or publishes them."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from funding.accounts.models import User
from funding.office import clock, names
from funding.projects import editing
from funding.projects.models import Maintainer, Project

Status = Project.Status


@dataclass(frozen=True, slots=True)
class Item:
    """Something that a page should have: in words, whether it is there, and where it is put down
    (the name of a desk page). What is not needed is only a good idea."""

    words: str
    is_done: bool
    page: str = ""
    is_needed: bool = True


class NotReady(Exception):
    """What a page needs is not all there; `missing` says what."""

    def __init__(self, missing: list[Item]) -> None:
        super().__init__("Not all that a page needs is there yet.")
        self.missing = missing


@transaction.atomic
def begin(*, project: Project, by: User) -> Project:
    """A new draft, owned by whoever began it. The same form sent twice finds the first."""
    if not User.objects.hold(by):  # one beginning a person at a time
        raise PermissionDenied("This account is closed, so nothing was begun.")
    same = {name: getattr(project, name) for name in ("name", "summary", "currency", "day_rate")}
    if found := Project.objects.run_by(by).filter(status=Status.DRAFT, **same).first():
        return found
    project.status, project.created_at = Status.DRAFT, clock.now()
    names.save_new(project, project.name)
    Maintainer.objects.create(project=project, user=by, role=Maintainer.Role.OWNER)
    editing.recount(project)
    editing.note(project, by, "began the project")
    return project


def checklist(project: Project) -> list[Item]:
    """What the page has and what it lacks, in the order in which one would see to it."""
    return [
        Item("A description", bool(project.description.strip()), "texts"),
        Item("A licence", bool(project.licence), "texts"),
        Item("Its source code or website", bool(project.website or project.repository), "texts"),
        Item("Somebody whose work is paid for", project.people.that_stay().exists(), "people"),
        Item("A day rate and at least one goal", project.goals.exists(), "goals"),
        Item("At least one tier on offer", project.tiers.on_offer().exists(), "tiers"),
        Item("A logo", project.logo_id is not None, "logo", is_needed=False),
        Item("A first update", project.updates.published().exists(), "updates", is_needed=False),
    ]


def missing(project: Project) -> list[Item]:
    return [item for item in checklist(project) if item.is_needed and not item.is_done]


@transaction.atomic
def publish(*, project: Project, by: User) -> bool:
    """Show it to everybody; False when somebody did so before. Raises `NotReady`."""
    editing.lock(project, by, "run")
    project = Project.objects.get(pk=project.pk)
    if not project.is_draft:
        return False
    if lacking := missing(project):
        raise NotReady(lacking)
    project.status, project.published_at = Status.PUBLISHED, clock.now()
    project.save(update_fields=["status", "published_at"])
    editing.touch(project.pk)
    editing.note(project, by, "published the project")
    return True
