"""Ideas: what everybody sees on offer, and the desk on which they are proposed and taken in."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from funding.accounts.access import person
from funding.office import clock
from funding.programmes import access, deadlines, ideas
from funding.programmes.forms.ideas import DeclineForm, IdeaForm
from funding.programmes.models import Idea, Round
from funding.programmes.refusals import Refused
from funding.programmes.views.applying import public_round
from funding.programmes.views.doors import round_desk, show, typed

FORM = ["GET", "HEAD", "POST"]


@require_safe
def on_offer(request: HttpRequest, slug: str, round_slug: str) -> HttpResponse:
    """What participants could work on, and how full each is."""
    round_ = public_round(slug, round_slug)
    there = [(one, ideas.is_full(one, round_)) for one in ideas.on_offer(round_)]
    known: dict[str, Any] = {
        "round": round_, "programme": round_.programme, "ideas": there,
        "window": deadlines.window(round_, now=clock.now()),
    }  # fmt: skip
    return render(request, "programmes/ideas.html", known)


@require_safe
@round_desk("propose")
def desk(request: HttpRequest, round_: Round) -> HttpResponse:
    """All that were proposed; organisers see what waits for them first."""
    user, is_organiser = person(request), _is_organiser(request, round_)
    rows = round_.ideas.select_related("project", "proposed_by").prefetch_related("mentors__user")
    there = [
        (one, ideas.may_change(one, user, is_organiser=is_organiser))
        for one in sorted(rows, key=lambda one: (one.status != Idea.Status.PROPOSED, one.pk))
    ]
    why_not = ideas.why_not(user, round_, now=clock.now())
    known: dict[str, Any] = {"ideas": there, "why_not": why_not, "is_organiser": is_organiser}
    return show(request, "ideas", round_, tab="round-ideas", **known)


@require_http_methods(FORM)
@round_desk("propose")
def edit(request: HttpRequest, round_: Round, idea_id: int | None = None) -> HttpResponse:
    """Propose one, or change one that may still be changed."""
    row = Idea(round=round_)
    if idea_id:
        row = _own(request, round_, idea_id)
    form, refused = IdeaForm(typed(request), instance=row, programme=round_.programme), ""
    if request.method == "POST":
        try:
            if ideas.put(form, round_=round_, by=person(request)):
                messages.success(request, _said(form.instance))
                return redirect("programmes:round-ideas", round_.programme.slug, round_.slug)
        except Refused as error:
            refused = str(error)
    else:
        refused = ideas.why_not(person(request), round_, now=clock.now())
    is_new = row._state.adding
    status = 409 if refused and form.is_bound else 422 if form.is_bound else 200
    known: dict[str, Any] = {
        "form": form,
        "refused": refused,
        "is_new": is_new,
        "tab": "round-ideas",
    }
    return show(request, "idea", round_, status=status, **known)


@require_POST
@round_desk("edit")
def accept(request: HttpRequest, round_: Round, idea_id: int) -> HttpResponse:
    row = get_object_or_404(round_.ideas, pk=idea_id)
    try:
        ideas.accept(idea=row, by=person(request))
        messages.success(request, f"“{row}” is on offer now.")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("programmes:round-ideas", round_.programme.slug, round_.slug)


@require_http_methods(FORM)
@round_desk("edit")
def decline(request: HttpRequest, round_: Round, idea_id: int) -> HttpResponse:
    """With a reason that who proposed it is told."""
    row = get_object_or_404(round_.ideas, pk=idea_id)
    form, refused = DeclineForm(typed(request)), ""
    if request.method == "POST":
        try:
            if ideas.decline(form, idea=row, by=person(request)):
                messages.success(request, f"“{row}” is not taken in.")
                return redirect("programmes:round-ideas", round_.programme.slug, round_.slug)
        except Refused as error:
            refused = str(error)
    status = 409 if refused else 422 if form.is_bound else 200
    known: dict[str, Any] = {"form": form, "idea": row, "refused": refused, "tab": "round-ideas"}
    return show(request, "decline_idea", round_, status=status, **known)


@require_http_methods(FORM)
@round_desk("propose")
def withdraw(request: HttpRequest, round_: Round, idea_id: int) -> HttpResponse:
    """What it means, said first."""
    row, refused = _own(request, round_, idea_id), ""
    if request.method == "POST":
        try:
            ideas.withdraw(idea=row, by=person(request))
            messages.success(request, f"“{row}” is withdrawn.")
            return redirect("programmes:round-ideas", round_.programme.slug, round_.slug)
        except Refused as error:
            refused = str(error)
    known: dict[str, Any] = {"idea": row, "refused": refused, "tab": "round-ideas"}
    return show(request, "withdraw_idea", round_, status=409 if refused else 200, **known)


def _own(request: HttpRequest, round_: Round, idea_id: int) -> Idea:
    """One that this person may change; to others there is none."""
    row = get_object_or_404(round_.ideas.select_related("round__programme"), pk=idea_id)
    is_organiser = _is_organiser(request, round_)
    if not is_organiser and row.proposed_by_id != person(request).pk:
        raise Http404
    return row


def _is_organiser(request: HttpRequest, round_: Round) -> bool:
    return access.may(person(request), "edit", round_.programme)


def _said(idea: Idea) -> str:
    if idea.status == Idea.Status.ACCEPTED:
        return f"“{idea}” is on offer."
    return f"“{idea}” is proposed. The organisers decide, and you get a mail."
