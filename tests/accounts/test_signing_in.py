"""Signing in with a code or a password, and coming out where one wanted to go."""

import pytest
from django.core.cache import cache
from django.test import Client

from funding.accounts.models import User
from tests import factories
from tests.accounts.codes import (
    AFTER,
    CONFIRM_ADDRESS,
    CONFIRM_CODE,
    PASSWORD,
    ask_for_code,
    code,
    enter,
    sign_up,
    who,
)

pytestmark = pytest.mark.django_db


ELSEWHERE = ["https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example",
             "http:evil.example", "javascript:alert(1)", "https:///evil.example",
             " //evil.example", "/\t/evil.example", "https://testserver@evil.example/"]  # fmt: skip


# Signing in


def test_with_a_code_one_is_signed_in(client, ada):
    ask_for_code(client)

    answer = enter(client, code())

    assert answer.headers["Location"] == AFTER
    assert who(client) == ada


def test_an_address_may_be_written_in_other_letters(client, ada):
    ask_for_code(client, "ADA@Example.Org")

    enter(client, code())

    assert who(client) == ada


def test_asking_for_a_code_signs_nobody_in(client, ada):
    ask_for_code(client)

    assert not who(client).is_authenticated


def test_a_code_works_in_the_browser_that_asked_for_it_only(client, ada):
    ask_for_code(client)
    thief = Client()

    enter(thief, code())

    assert not who(thief).is_authenticated


def test_a_code_works_once(client, ada):
    ask_for_code(client)
    first = code()
    enter(client, first)
    client.logout()

    enter(client, first)

    assert not who(client).is_authenticated


def test_after_three_wrong_codes_the_right_one_is_void(client, ada):
    ask_for_code(client)
    right = code()
    for _ in range(3):
        enter(client, "AAAA-AAAA")

    enter(client, right)

    assert not who(client).is_authenticated


def test_two_wrong_codes_are_forgiven(client, ada):
    ask_for_code(client)
    for _ in range(2):
        enter(client, "AAAA-AAAA")

    enter(client, code())

    assert who(client) == ada


def test_who_was_shut_out_is_sent_no_code(client, ada):
    User.objects.update(is_active=False)

    ask_for_code(client)
    enter(client, "AAAA-AAAA")

    assert not who(client).is_authenticated


def test_a_password_works_for_who_set_one(client, ada):
    ada.set_password("correct horse battery")
    ada.save()

    client.post(PASSWORD, {"login": "ADA@example.org", "password": "correct horse battery"})

    assert who(client) == ada


def test_signing_in_begins_a_new_session(client, ada):
    ask_for_code(client)
    before = client.session.session_key

    enter(client, code())

    assert client.session.session_key != before


def test_signing_out_takes_a_form(client, ada):
    client.force_login(ada)

    client.get("/accounts/logout/")
    assert who(client) == ada
    client.post("/accounts/logout/")

    assert not who(client).is_authenticated


@pytest.mark.parametrize(
    ("begin", "path"), [(ask_for_code, CONFIRM_CODE), (sign_up, CONFIRM_ADDRESS)],
    ids=["sign in", "sign up"],
)  # fmt: skip
def test_another_code_is_sent_and_voids_the_first(client, begin, path):
    if begin is ask_for_code:
        factories.user("ada@example.org").emailaddress_set.create(
            email="ada@example.org", verified=True, primary=True
        )
    begin(client)
    first = code()
    cache.clear()  # some seconds pass

    client.post(path, {"action": "resend"})

    assert code() != first
    enter(client, first, path)
    assert not who(client).is_authenticated
    enter(client, code(), path)
    assert who(client).is_authenticated


# Where one comes out


def test_one_comes_out_where_one_wanted_to_go(client, ada):
    asked = ask_for_code(client, next="/projects/")
    page = client.get(asked.headers["Location"])
    assert b'<input type="hidden" name="next" value="/projects/">' in page.content

    answer = enter(client, code(), next="/projects/")

    assert answer.headers["Location"] == "/projects/"


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_nobody_is_sent_to_another_site_after_a_code(client, ada, elsewhere):
    asked = ask_for_code(client, next=elsewhere)

    answer = enter(client, code(), next=elsewhere)

    assert asked.headers["Location"].partition("?")[0] == CONFIRM_CODE
    assert answer.headers["Location"] == AFTER


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_nobody_is_sent_to_another_site_after_a_password(client, ada, elsewhere):
    ada.set_password("correct horse battery")
    ada.save()
    form = {"login": "ada@example.org", "password": "correct horse battery"}

    answer = client.post(PASSWORD, {**form, "next": elsewhere})

    assert answer.headers["Location"] == AFTER


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_nobody_is_sent_to_another_site_after_signing_up_or_out(client, elsewhere):
    sign_up(client, next=elsewhere)
    signed_up = enter(client, code(), CONFIRM_ADDRESS, next=elsewhere)

    signed_out = client.post("/accounts/logout/", {"next": elsewhere})

    assert (signed_up.headers["Location"], signed_out.headers["Location"]) == (AFTER, "/")
