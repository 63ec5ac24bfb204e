"""Who does what for a programme: the list, parts given and taken away, invitations and answers."""

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
from funding.programmes import desks, hanging, inviting
from funding.programmes.forms.founding import GiveForm, InvitationForm
from funding.programmes.models import Part, PartInvitation, Programme
from funding.programmes.refusals import Refused
from funding.programmes.views.doors import desk, show, typed

either = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@desk("see")
def members(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Everybody with a part; for organisers, who is asked to take one."""
    invited = programme.invitations.filter(accepted_at=None, withdrawn_at=None)
    return show(
        request, "people", programme, people=desks.people_of(programme), now=clock.now(),
        invited=invited.select_related("invited_by"), tab="people",
    )  # fmt: skip


@either
@desk("run", certain=True)
def give(request: HttpRequest, programme: Programme) -> HttpResponse:
    """A part for one of the projects' people."""
    people = inviting.candidates(programme)
    form = GiveForm(typed(request), people=people)
    if request.method == "POST" and form.is_valid():
        user, role = form.cleaned_data["user"], form.cleaned_data["role"]
        try:
            inviting.give(
                programme=programme, user=user, role=role, by=person(request), now=clock.now()
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{user} is {inviting.a(role)} now, and is told so.")
            return _to_people(programme)
    status = 422 if form.is_bound else 200
    return show(request, "give", programme, form=form, status=status, tab="people")


@either
@desk("run", certain=True)
def invite(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Somebody is asked by mail."""
    form = InvitationForm(typed(request))
    if request.method == "POST" and form.is_valid():
        email, role = form.cleaned_data["email"], form.cleaned_data["role"]
        try:
            inviting.invite(
                programme=programme, email=email, role=role, by=person(request), now=clock.now()
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{email} is invited. The link in the mail holds 7 days.")
            return _to_people(programme)
    status = 422 if form.is_bound else 200
    return show(request, "invite", programme, form=form, status=status, tab="people")


@either
@desk("run", certain=True)
def take_away(request: HttpRequest, programme: Programme, part_id: int) -> HttpResponse:
    rows = programme.parts.select_related("user")
    part = get_object_or_404(rows, pk=part_id)
    if request.method != "POST":
        hangs = hanging.of(part)
        return show(request, "remove_part", programme, part=part, hangs=hangs, tab="people")
    done = f"{part.user} is no longer {inviting.a(part.role)}."
    _do(request, done, lambda: inviting.take_away(part=part, by=person(request)))
    if not programme.parts.filter(user=person(request), role=Part.Role.ORGANISER).exists():
        return redirect("programmes:mine")
    return _to_people(programme)


@require_POST
@desk("run")
def send_again(request: HttpRequest, programme: Programme, invitation_id: int) -> HttpResponse:
    asked = _invitation(programme, invitation_id)
    done = f"{asked.email} is invited once more. The link sent before is dead."
    by, now = person(request), clock.now()
    _do(request, done, lambda: inviting.send_again(invitation=asked, by=by, now=now))
    return _to_people(programme)


@require_POST
@desk("run")
def withdraw(request: HttpRequest, programme: Programme, invitation_id: int) -> HttpResponse:
    asked = _invitation(programme, invitation_id)
    done = f"The invitation of {asked.email} is withdrawn."
    by, now = person(request), clock.now()
    _do(request, done, lambda: inviting.withdraw(invitation=asked, by=by, now=now))
    return _to_people(programme)


@never_cache
@login_required
@either
def give_up(request: HttpRequest, part_id: int) -> HttpResponse:
    """A part of one's own."""
    rows = Part.objects.filter(user=person(request)).select_related("programme", "user")
    part = get_object_or_404(rows, pk=part_id)
    if request.method != "POST":
        known = {"part": part, "hangs": hanging.of(part)}
        return render(request, "programmes/desk/give_up.html", known)
    done = f"You are no longer {inviting.a(part.role)} of {part.programme}."
    _do(request, done, lambda: inviting.give_up(part=part, by=person(request)))
    return redirect("programmes:mine")


# For who is asked


@never_cache
@either
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Where the link in the mail leads, whoever holds it and whatever became of it."""
    return _answer(request, inviting.by_secret(secret))


@never_cache
@login_required
@either
def waiting(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """The same for who has shown that the address is theirs, without the link."""
    rows = PartInvitation.objects.select_related("programme", "invited_by")
    found = rows.filter(pk=invitation_id).first()
    if found is None or not inviting.is_theirs(found, person(request)):
        raise Http404
    return _answer(request, found)


def _answer(request: HttpRequest, asked: PartInvitation | None) -> HttpResponse:
    user = request.user if isinstance(request.user, User) else None
    known: dict[str, Any] = {"invitation": asked, "theirs": False}
    template = "programmes/invitation.html"
    if asked is None:
        return render(request, template, known, status=404)
    known["open"] = inviting.is_waiting(asked, clock.now())
    known["theirs"] = user is not None and inviting.is_theirs(asked, user)
    known |= desks.asked_in_words(asked)
    if request.method == "POST" and known["open"]:
        if user is None:
            return redirect_to_login(request.get_full_path())
        if known["theirs"]:
            return _answered(request, asked, user)
    status = 410 if not known["open"] else 403 if request.method == "POST" else 200
    return render(request, template, known, status=status)


def _answered(request: HttpRequest, asked: PartInvitation, user: User) -> HttpResponse:
    if "decline" in request.POST:
        done = "Declined. Nothing has changed."
        _do(request, done, lambda: inviting.decline(invitation=asked, by=user, now=clock.now()))
    else:
        done = f"You are {inviting.a(asked.role)} of {asked.programme} now."
        _do(request, done, lambda: inviting.accept(invitation=asked, by=user, now=clock.now()))
    return redirect("programmes:mine")


def _do(request: HttpRequest, done: str, deed: Callable[[], None]) -> None:
    """Do it and say so; say why when it was refused."""
    try:
        deed()
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)


def _to_people(programme: Programme) -> HttpResponse:
    return redirect("programmes:people", programme.slug)


def _invitation(programme: Programme, invitation_id: int) -> PartInvitation:
    rows = PartInvitation.objects.select_related("programme")
    return get_object_or_404(rows, programme=programme, pk=invitation_id)
