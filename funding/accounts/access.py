"""Who is asking, and asking once more before what matters."""

from collections.abc import Callable
from functools import wraps

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

from funding.accounts.models import User

# On a view that matters: who has not signed in within the last minutes is asked once more and comes
# back to where they were; a form that was sent is carried out then, without its files. It stands
# below `login_required`, and on the page that shows the form as well as on what the form does.
lately_signed_in = reauthentication_required


View = Callable[..., HttpResponse]


def staff_only(view: View) -> View:
    """For the people who run the site, to look; to everybody else there is no such page. Whoever has a
    second factor has shown it when they signed in."""

    @login_required
    @wraps(view)
    def inner(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not person(request).is_staff:
            raise Http404
        return view(request, *args, **kwargs)

    return inner


def staff_deed(view: View) -> View:
    """What the people who run the site do, and the page that says what it means: they are asked once
    more who they are if that was long ago. Here money goes back and debts are written off."""
    asked: View = lately_signed_in(view)
    return staff_only(asked)


def person(request: HttpRequest) -> User:
    """The person who is signed in; only behind `login_required`."""
    assert isinstance(request.user, User)
    return request.user
