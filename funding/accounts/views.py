"""A person's own account, beside what allauth answers."""

from collections.abc import Callable
from http import HTTPStatus

from allauth.account import views as allauth_views
from allauth.account.internal.flows import reauthentication
from allauth.account.utils import get_next_redirect_url
from allauth.core.ratelimit import respond_429
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from funding.accounts import confirming, leaving, overview, sessions
from funding.accounts.access import lately_signed_in, person
from funding.accounts.adapter import is_certain
from funding.accounts.forms import CodeForm, NameForm
from funding.office import clock

_set_password: Callable[[HttpRequest], HttpResponseBase] = lately_signed_in(
    allauth_views.password_set
)
form_methods = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Everything about one's account, each with its state."""
    return render(request, "accounts/home.html", {"account": overview.of(request=request)})


@never_cache
@form_methods
@login_required
def name(request: HttpRequest) -> HttpResponse:
    form = NameForm(request.POST or None, instance=person(request))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Your name is changed.")
        return redirect("accounts:home")
    return render(request, "accounts/name.html", {"form": form}, status=_status(request))


@never_cache
@form_methods
@login_required
def confirm(request: HttpRequest) -> HttpResponse:
    """Being asked once more who one is, with a code by mail. Nothing is sent before it is asked."""
    if not confirming.is_possible(request=request):
        return redirect(_with_next(request, reverse("account_reauthenticate")))
    if request.method == "POST" and "send" in request.POST:
        return _send_code(request)
    if request.method == "POST":
        return _enter_code(request)
    return _ask_for_code(request, CodeForm())


def _send_code(request: HttpRequest) -> HttpResponse:
    is_another = confirming.is_waiting(request=request)
    if not confirming.send_code(request=request):
        limited: HttpResponse = respond_429(request)
        return limited
    if is_another:
        messages.success(request, "We sent another code. The one before works no longer.")
    return redirect(_with_next(request, reverse("accounts:confirm")))


def _enter_code(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST)
    if form.is_valid():
        if confirming.confirm(request=request, code=form.cleaned_data["code"]):
            found = reauthentication.resume_request(request)
            return found or redirect("accounts:home")
        form.add_error("code", "This is not the code. Look at the newest mail and type it again.")
    return _ask_for_code(request, form)


def _ask_for_code(request: HttpRequest, form: CodeForm) -> HttpResponse:
    context = {
        "form": form,
        "is_waiting": confirming.is_waiting(request=request),
        "next": get_next_redirect_url(request),
        "reauthentication_alternatives": [
            way | {"url": _with_next(request, way["url"])}
            for way in confirming.other_ways(request=request)
        ],
    }
    return render(request, "accounts/confirm.html", context, status=_status(request))


@never_cache
@require_safe
@login_required
def session_list(request: HttpRequest) -> HttpResponse:
    """Where one is signed in."""
    return render(
        request, "usersessions/usersession_list.html", {"sessions": sessions.of(request=request)}
    )


@require_POST
@login_required
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    if not sessions.end(request=request, session_id=session_id):
        raise Http404
    messages.success(request, "That browser is signed out.")
    return redirect("usersessions_list")


@require_POST
@login_required
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    sessions.end_others(request=request)
    messages.success(request, "Every other browser is signed out.")
    return redirect("usersessions_list")


@never_cache
@require_safe
@login_required
@lately_signed_in
def export(request: HttpRequest) -> HttpResponse:
    """What is held about oneself, and the file of it."""
    return render(request, "accounts/export.html")


@never_cache
@require_safe
@login_required
@lately_signed_in
def export_file(request: HttpRequest) -> HttpResponse:
    response = JsonResponse(
        leaving.export(user=person(request)),
        json_dumps_params={"indent": 2, "ensure_ascii": False},
    )
    name = f"{settings.SITE_NAME.lower()}-{clock.today()}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@never_cache
@form_methods
@login_required
@lately_signed_in
def delete(request: HttpRequest) -> HttpResponse:
    """What goes and what stays, and a button."""
    if request.method == "POST":
        found = leaving.leave(user=person(request), now=clock.now())
        if not found:
            logout(request)
            messages.success(request, "Your account is deleted. We sent a last mail to say so.")
            return redirect("projects:home")
    else:
        found = leaving.hindrances(user=person(request))
    context = {"hindrances": found}
    return render(request, "accounts/delete.html", context, status=_status(request))


@never_cache
@form_methods
@login_required
def set_password(request: HttpRequest) -> HttpResponseBase:
    """allauth's, for those who are certainly it. What was typed before they were asked is dropped:
    a password is not kept in a session."""
    if request.method == "POST" and not is_certain(request):
        return redirect("account_set_password")
    return _set_password(request)


def _status(request: HttpRequest) -> HTTPStatus:
    """A form that comes back is one to be mended."""
    return HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK


def _with_next(request: HttpRequest, url: str) -> str:
    wanted = get_next_redirect_url(request)
    return f"{url}?{urlencode({'next': wanted})}" if wanted else url
