"""That signing in tells nobody who has an account, and how often it may be tried."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from funding.accounts import adapter
from funding.accounts.models import User
from tests.accounts.codes import (
    CONFIRM_ADDRESS,
    CONFIRM_CODE,
    PASSWORD,
    ask_for_code,
    enter,
    sign_up,
    who,
)

pytestmark = pytest.mark.django_db


def told(answer):
    """What an answer tells to the eye, without the address typed and the form's own token."""
    text = answer.content.decode().replace("ada@example.org", "@").replace("bob@example.org", "@")
    return answer.status_code, re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)


# Nobody learns who has an account


@pytest.mark.parametrize("ask", [ask_for_code, sign_up], ids=["sign in", "sign up"])
def test_a_known_and_an_unknown_address_are_answered_alike(ada, ask):
    known, unknown = Client(), Client()

    answers = [ask(known, "ada@example.org"), ask(unknown, "bob@example.org")]

    assert len({(answer.status_code, answer.headers["Location"]) for answer in answers}) == 1
    assert told(known.get(answers[0].headers["Location"])) == told(
        unknown.get(answers[1].headers["Location"])
    )


def test_a_wrong_code_is_answered_alike(ada):
    known, unknown = Client(), Client()
    ask_for_code(known, "ada@example.org")
    ask_for_code(unknown, "bob@example.org")

    for _ in range(3):
        assert told(enter(known, "AAAA-AAAA")) == told(enter(unknown, "AAAA-AAAA"))


@pytest.mark.parametrize(
    ("begin", "path"), [(ask_for_code, CONFIRM_CODE), (sign_up, CONFIRM_ADDRESS)],
    ids=["sign in", "sign up"],
)  # fmt: skip
def test_asking_for_another_code_is_answered_alike(ada, begin, path):
    pages = []
    for email in ("ada@example.org", "bob@example.org"):
        client = Client()
        begin(client, email)
        cache.clear()
        answer = client.post(path, {"action": "resend"})
        pages.append((answer.status_code, answer.headers["Location"], told(client.get(path))))

    assert pages[0] == pages[1]


def test_a_wrong_password_is_answered_alike(ada):
    forms = [{"login": f"{name}@example.org", "password": "x"} for name in ("ada", "bob")]

    known, unknown = [Client().post(PASSWORD, form) for form in forms]

    assert known.context["form"].errors == unknown.context["form"].errors


def test_who_signs_up_with_a_known_address_is_told_by_mail_and_changes_nothing(client, ada):
    sign_up(client, name="Mallory")

    assert [sent.to for sent in mail.outbox] == [["ada@example.org"]]
    assert User.objects.get().name == "Ada"
    assert not re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", mail.outbox[0].body, re.MULTILINE)


# Limits


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_a_sign_up_that_is_sent_twice_leads_to_the_code_that_was_sent(client, ada, email):
    answers = [sign_up(client, email) for _ in range(2)]

    assert [answer.headers["Location"] for answer in answers] == [CONFIRM_ADDRESS] * 2
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_a_sign_up_from_elsewhere_within_seconds_is_told_to_look_for_the_mail(ada, email):
    answers = [sign_up(Client(), email) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 429]
    assert "If a mail was to be sent to you" in answers[1].content.decode()


TOO_MANY = {"email": [adapter.TOO_OFTEN]}


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_a_code_for_one_address_is_asked_for_three_times_a_minute(ada, email):
    answers = [ask_for_code(Client(), email) for _ in range(5)]

    assert len(mail.outbox) == 3
    assert [answer.status_code for answer in answers] == [302, 302, 302, 200, 200]
    assert answers[-1].context["form"].errors == TOO_MANY


def test_passwords_of_one_address_are_tried_five_times(ada):
    ada.set_password("correct horse battery")
    ada.save()
    form = {"login": "ada@example.org", "password": "x"}
    for _ in range(5):
        Client().post(PASSWORD, form)
    last = Client()

    last.post(PASSWORD, {**form, "password": "correct horse battery"})

    assert not who(last).is_authenticated


def test_one_machine_signs_up_twenty_times_a_minute():
    answers = [sign_up(Client(), f"person{number}@example.org") for number in range(21)]

    assert [answer.status_code for answer in answers] == [302] * 20 + [429]
    assert User.objects.count() == 20


def test_a_header_that_anybody_can_write_does_not_go_round_a_limit(ada):
    answers = [
        ask_for_code(Client(headers={"X-Forwarded-For": f"10.0.0.{number}"}), f"{number}@a.org")
        for number in range(21)
    ]

    assert [answer.status_code for answer in answers] == [302] * 20 + [200]


def test_limits_end_when_the_cache_forgets(ada):
    for _ in range(4):
        ask_for_code(Client())
    cache.clear()

    assert ask_for_code(Client()).status_code == 302
