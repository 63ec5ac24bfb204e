"""What every door to a project's desk has in common: signed in, a part in the project, and a role
that allows the deed."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from funding.accounts.access import lately_signed_in, person
from funding.projects import access
from funding.projects.models import Maintainer

View = Callable[Concatenate[HttpRequest, Maintainer, ...], HttpResponse]


def desk(deed: str, *, certain: bool = False) -> Callable[[View], Callable[..., HttpResponse]]:
    """A view of a project's desk, for whoever may do `deed`: it gets their `Maintainer` with its
    project in place of the slug. `certain` asks them once more who they are, before what matters."""

    def wrap(view: View) -> Callable[..., HttpResponse]:
        @wraps(view)
        def door(request: HttpRequest, slug: str, **rest: Any) -> HttpResponse:
            maintainer = access.maintainer_for(person(request), deed, slug)

            def go(request: HttpRequest) -> HttpResponse:
                return view(request, maintainer, **rest)

            return (lately_signed_in(go) if certain else go)(request)

        return never_cache(login_required(door))

    return wrap


def show(
    request: HttpRequest,
    template: str,
    maintainer: Maintainer,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """A page of the desk: `templates/projects/desk/<template>.html`."""
    known = {"maintainer": maintainer, "project": maintainer.project}
    return render(request, f"projects/desk/{template}.html", {**known, **context}, status=status)


def typed(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, be it nothing at all; None where it is only looked at."""
    return request.POST if request.method == "POST" else None
