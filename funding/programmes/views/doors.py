"""What every door to a programme's desk has in common: signed in, a part in the programme, and a role
that allows the deed."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from funding.accounts.access import lately_signed_in, person
from funding.programmes import access
from funding.programmes.models import Programme, Round

ProgrammeView = Callable[Concatenate[HttpRequest, Programme, ...], HttpResponse]
RoundView = Callable[Concatenate[HttpRequest, Round, ...], HttpResponse]


def desk(
    deed: str, *, certain: bool = False
) -> Callable[[ProgrammeView], Callable[..., HttpResponse]]:
    """A view of a programme's desk, for whoever may do `deed`: it gets the programme in place of the
    slug. `certain` asks them once more who they are, before what matters."""

    def wrap(view: ProgrammeView) -> Callable[..., HttpResponse]:
        @wraps(view)
        def door(request: HttpRequest, slug: str, **rest: Any) -> HttpResponse:
            programme = access.programme_for(person(request), deed, slug)
            return _enter(view, programme, certain=certain)(request, **rest)

        return never_cache(login_required(door))

    return wrap


def round_desk(
    deed: str, *, certain: bool = False
) -> Callable[[RoundView], Callable[..., HttpResponse]]:
    """The same of one of its rounds, with its programme and its call, if it has one."""

    def wrap(view: RoundView) -> Callable[..., HttpResponse]:
        @wraps(view)
        def door(request: HttpRequest, slug: str, round_slug: str, **rest: Any) -> HttpResponse:
            round_ = access.round_for(person(request), deed, slug, round_slug)
            return _enter(view, round_, certain=certain)(request, **rest)

        return never_cache(login_required(door))

    return wrap


def _enter(
    view: Callable[..., HttpResponse], thing: object, *, certain: bool
) -> Callable[..., HttpResponse]:
    def go(request: HttpRequest, **rest: Any) -> HttpResponse:
        return view(request, thing, **rest)

    return lately_signed_in(go) if certain else go


def show(
    request: HttpRequest,
    template: str,
    thing: Programme | Round,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """A page of the desk: `templates/programmes/desk/<template>.html`."""
    round_ = thing if isinstance(thing, Round) else None
    programme = thing.programme if isinstance(thing, Round) else thing
    known = {
        "programme": programme,
        "round": round_,
        "deeds": access.deeds(person(request), programme, round_),
    }
    return render(request, f"programmes/desk/{template}.html", {**known, **context}, status=status)


def typed(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, be it nothing at all; None where it is only looked at."""
    return request.POST if request.method == "POST" else None
