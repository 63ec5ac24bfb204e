"""Being asked once more who one is, before what matters."""

import re
import time
from urllib.parse import unquote

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client

from funding.accounts.adapter import is_certain
from tests import factories
from tests.certainty import certain

pytestmark = pytest.mark.django_db

CONFIRM, MATTERS = "/accounts/confirm/", "/accounts/export/"
NEXT = {"next": MATTERS}


@pytest.fixture
def ada():
    return person()


@pytest.fixture
def adas(ada):
    return of(ada)


def person(**values):
    user = factories.user(name="Ada", **values)
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return user


def of(user):
    client = Client()
    client.force_login(user)
    return client


def code():
    return re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", mail.outbox[-1].body, re.MULTILINE)[0]


def ask(client, **values):
    return client.post(CONFIRM, {"send": "1", **NEXT, **values})


def enter(client, typed, **values):
    return client.post(CONFIRM, {"code": typed, **NEXT, **values})


def is_believed(client):
    return client.get(MATTERS).status_code == 200


def test_who_has_neither_password_nor_second_step_is_asked_for_a_code_by_mail(adas):
    answer = adas.get(MATTERS)

    assert unquote(answer.url) == "/accounts/confirm/?next=/accounts/export/"


def test_looking_at_the_page_sends_nothing(adas):
    adas.get(CONFIRM)

    assert mail.outbox == []


def test_the_code_goes_to_their_own_address(adas, ada):
    ask(adas)

    assert mail.outbox[-1].to == [ada.email]


def test_the_code_leads_on_to_where_one_was(adas):
    ask(adas)

    assert enter(adas, code()).url == MATTERS
    assert is_believed(adas)


def test_a_form_that_was_sent_is_carried_out_after_the_code(adas, ada):
    adas.post("/accounts/email/", {"action_add": "", "email": "new@example.org"})
    adas.post(CONFIRM, {"send": "1", "next": "/accounts/email/"})
    enter(adas, code(), next="/accounts/email/")

    assert mail.outbox[-1].to == ["new@example.org"]


def changing_address(client, to):
    certain(client).post("/accounts/email/", {"action_add": "", "email": to})
    return client.post("/accounts/confirm-email/", {"code": code()})


def test_after_a_changed_address_one_is_at_ones_account(adas, ada):
    answer = changing_address(adas, "new@example.org")

    ada.refresh_from_db()
    assert (answer.url, ada.email) == ("/accounts/", "new@example.org")


def test_an_address_of_another_account_is_told_after_its_code(adas, ada):
    taken = person().email

    page = changing_address(adas, taken).content.decode()

    assert "The code is right, but another account has this address." in page
    assert 'href="/accounts/email/"' in page
    ada.refresh_from_db()
    assert ada.email != taken


def test_a_wrong_code_changes_nothing_and_says_so(adas):
    ask(adas)

    answer = enter(adas, "AAAA-AAAA")

    assert answer.status_code == 422
    assert "This is not the code" in answer.content.decode()
    assert not is_believed(adas)


def test_after_three_wrong_codes_the_right_one_is_void(adas):
    ask(adas)
    right = code()
    for _ in range(3):
        enter(adas, "AAAA-AAAA")

    enter(adas, right)

    assert not is_believed(adas)


def test_a_code_works_once(adas):
    ask(adas)
    enter(adas, code())
    forget(adas)

    enter(adas, code())

    assert not is_believed(adas)


def test_a_code_works_in_the_browser_that_asked_for_it_only(adas, ada):
    ask(adas)
    elsewhere = of(ada)

    enter(elsewhere, code())

    assert not is_believed(elsewhere)


def test_a_code_works_for_a_few_minutes(adas, monkeypatch):
    ask(adas)
    later = time.time() + 181
    monkeypatch.setattr("funding.accounts.confirming.time.time", lambda: later)

    enter(adas, code())

    assert not is_believed(adas)


def test_a_fourth_code_within_a_minute_is_refused(adas):
    answers = [ask(adas) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert len(mail.outbox) == 3


def test_a_code_to_sign_in_is_no_code_to_confirm(adas, ada):
    Client().post("/accounts/login/code/", {"email": ada.email})

    enter(adas, code())

    assert not is_believed(adas)


def test_one_is_believed_for_five_minutes(adas):
    certain(adas)
    assert is_believed(adas)
    session = adas.session
    session["account_authentication_methods"] = [{"method": "code", "at": time.time() - 301}]
    session.save()

    assert not is_believed(adas)


def test_who_just_signed_in_is_not_asked_again(ada):
    client = Client()
    client.post("/accounts/login/code/", {"email": ada.email})
    client.post("/accounts/login/code/confirm/", {"code": code()})

    assert is_believed(client)


def test_nobody_is_certain_who_is_not_signed_in(rf):
    request = rf.get("/")
    request.user = type("Nobody", (), {"is_authenticated": False})()

    assert not is_certain(request)


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/"])
def test_nobody_is_sent_to_another_site(adas, elsewhere):
    asked = ask(adas, next=elsewhere)
    answer = enter(adas, code(), next=elsewhere)

    assert (asked.url, answer.url) == (CONFIRM, "/accounts/")


def test_who_has_a_password_is_asked_for_that_or_for_a_code():
    user = person(password="correct horse battery")

    client = of(user)
    page = client.get(client.get(MATTERS).url)

    assert page.request["PATH_INFO"] == "/accounts/reauthenticate/"
    assert "/accounts/confirm/?next=" in page.content.decode()


def test_who_has_an_app_is_asked_for_its_code_and_not_for_one_by_mail():
    user = person()
    TOTP.activate(user, generate_totp_secret())
    client = of(user)

    assert client.get(MATTERS).url.startswith("/accounts/2fa/reauthenticate/")
    assert client.get(CONFIRM).status_code == 302
    ask(client)
    assert mail.outbox == []


def test_a_recovery_code_confirms_too():
    user = person()
    TOTP.activate(user, generate_totp_secret())
    client = of(user)
    one = RecoveryCodes.activate(user).get_unused_codes()[0]

    client.post("/accounts/2fa/reauthenticate/", {"code": one})

    assert is_believed(client)


@pytest.mark.parametrize(
    "path",
    ["/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/", "/accounts/password/set/",
     "/accounts/export/", "/accounts/export/file/", "/accounts/delete/"],
)  # fmt: skip
def test_what_matters_asks_first(adas, path):
    assert unquote(adas.get(path).url) == f"/accounts/confirm/?next={path}"
    assert certain(adas).get(path).status_code == 200


def test_a_password_typed_too_early_is_not_kept(adas, ada):
    new = {"password1": "correct horse battery", "password2": "correct horse battery"}

    answer = adas.post("/accounts/password/set/", new)

    ada.refresh_from_db()
    assert answer.url == "/accounts/password/set/"
    assert not ada.has_usable_password()
    assert "correct horse" not in str(dict(adas.session.items()))


def forget(client):
    session = client.session
    session["account_authentication_methods"] = []
    session.save()
