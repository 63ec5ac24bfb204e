"""Staffing: whose working time a project's money pays. Somebody who was paid stays in the books, and
is only shown no longer."""

from decimal import Decimal

from django.db import transaction

from funding.accounts.models import User
from funding.office import clock
from funding.projects import editing
from funding.projects.forms import PersonForm
from funding.projects.models import FundedPerson, Project


def days_without_goal(project: Project) -> Decimal:
    """By how many days a week the people's time is more than all goals ask for; 0 if it is not, and
    while there is no goal to compare with."""
    goals = sum((goal.days for goal in project.goals.all()), Decimal(0))
    people = sum((person.days for person in project.people.that_stay()), Decimal(0))
    return max(people - goals, Decimal(0)) if goals else Decimal(0)


def is_last(person: FundedPerson, *, project: Project) -> bool:
    """Whether a page that everybody sees names nobody else."""
    return project.is_open and not project.people.that_stay().exclude(pk=person.pk).exists()


@transaction.atomic
def put(form: PersonForm, *, project: Project, by: User) -> bool:
    """Save somebody; who is new comes last. False when the form says what is to be mended."""
    person = form.instance
    if person.pk:
        return editing.save(
            form, project=project, by=by, what=f"the person “{form.initial['name']}”"
        )
    editing.lock(project, by)
    last = project.people.order_by("-position").first()
    person.position = last.position + 1 if last else 0
    return editing.save(form, project=project, by=by, what="the person")


@transaction.atomic
def move(person: FundedPerson, way: str, *, project: Project, by: User) -> int:
    """One place "up" or "down" the list; answers where they stand then, counted from 1."""
    editing.lock(project, by)
    people = list(project.people.that_stay())
    return editing.move(
        person, way, among=people, by=by, project=project, what=f"the person “{person}”"
    )


@transaction.atomic
def remove(person: FundedPerson, *, project: Project, by: User) -> None:
    """Show them no longer; who was never paid is forgotten."""
    editing.lock(project, by)
    there = project.people.that_stay().filter(pk=person.pk)
    if person.payments.exists():
        gone = there.update(left_at=clock.now())
    else:
        gone = there.delete()[0]
    if gone:
        editing.touch(project.pk)
        editing.note(project, by, f"removed the person “{person}”")
