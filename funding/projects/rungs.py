"""Rungs: the ladder of goals, and what a day rate means. Everything happens under the project's
lock, so that two who move rungs at once leave a proper order."""

from dataclasses import dataclass

from django.db import transaction

from funding.accounts.models import User
from funding.ledger.money import EXPONENTS, Money
from funding.projects import editing, worktime
from funding.projects.forms import GoalForm
from funding.projects.models import Funding, Goal, Project


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a day rate makes of time and money, a month."""

    rate: Money
    day: Money
    week: Money
    amounts: list[Money]  # examples of what somebody gives


def meaning(project: Project) -> Meaning:
    rate = project.money(project.day_rate)
    exponent = EXPONENTS[project.currency]
    hundred = 100 * 10**exponent if exponent else 10_000  # of yen a hundred is less than a pound
    return Meaning(
        rate=rate,
        day=worktime.monthly_cost(1, rate),
        week=worktime.monthly_cost(worktime.FULL_WEEK, rate),
        amounts=[project.money(hundred), project.money(10 * hundred)],
    )


def steps(project: Project) -> list[tuple[Goal, worktime.Rung]]:
    """The goals in their order, each with what it costs together with those below it."""
    goals = list(project.goals.all())
    funding = Funding.objects.filter(pk=project.pk).first() or Funding()
    rungs = worktime.ladder(
        [(goal.title, goal.description, goal.days) for goal in goals],
        project.money(funding.committed),
        project.money(project.day_rate),
    )
    return list(zip(goals, rungs, strict=True))


@transaction.atomic
def put(form: GoalForm, *, project: Project, by: User) -> bool:
    """Save a goal; a new one stands on top. False when the form says what is to be mended."""
    goal = form.instance
    if goal.pk:
        return editing.save(
            form, project=project, by=by, what=f"the goal “{form.initial['title']}”"
        )
    editing.lock(project, by)
    highest = project.goals.order_by("-position").first()
    goal.position = highest.position + 1 if highest else 0
    return editing.save(form, project=project, by=by, what="the goal")


@transaction.atomic
def move(goal: Goal, way: str, *, project: Project, by: User) -> int:
    """One place "up" or "down" the list; answers where it stands then, counted from 1."""
    editing.lock(project, by)
    goals = list(project.goals.all())
    return editing.move(goal, way, among=goals, by=by, project=project, what=f"the goal “{goal}”")


@transaction.atomic
def remove(goal: Goal, *, project: Project, by: User) -> None:
    editing.lock(project, by)
    if project.goals.filter(pk=goal.pk).delete()[0]:
        editing.recount(project)
        editing.note(project, by, f"removed the goal “{goal}”")
