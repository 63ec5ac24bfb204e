"""Signing up and in, from the form through the mail to the session."""

import re

import pytest
from django.contrib.auth import get_user
from django.core import mail
from django.core.cache import cache
from django.test import Client

from funding.accounts import adapter
from funding.accounts.models import User
from funding.accounts.signup import SignupForm
from tests import factories

pytestmark = pytest.mark.django_db

SIGN_UP, SIGN_IN = "/accounts/signup/", "/accounts/login/code/"
PASSWORD = "/accounts/login/"
CONFIRM_ADDRESS, CONFIRM_CODE = "/accounts/confirm-email/", "/accounts/login/code/confirm/"
AFTER = "/home/"
ELSEWHERE = ["https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example",
             "http:evil.example", "javascript:alert(1)", "https:///evil.example",
             " //evil.example", "/\t/evil.example", "https://testserver@evil.example/"]  # fmt: skip


@pytest.fixture
def ada():
    """Somebody whose address is known and confirmed."""
    user = factories.user("ada@example.org", name="Ada")
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return user


def code():
    """What the newest mail says to enter."""
    return re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", mail.outbox[-1].body, re.MULTILINE)[0]


def sign_up(client, email="ada@example.org", **values):
    return client.post(SIGN_UP, {"name": "Ada L.", "email": email, **values})


def ask_for_code(client, email="ada@example.org", **values):
    return client.post(SIGN_IN, {"email": email, **values})


def enter(client, code, path=CONFIRM_CODE, **values):
    return client.post(path, {"code": code, **values})


def who(client):
    return get_user(client)


# Signing up


def test_the_form_asks_for_a_name_first():
    assert SignupForm.field_order == ["name", "email"]


def test_who_signs_up_is_sent_a_code(client):
    answer = sign_up(client)

    assert answer.headers["Location"] == CONFIRM_ADDRESS
    assert mail.outbox[-1].to == ["ada@example.org"]
    assert code()
    assert not who(client).is_authenticated


def test_with_the_code_one_is_signed_in_and_the_name_is_kept(client):
    sign_up(client)

    answer = enter(client, code(), CONFIRM_ADDRESS)

    assert answer.headers["Location"] == AFTER
    assert who(client) == User.objects.get(email="ada@example.org", name="Ada L.")


def test_who_has_just_signed_up_is_not_asked_once_more_who_they_are(client):
    sign_up(client)
    enter(client, code(), CONFIRM_ADDRESS)

    assert client.get("/accounts/export/").status_code == 200


def test_who_signed_up_needs_no_password(client):
    sign_up(client)

    assert not User.objects.get().has_usable_password()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 81),
        ("email", ""),
        ("email", "ada"),
        ("email", "a@b\nc.org"),
        ("email", "a@" + ".".join(["İ" * 9] * 22) + ".com"),
    ],
)
def test_a_bad_value_names_its_field(client, field, value):
    answer = sign_up(client, **{field: value})

    assert list(answer.context["form"].errors) == [field]
    assert not User.objects.exists()


def test_a_wrong_code_does_not_confirm_an_address(client):
    sign_up(client)

    answer = enter(client, "AAAA-AAAA", CONFIRM_ADDRESS)

    assert answer.context["form"].errors == {"code": [adapter.WRONG_CODE]}
    assert not who(client).is_authenticated


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


# Nobody learns who has an account


def told(answer):
    """What an answer tells to the eye, without the address typed and the form's own token."""
    text = answer.content.decode().replace("ada@example.org", "@").replace("bob@example.org", "@")
    return answer.status_code, re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)


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
