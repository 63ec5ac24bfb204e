"""Where a person is signed in, and signing out from afar."""

import re
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from funding.accounts import tasks
from funding.accounts.templatetags.accounts import browser
from funding.office import clock
from tests import factories

pytestmark = pytest.mark.django_db

LIST, OTHERS = "/accounts/sessions/", "/accounts/sessions/others/end/"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def come_in(email="ada@example.org", agent=WINDOWS):
    client = Client(headers={"User-Agent": agent})
    client.post("/accounts/login/code/", {"email": email})
    code = re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", mail.outbox[-1].body, re.MULTILINE)[0]
    client.post("/accounts/login/code/confirm/", {"code": code})
    return client


def is_in(client):
    return get_user(client).is_authenticated


def end(client, session):
    return client.post(f"/accounts/sessions/{session.pk}/end/")


def session_of(client):
    return UserSession.objects.get(session_key=client.session.session_key)


def test_every_place_is_listed_with_its_address_and_browser(ada):
    come_in()

    page = come_in(agent="curl/8").get(LIST).content.decode()

    assert "Firefox on Windows" in page
    assert "curl/8" in page
    assert page.count("from 127.0.0.1") == 3  # two lines, and the name of one button
    assert page.count("This browser") == 1


def test_the_page_that_asks_is_always_there(ada):
    client = Client()
    client.force_login(ada)

    page = client.get(LIST).content.decode()

    assert "This browser" in page
    assert not UserSession.objects.exists()


def test_a_session_that_was_ended_is_out_at_its_next_request(ada):
    mine, other = come_in(), come_in()

    end(mine, session_of(other))

    assert other.get(LIST).status_code == 302
    assert (is_in(mine), is_in(other)) == (True, False)


def test_all_others_end_and_the_one_that_asks_stays(ada):
    mine, *others = [come_in() for _ in range(3)]

    mine.post(OTHERS)

    assert is_in(mine)
    assert not any(is_in(other) for other in others)


def test_nobody_ends_the_session_of_another(ada):
    theirs = come_in()
    stranger = Client()
    stranger.force_login(factories.user())

    assert end(stranger, session_of(theirs)).status_code == 404
    assert is_in(theirs)


def test_the_session_that_asks_ends_by_signing_out(ada):
    client = come_in()

    assert end(client, session_of(client)).status_code == 404
    assert is_in(client)


def test_a_session_that_ended_is_listed_no_longer(ada):
    come_in().post("/accounts/logout/")

    assert come_in().get(LIST).content.decode().count("from 127.0.0.1") == 1


def test_a_new_password_ends_every_session(ada):
    ada.set_password("correct horse battery")
    ada.save()
    mine, other = come_in(), come_in()
    new = "battery horse correct"

    mine.post(
        "/accounts/password/change/",
        {"oldpassword": "correct horse battery", "password1": new, "password2": new},
    )

    assert not is_in(mine)
    assert not is_in(other)


def test_however_many_sessions_the_page_asks_as_often(ada, django_assert_num_queries):
    client = come_in()
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    UserSession.objects.bulk_create(
        UserSession(user=ada, session_key=f"key{number}", ip="127.0.0.1", user_agent="x")
        for number in range(20)
    )

    with django_assert_num_queries(len(one)):
        client.get(LIST)


def test_sessions_that_ran_out_are_forgotten_at_night(ada):
    old, new = come_in(), come_in()
    Session.objects.filter(session_key=old.session.session_key).update(
        expire_date=clock.machine_now() - timedelta(minutes=1)
    )

    tasks.tidy()

    assert UserSession.objects.get() == session_of(new)
    assert Session.objects.count() == 1
    assert is_in(new)


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        (WINDOWS, "Firefox on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1",
         "Safari on an iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/140.0 Safari/537.36 Edg/140.0",
         "Edge on a Mac"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Firefox/1", "Firefox"),
        ("curl/8.5", "curl/8.5"),
        ("", "A browser that says nothing of itself"),
    ],
)  # fmt: skip
def test_a_browser_is_told_in_words(agent, told):
    assert browser(agent) == told
