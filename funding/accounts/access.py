"""Who is asking, and asking once more before what matters."""

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest

from funding.accounts.models import User

# On a view that matters: who has not signed in within the last minutes is asked once more, and comes
# back to where they were, with the form they sent. It stands below `login_required`.
lately_signed_in = reauthentication_required


def person(request: HttpRequest) -> User:
    """The person who is signed in; only behind `login_required`."""
    assert isinstance(request.user, User)
    return request.user
