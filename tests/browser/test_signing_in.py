"""Signing in as people do it: with a code, an app, a passkey, a recovery code; and signing out from
afar. The device is Chromium's own virtual one."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import expect

from funding.accounts.models import User
from tests import factories
from tests.browser import pages
from tests.browser.passkeys import give_device
from tests.certainty import certain_page, uncertain_page

pytestmark = pytest.mark.browser

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _slow_hands(settings):
    """A code may run out between being shown and being typed."""
    settings.MFA_TOTP_TOLERANCE = 1


@pytest.fixture
def ada(transactional_db):
    user = factories.user("ada@example.org", name="Ada", password=PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def keep_page():
    """A page goes with the devices that it was given."""
    return False


@pytest.fixture
def known(site, visitor, ada):
    """A page of somebody who signed in a moment ago."""
    page = certain_page(visitor(ada))
    page.goto(site.at("/accounts/"))
    return page


def shown(secret):
    """What the app shows just now."""
    counters = list(totp.yield_hotp_counters_from_time())
    return totp.format_hotp_value(totp.hotp_value(secret, counters[len(counters) // 2]))


def come_by_password(page, site):
    page.goto(site.at("/accounts/login/"))
    way = page.get_by_role("region", name="With a password")
    way.get_by_label("E-mail address").fill("ada@example.org")
    way.get_by_label("Password", exact=True).fill(PASSWORD)
    way.get_by_role("button", name="Sign in").click()


def come_by_code(page, site):
    page.goto(site.at("/accounts/login/"))
    way = page.get_by_role("region", name="With a code")
    way.get_by_label("E-mail address").fill("ada@example.org")
    way.get_by_role("button", name="Send me a code").click()
    pages.enter_code(page, "ada@example.org")
    is_in(page)


def type_second(page, code):
    pages.sees_title(page, "The second step")
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in").click()


def whose(page):
    """The address of whoever is signed in in the page's browser; None for nobody."""
    kept = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    session = SessionStore(kept.get(settings.SESSION_COOKIE_NAME))
    return User.objects.filter(pk=session.get(SESSION_KEY)).values_list("email", flat=True).first()


def is_in(page):
    expect(page.get_by_role("link", name="Sign out").first).to_be_visible()


def add_passkey(page, site):
    page.goto(site.at("/accounts/2fa/webauthn/add/"))
    page.get_by_label("What to call it").fill("Telephone")
    page.get_by_role("button", name="Add the passkey").click()
    pages.sees_title(page, "Your recovery codes")


def set_up_app(page, site):
    """Answers the key that the app keeps, and the recovery codes."""
    page.goto(site.at("/accounts/2fa/totp/activate/"))
    secret = page.locator("#authenticator_secret").inner_text()
    page.get_by_label("Code").fill(shown(secret))
    page.get_by_role("button", name="Turn it on").click()
    pages.sees_title(page, "Your recovery codes")
    page.wait_for_load_state()
    return secret, page.locator("#recovery_codes li").all_inner_texts()


# Passkeys


def test_a_passkey_is_added_and_signs_in_alone(site, known):
    give_device(known)
    add_passkey(known, site)
    known.context.clear_cookies()

    known.goto(site.at("/accounts/login/"))
    known.get_by_role("button", name="Sign in with a passkey").click()

    is_in(known)
    expect(known.get_by_role("link", name=re.compile("Ada.*your account"))).to_be_visible()
    assert whose(known) == "ada@example.org"


def test_a_passkey_is_the_second_step_after_a_password(site, known):
    give_device(known)
    add_passkey(known, site)
    known.context.clear_cookies()

    come_by_password(known, site)
    pages.sees_title(known, "The second step")
    assert whose(known) is None
    known.get_by_role("button", name="Use a passkey").click()

    is_in(known)
    assert whose(known) == "ada@example.org"


def test_a_passkey_confirms_that_it_is_oneself(site, known):
    give_device(known)
    add_passkey(known, site)
    uncertain_page(known)

    known.goto(site.at("/accounts/delete/"))
    pages.sees_title(known, "Confirm that it is you")
    known.get_by_role("link", name="Use a passkey").click()
    known.get_by_role("button", name="Use a passkey").click()

    pages.sees_title(known, "Delete your account")
    assert known.url == site.at("/accounts/delete/")


def test_a_device_without_the_passkey_is_told_so_in_words(site, visitor, ada):
    page = visitor()
    give_device(page)
    page.goto(site.at("/accounts/login/"))

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_role("alert")).to_contain_text("Nothing came from your device")
    assert whose(page) is None


def test_a_passkey_that_was_removed_signs_nobody_in(site, known, ada):
    give_device(known)
    add_passkey(known, site)
    Authenticator.objects.all().delete()
    known.context.clear_cookies()

    known.goto(site.at("/accounts/login/"))
    known.get_by_role("button", name="Sign in with a passkey").click()

    expect(known.get_by_text("The answer of your device does not fit")).to_be_visible()
    expect(known.get_by_role("link", name="Sign in").first).to_be_visible()
    assert whose(known) is None


def test_a_passkey_is_renamed_and_removed(site, known):
    give_device(known)
    add_passkey(known, site)
    known.get_by_role("link", name="Passkeys").click()

    known.get_by_role("link", name="Rename Telephone").click()
    known.get_by_label("What to call it").fill("Tablet")
    known.get_by_role("button", name="Rename it").click()
    known.get_by_role("link", name="Remove Tablet").click()
    known.get_by_role("button", name="Remove it").click()

    expect(known.get_by_text("None yet.")).to_be_visible()
    assert not Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).exists()


# An app


def test_an_app_is_set_up_and_asked_for(site, known, visitor):
    secret, _ = set_up_app(known, site)
    elsewhere = visitor()

    come_by_password(elsewhere, site)
    type_second(elsewhere, "000000")
    expect(elsewhere.get_by_role("alert")).to_contain_text("This is not the code")
    assert whose(elsewhere) is None
    type_second(elsewhere, shown(secret))

    is_in(elsewhere)
    assert whose(elsewhere) == "ada@example.org"


def test_a_recovery_code_signs_in_once_and_not_twice(site, known, visitor):
    _, codes = set_up_app(known, site)
    first, second = visitor(), visitor()

    come_by_password(first, site)
    type_second(first, codes[0])
    is_in(first)
    come_by_password(second, site)
    type_second(second, codes[0])

    expect(second.get_by_role("alert")).to_contain_text("or it was used already")
    first.goto(site.at("/accounts/"))
    expect(first.get_by_text("9 not used yet.")).to_be_visible()
    assert [whose(first), whose(second)] == ["ada@example.org", None]


# A code by mail


def test_without_password_or_second_step_a_code_by_mail_confirms(site, visitor, ada):
    ada.set_unusable_password()
    ada.save()
    page = visitor(ada)
    page.goto(site.at("/accounts/"))

    page.get_by_role("link", name="Set a password").click()
    pages.sees_title(page, "Confirm that it is you")
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_label("Code")).to_be_visible()  # by then it was sent
    page.get_by_label("Code").fill(pages.code_sent_to("ada@example.org"))
    page.get_by_role("button", name="Go on", exact=True).click()

    pages.sees_title(page, "Set a password")
    assert page.url == site.at("/accounts/password/set/")


# Where one is signed in


def test_a_session_that_was_ended_elsewhere_is_out_at_once(site, visitor, ada):
    here, there = visitor(), visitor()
    come_by_code(here, site)
    come_by_code(there, site)

    here.goto(site.at("/accounts/sessions/"))
    here.get_by_role("button", name="Sign it out").click()
    expect(here.get_by_text("That browser is signed out.")).to_be_visible()
    there.reload()

    expect(there.get_by_role("heading", level=1)).to_have_text("Sign in")
    is_in(here)
    assert [whose(here), whose(there)] == ["ada@example.org", None]


# Leaving


def test_the_account_is_exported_and_deleted(site, known):
    known.get_by_role("link", name="Export your data").click()
    with known.expect_download() as download:
        known.get_by_role("link", name="Download the file").click()
    assert "ada@example.org" in download.value.path().read_text()

    known.goto(site.at("/accounts/"))
    known.get_by_role("link", name="Delete your account").click()
    known.get_by_role("button", name="Delete my account for good").click()

    expect(known.get_by_text("Your account is deleted.")).to_be_visible()
    assert not User.objects.filter(email="ada@example.org").exists()


def test_the_name_is_changed(site, known):
    known.get_by_role("link", name="Change your name").click()
    known.get_by_label("Your name").fill("Ada Lovelace")
    known.get_by_role("button", name="Change the name").click()

    expect(known.get_by_role("link", name=re.compile("Ada Lovelace"))).to_be_visible()
    assert User.objects.get().get_full_name() == "Ada Lovelace"
