"""What staff see of how people sign in: never a secret."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    client = Client()
    client.force_login(factories.user("root@example.org", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def ada():
    return factories.user("ada@example.org", name="Ada")


def test_staff_see_that_there_is_an_app_and_not_its_key(staff, ada):
    secret = generate_totp_secret()
    kept = TOTP.activate(ada, secret).instance

    page = staff.get(f"/admin/mfa/authenticator/{kept.pk}/change/").content.decode()

    assert "ada@example.org" in page or "Ada" in page
    assert secret not in page


def test_staff_remove_the_app_of_who_lost_it(staff, ada):
    kept = TOTP.activate(ada, generate_totp_secret()).instance

    staff.post(f"/admin/mfa/authenticator/{kept.pk}/delete/", {"post": "yes"})

    assert not Authenticator.objects.exists()


def test_a_session_that_staff_remove_is_out(staff, ada):
    theirs = Client()
    theirs.force_login(ada)
    kept = UserSession.objects.create(
        user=ada, session_key=theirs.session.session_key, ip="127.0.0.1", user_agent="x"
    )

    staff.post(f"/admin/usersessions/usersession/{kept.pk}/delete/", {"post": "yes"})

    assert not get_user(theirs).is_authenticated


@pytest.mark.parametrize("part", ["mfa/authenticator", "usersessions/usersession",
                                  "socialaccount/socialaccount", "accounts/user"])  # fmt: skip
def test_staff_find_people(staff, part):
    assert staff.get(f"/admin/{part}/?q=ada").status_code == 200


@pytest.mark.parametrize("part", ["socialaccount/socialapp", "socialaccount/socialtoken"])
def test_credentials_are_no_matter_of_the_admin(staff, part):
    assert staff.get(f"/admin/{part}/").status_code == 404
