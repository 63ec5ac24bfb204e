"""What a project asks for and offers: its people, its goals, its tiers."""

from collections.abc import Callable
from copy import copy
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from funding.accounts.access import person
from funding.office.forms import TogetherForm
from funding.projects import editing, offering, rungs, staffing
from funding.projects.forms import GoalForm, PersonForm, RateForm, TierForm
from funding.projects.models import FundedPerson, Goal, Maintainer, Tier
from funding.projects.views.doors import desk, show, typed

FORM = ["GET", "HEAD", "POST"]

# People


@require_safe
@desk("edit")
def people(request: HttpRequest, maintainer: Maintainer) -> HttpResponse:
    """Whose work the money pays."""
    there = list(maintainer.project.people.that_stay())
    too_many = staffing.days_without_goal(maintainer.project)
    return show(request, "people", maintainer, people=there, too_many=too_many, tab="people")


@require_http_methods(FORM)
@desk("edit")
def edit_person(
    request: HttpRequest, maintainer: Maintainer, person_id: int | None = None
) -> HttpResponse:
    """Somebody new, or one who is there."""
    one = FundedPerson(project=maintainer.project)
    if person_id:
        one = _one(maintainer.project.people.that_stay(), person_id)
    form = PersonForm(typed(request), instance=one)
    return _edit(request, maintainer, form, staffing.put, "people", "person")


@require_POST
@desk("edit")
def move_person(request: HttpRequest, maintainer: Maintainer, person_id: int) -> HttpResponse:
    one = _one(maintainer.project.people.that_stay(), person_id)
    return _move(request, maintainer, one, staffing.move, "people")


@require_http_methods(FORM)
@desk("edit")
def remove_person(request: HttpRequest, maintainer: Maintainer, person_id: int) -> HttpResponse:
    """What removing them means, said first."""
    one = _one(maintainer.project.people.that_stay(), person_id)
    if request.method != "POST":
        known = {"person": one, "was_paid": one.payments.exists()}
        known["is_last"] = staffing.is_last(one, project=maintainer.project)
        return show(request, "remove_person", maintainer, tab="people", **known)
    staffing.remove(one, project=maintainer.project, by=person(request))
    messages.success(request, f"{one} is removed.")
    return redirect("projects:people", maintainer.project.slug)


# Goals


@require_http_methods(FORM)
@desk("edit")
def goals(request: HttpRequest, maintainer: Maintainer) -> HttpResponse:
    """The day rate with what it means, and the ladder. "See what it means" saves nothing."""
    project, priced = maintainer.project, copy(maintainer.project)
    form = RateForm(typed(request), instance=priced)
    is_look, what = "preview" in request.POST, "what a day costs"
    if (
        form.is_bound
        and not is_look
        and editing.save(form, project=project, by=person(request), what=what)
    ):
        messages.success(request, "Saved. The goals are priced by it.")
        return redirect("projects:goals", project.slug)
    status, priced = (422, project) if form.errors else (200, priced)
    known = {"meaning": rungs.meaning(priced), "steps": rungs.steps(priced), "priced": priced}
    only_look = is_look and not form.errors
    known |= {"form": form, "only_look": only_look, "tab": "goals"}
    return show(request, "goals", maintainer, status=status, **known)


@require_http_methods(FORM)
@desk("edit")
def edit_goal(
    request: HttpRequest, maintainer: Maintainer, goal_id: int | None = None
) -> HttpResponse:
    """A new rung on top, or one that is there."""
    goal = Goal(project=maintainer.project)
    if goal_id:
        goal = _one(maintainer.project.goals.all(), goal_id)
    form = GoalForm(typed(request), instance=goal)
    return _edit(request, maintainer, form, rungs.put, "goals", "goal")


@require_POST
@desk("edit")
def move_goal(request: HttpRequest, maintainer: Maintainer, goal_id: int) -> HttpResponse:
    goal = _one(maintainer.project.goals.all(), goal_id)
    return _move(request, maintainer, goal, rungs.move, "goals")


@require_http_methods(FORM)
@desk("edit")
def remove_goal(request: HttpRequest, maintainer: Maintainer, goal_id: int) -> HttpResponse:
    """What removing it means, said first."""
    project = maintainer.project
    goal = _one(project.goals.all(), goal_id)
    if request.method != "POST":
        rung = next(rung for one, rung in rungs.steps(project) if one == goal)
        return show(request, "remove_goal", maintainer, goal=goal, rung=rung, tab="goals")
    rungs.remove(goal, project=project, by=person(request))
    messages.success(request, f"“{goal}” is removed.")
    return redirect("projects:goals", project.slug)


# Tiers


@require_safe
@desk("edit")
def tiers(request: HttpRequest, maintainer: Maintainer) -> HttpResponse:
    """What can be bought, and what is closed."""
    there = list(maintainer.project.tiers.with_promises())
    for tier in there:
        tier.project = maintainer.project
    return show(request, "tiers", maintainer, tiers=there, tab="tiers")


@require_http_methods(FORM)
@desk("edit")
def edit_tier(
    request: HttpRequest, maintainer: Maintainer, tier_id: int | None = None
) -> HttpResponse:
    """A new tier, or one that is there."""
    tier = Tier(project=maintainer.project)
    if tier_id:
        tier = _one(maintainer.project.tiers.prefetch_related("benefits"), tier_id)
    form = TierForm(typed(request), instance=tier)
    return _edit(request, maintainer, form, offering.put, "tiers", "tier")


@require_POST
@desk("edit")
def move_tier(request: HttpRequest, maintainer: Maintainer, tier_id: int) -> HttpResponse:
    tier = _one(maintainer.project.tiers.all(), tier_id)
    return _move(request, maintainer, tier, offering.move, "tiers")


@require_http_methods(FORM)
@desk("edit")
def close_tier(request: HttpRequest, maintainer: Maintainer, tier_id: int) -> HttpResponse:
    """Who has it keeps it; nobody new can take it. Said first."""
    tier = _one(maintainer.project.tiers.all(), tier_id)
    if request.method != "POST":
        last = offering.is_last(tier, project=maintainer.project)
        return show(request, "close_tier", maintainer, tier=tier, is_last=last, tab="tiers")
    offering.close(tier, project=maintainer.project, by=person(request))
    messages.success(request, f"{tier.name} is closed. Nobody new can take it.")
    return redirect("projects:tiers", maintainer.project.slug)


@require_POST
@desk("edit")
def reopen_tier(request: HttpRequest, maintainer: Maintainer, tier_id: int) -> HttpResponse:
    tier = _one(maintainer.project.tiers.all(), tier_id)
    offering.reopen(tier, project=maintainer.project, by=person(request))
    messages.success(request, f"{tier.name} is on offer again.")
    return redirect("projects:tiers", maintainer.project.slug)


@require_http_methods(FORM)
@desk("edit")
def remove_tier(request: HttpRequest, maintainer: Maintainer, tier_id: int) -> HttpResponse:
    """A tier that nobody ever took; others are closed."""
    tier = _one(maintainer.project.tiers.all(), tier_id)
    if request.method != "POST":
        known = {"tier": tier, "was_sold": offering.was_sold(tier)}
        known["is_last"] = offering.is_last(tier, project=maintainer.project)
        return show(request, "remove_tier", maintainer, tab="tiers", **known)
    try:
        offering.remove(tier, project=maintainer.project, by=person(request))
        messages.success(request, f"{tier.name} is removed.")
    except offering.WasSold:
        messages.error(request, f"{tier.name} was bought, so it stays. Close it instead.")
    return redirect("projects:tiers", maintainer.project.slug)


# What they have in common


def _one(rows: Any, pk: int) -> Any:
    """A row of this project's, or 404."""
    return get_object_or_404(rows, pk=pk)


def _edit(
    request: HttpRequest,
    maintainer: Maintainer,
    form: TogetherForm,
    put: Callable[..., bool],
    tab: str,
    what: str,
) -> HttpResponse:
    """The form of a row, and back to the list of its kind once it is saved."""
    name, project = str(form.instance), maintainer.project
    if request.method == "POST" and put(form, project=project, by=person(request)):
        messages.success(request, "Saved.")
        return redirect(f"projects:{tab}", project.slug)
    status = 422 if form.is_bound else 200
    is_new = form.instance._state.adding
    return show(
        request, what, maintainer, form=form, name=name, is_new=is_new, status=status, tab=tab
    )


def _move(
    request: HttpRequest, maintainer: Maintainer, row: Any, move: Callable[..., int], tab: str
) -> HttpResponse:
    """A place up or down; the list then has the focus on the same button."""
    way = request.POST.get("way", "")
    if way not in editing.WAYS:
        raise BadRequest("A row moves up or down.")
    place = move(row, way, project=maintainer.project, by=person(request))
    name = getattr(row, "name", "") or str(row)
    told = f"{name} is number {place} now." if place else f"{name} is there no longer."
    messages.success(request, told)
    address = reverse(f"projects:{tab}", args=[maintainer.project.slug])
    return redirect(f"{address}?moved={row.pk}&way={way}")
