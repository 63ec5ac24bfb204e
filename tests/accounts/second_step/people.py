"""People who sign in with a second step."""

from django.contrib.auth import get_user

from tests import factories

PASSWORD = "correct horse battery"


def make_ada():
    user = factories.user("ada@example.org", name="Ada", password=PASSWORD)
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return user


def is_in(client):
    return get_user(client).is_authenticated
