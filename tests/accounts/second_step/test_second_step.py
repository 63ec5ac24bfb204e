"""The second step of signing in: an app and recovery codes."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.core import mail
from django.test import Client

from tests.accounts.second_step.people import PASSWORD, is_in, make_ada
from tests.racing import together

pytestmark = pytest.mark.django_db


STEP = "/accounts/2fa/authenticate/"
ACTIVATE = "/accounts/2fa/totp/activate/"


@pytest.fixture
def secret(ada):
    made = totp.generate_totp_secret()
    totp.TOTP.activate(ada, made)
    return made


def shown(secret):
    """What the app shows just now."""
    return totp.format_hotp_value(
        totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))
    )


def come_by_password():
    client = Client()
    client.post("/accounts/login/", {"login": "ada@example.org", "password": PASSWORD})
    return client


@pytest.mark.django_db(transaction=True)
def test_an_app_is_turned_on_with_the_code_that_it_shows(adas, ada):
    secret = adas.get(ACTIVATE).context["form"].secret

    answer = adas.post(ACTIVATE, {"code": shown(secret)})

    assert answer.url == "/accounts/2fa/recovery-codes/"
    assert Authenticator.objects.filter(user=ada, type="totp").exists()
    assert "The second step is on" in {sent.subject for sent in mail.outbox}
    assert "from before" not in adas.get(answer.url).content.decode()  # there were none


def test_a_wrong_code_turns_nothing_on(adas):
    adas.get(ACTIVATE)

    answer = adas.post(ACTIVATE, {"code": "000000x"})

    assert "This is not the code" in answer.content.decode()
    assert not Authenticator.objects.exists()


def test_after_the_password_the_app_is_asked_for(secret):
    client = come_by_password()

    assert not is_in(client)
    client.post(STEP, {"code": shown(secret)})
    assert is_in(client)


def test_after_a_code_by_mail_the_app_is_asked_for_too(secret):
    client = Client()
    client.post("/accounts/login/code/", {"email": "ada@example.org"})
    code = re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", mail.outbox[-1].body, re.MULTILINE)[0]

    answer = client.post("/accounts/login/code/confirm/", {"code": code})

    assert answer.url == STEP
    assert not is_in(client)


def test_a_code_of_the_app_works_once(secret):
    code = shown(secret)
    come_by_password().post(STEP, {"code": code})
    thief = come_by_password()

    thief.post(STEP, {"code": code})

    assert not is_in(thief)


def test_codes_are_tried_five_times(secret):
    client = come_by_password()
    for _ in range(5):
        client.post(STEP, {"code": "000000x"})

    client.post(STEP, {"code": shown(secret)})

    assert not is_in(client)


def test_a_recovery_code_stands_in_once(secret, ada):
    code = RecoveryCodes.activate(ada).get_unused_codes()[0]
    first, second = come_by_password(), come_by_password()

    first.post(STEP, {"code": code})
    second.post(STEP, {"code": code})

    assert (is_in(first), is_in(second)) == (True, False)


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_of_ten_who_type_one_recovery_code_at_once_one_is_in():
    user = make_ada()
    code = RecoveryCodes.activate(user).get_unused_codes()[0]

    answers = together(
        lambda: Authenticator.objects.get(user=user).wrap().validate_code(code), threads=10
    )

    assert sorted(answers) == [False] * 9 + [True]


def test_new_recovery_codes_void_those_from_before(adas, ada, secret):
    before = RecoveryCodes.activate(ada).get_unused_codes()[0]
    adas.post("/accounts/2fa/recovery-codes/generate/")
    client = come_by_password()

    client.post(STEP, {"code": before})

    assert not is_in(client)


def test_the_file_has_every_code_that_is_left(adas, ada, secret):
    codes = RecoveryCodes.activate(ada).get_unused_codes()

    answer = adas.get("/accounts/2fa/recovery-codes/download/")

    assert answer.content.decode().split() == codes


@pytest.mark.parametrize("path", [ACTIVATE, "/accounts/2fa/recovery-codes/"])
def test_a_page_with_a_secret_is_kept_by_no_browser(adas, ada, path):
    RecoveryCodes.activate(ada)

    assert "no-store" in adas.get(path).headers["Cache-Control"]


def test_the_database_keeps_no_key_that_can_be_read(ada, secret):
    kept = Authenticator.objects.get()

    assert secret not in str(kept.data)
    assert totp.decrypt(kept.data["secret"]) == secret


def test_a_changed_site_secret_still_opens_what_the_one_before_sealed(secret, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret of this site"

    assert Authenticator.objects.get().wrap().validate_code(shown(secret))


def test_a_key_that_cannot_be_opened_any_more_lets_nobody_in(secret, settings):
    settings.SECRET_KEY = "another secret of this site"
    client = come_by_password()

    client.post(STEP, {"code": shown(secret)})

    assert not is_in(client)


def test_turning_the_app_off_takes_the_recovery_codes_along(adas, ada, secret):
    RecoveryCodes.activate(ada)

    adas.post("/accounts/2fa/totp/deactivate/")

    assert not Authenticator.objects.exists()
    assert is_in(come_by_password())


def test_the_app_shows_the_site_by_its_name(adas):
    page = adas.get(ACTIVATE)

    assert f"issuer={settings.SITE_NAME}" in page.context["totp_url"]


def test_who_has_not_confirmed_the_address_turns_nothing_on(adas, ada):
    ada.emailaddress_set.update(verified=False)

    adas.get(ACTIVATE)
    adas.post(ACTIVATE, {"code": "000000"})

    assert not Authenticator.objects.exists()
