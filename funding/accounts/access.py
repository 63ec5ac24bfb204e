"""Who is asking."""

from django.http import HttpRequest

from funding.accounts.models import User


def person(request: HttpRequest) -> User:
    """The person who is signed in; only behind `login_required`."""
    assert isinstance(request.user, User)
    return request.user
