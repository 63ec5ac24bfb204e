"""Who runs a project: the list, invitations and their answers, and parts that change hands."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from funding.accounts.access import person
from funding.accounts.models import User
from funding.office import clock
from funding.projects import access, team
from funding.projects.forms.team import LEAVE, HandOverForm, InvitationForm, RoleForm
from funding.projects.models import Invitation, Maintainer
from funding.projects.refusals import Refused
from funding.projects.views.doors import desk, show

either = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@desk("see")
def members(request: HttpRequest, maintainer: Maintainer) -> HttpResponse:
    """Everybody who runs it; for owners, who is asked to."""
    people = Maintainer.objects.filter(project=maintainer.project_id).select_related("user")
    invited = Invitation.objects.none()
    if access.may(maintainer, "run"):
        invited = Invitation.objects.filter(
            project=maintainer.project_id, accepted_at=None, withdrawn_at=None
        ).select_related("invited_by")
    return show(
        request, "team", maintainer, tab="team", people=people, invited=invited, now=clock.now()
    )


@either
@desk("run", certain=True)
def invite(request: HttpRequest, maintainer: Maintainer) -> HttpResponse:
    form = InvitationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        email, role = form.cleaned_data["email"], form.cleaned_data["role"]
        try:
            team.invite(
                project=maintainer.project, email=email, role=role, by=maintainer.user,
                now=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{email} is invited. The link in the mail holds 7 days.")
            return _to_team(maintainer)
    status = 422 if request.method == "POST" else 200
    return show(request, "invite", maintainer, status=status, tab="team", form=form)


@require_POST
@desk("run")
def send_again(request: HttpRequest, maintainer: Maintainer, invitation_id: int) -> HttpResponse:
    asked = _invitation(maintainer, invitation_id)
    return _do(
        request, maintainer, f"{asked.email} is invited once more. The link sent before is dead.",
        lambda: team.send_again(invitation=asked, by=maintainer.user, now=clock.now()),
    )  # fmt: skip


@require_POST
@desk("run")
def withdraw(request: HttpRequest, maintainer: Maintainer, invitation_id: int) -> HttpResponse:
    asked = _invitation(maintainer, invitation_id)
    return _do(
        request, maintainer, f"The invitation of {asked.email} is withdrawn.",
        lambda: team.withdraw(invitation=asked, by=maintainer.user, now=clock.now()),
    )  # fmt: skip


@either
@desk("run", certain=True)
def change_role(request: HttpRequest, maintainer: Maintainer, member_id: int) -> HttpResponse:
    member = _member(maintainer, member_id)
    form = RoleForm(request.POST if request.method == "POST" else None, initial=_role_of(member))
    if request.method == "POST" and form.is_valid():
        role = form.cleaned_data["role"]
        return _do(
            request, maintainer, f"{member.user} is {access.a(role)} from now on.",
            lambda: team.change_role(maintainer=member, role=role, by=maintainer.user),
        )  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return show(
        request, "change_role", maintainer, status=status, tab="team", form=form, member=member
    )


@either
@desk("run", certain=True)
def remove(request: HttpRequest, maintainer: Maintainer, member_id: int) -> HttpResponse:
    member = _member(maintainer, member_id)
    if request.method != "POST":
        return show(request, "remove_member", maintainer, tab="team", member=member)
    return _do(
        request, maintainer, f"{member.user} does not run {maintainer.project} any more.",
        lambda: team.remove(maintainer=member, by=maintainer.user),
    )  # fmt: skip


@either
@desk("see")
def leave(request: HttpRequest, maintainer: Maintainer) -> HttpResponse:
    if request.method != "POST":
        owners = Maintainer.objects.filter(project=maintainer.project_id, role=team.OWNER)
        alone = not owners.exclude(pk=maintainer.pk).exists() and maintainer.role == team.OWNER
        return show(request, "leave", maintainer, tab="team", alone=alone)
    try:
        team.leave(maintainer=maintainer)
    except Refused as refused:
        messages.error(request, str(refused))
        return _to_team(maintainer)
    messages.success(request, f"You do not run {maintainer.project} any more.")
    return redirect("projects:maintain")


@either
@desk("run", certain=True)
def hand_over(request: HttpRequest, maintainer: Maintainer) -> HttpResponse:
    form = HandOverForm(request.POST if request.method == "POST" else None, owner=maintainer)
    if request.method == "POST" and form.is_valid():
        to, then = form.cleaned_data["to"], form.cleaned_data["then"]
        try:
            team.hand_over(owner=maintainer, to=to, then=None if then == LEAVE else then)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{to.user} is an owner of {maintainer.project} now.")
            return redirect("projects:maintain") if then == LEAVE else _to_team(maintainer)
    status = 422 if request.method == "POST" else 200
    return show(request, "hand_over", maintainer, status=status, tab="team", form=form)


# For who is asked


@never_cache
@either
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Where the link in the mail leads, whoever holds it and whatever became of it."""
    return _answer(request, team.by_secret(secret))


@never_cache
@either
@login_required
def waiting(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """The same for who has shown that the address is theirs, without the link."""
    asked = Invitation.objects.select_related("project", "invited_by").filter(pk=invitation_id)
    found = asked.first()
    if found is None or not team.is_theirs(found, person(request)):
        raise Http404
    return _answer(request, found)


def _answer(request: HttpRequest, asked: Invitation | None) -> HttpResponse:
    user = request.user if isinstance(request.user, User) else None
    known: dict[str, Any] = {"invitation": asked, "theirs": False, "runs_it": False}
    if asked is None:
        return render(request, "projects/invitation.html", known, status=404)
    known["open"] = asked.is_waiting(clock.now())
    known["means"] = Maintainer.Role(asked.role).means
    if user:
        known["theirs"] = team.is_theirs(asked, user)
        known["runs_it"] = asked.project.maintainers.filter(user=user).exists()
    if request.method == "POST" and known["open"]:
        if user is None:
            return redirect_to_login(request.get_full_path())
        if known["theirs"]:
            return _answered(request, asked, user)
    status = 410 if not known["open"] else 403 if request.method == "POST" else 200
    return render(request, "projects/invitation.html", known, status=status)


def _answered(request: HttpRequest, asked: Invitation, user: User) -> HttpResponse:
    answer = team.decline if "decline" in request.POST else team.accept
    try:
        answer(invitation=asked, by=user, now=clock.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("projects:maintain")
    if answer is team.decline:
        messages.success(request, f"Declined. You do not run {asked.project}.")
        return redirect("projects:maintain")
    messages.success(request, f"You run {asked.project} now, as {access.a(asked.role)}.")
    return redirect("projects:desk", asked.project.slug)


def _do(
    request: HttpRequest, maintainer: Maintainer, done: str, deed: Callable[[], None]
) -> HttpResponse:
    """Do it, say so, and go back to the team; say why when it was refused."""
    try:
        deed()
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return _to_team(maintainer)


def _to_team(maintainer: Maintainer) -> HttpResponse:
    return redirect("projects:team", maintainer.project.slug)


def _invitation(maintainer: Maintainer, invitation_id: int) -> Invitation:
    rows = Invitation.objects.select_related("project")
    return get_object_or_404(rows, project=maintainer.project_id, pk=invitation_id)


def _member(maintainer: Maintainer, member_id: int) -> Maintainer:
    rows = Maintainer.objects.select_related("project", "user")
    return get_object_or_404(rows, project=maintainer.project_id, pk=member_id)


def _role_of(member: Maintainer) -> dict[str, str]:
    return {"role": member.role}
