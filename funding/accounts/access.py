"""Who is asking, and asking once more before what matters."""

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest

from funding.accounts.models import User

# On a view that matters: who has not signed in within the last minutes is asked once more and comes
# back to where they were; a form that was sent is carried out then, without its files. It stands
# below `login_required`, and on the page that shows the form as well as on what the form does.
lately_signed_in = reauthentication_required


def person(request: HttpRequest) -> User:
    """The person who is signed in; only behind `login_required`."""
    assert isinstance(request.user, User)
    return request.user
