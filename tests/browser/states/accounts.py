"""Pages of an account."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.test import Client
from playwright.sync_api import expect

from tests import factories
from tests.browser import pages
from tests.browser.looking import A_LONG_NAME, at, shown, shown_beside_others
from tests.browser.passkeys import KEY
from tests.certainty import certain_page


def somebody(password=None):
    user = factories.user(password=password, name="Ada")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def safe_person(password=None):
    """With an app, two passkeys and recovery codes."""
    user = somebody(password)
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    for name in ("Telephone", A_LONG_NAME[:60]):
        Authenticator.objects.create(
            user=user, type=Authenticator.Type.WEBAUTHN, data={"name": name, "credential": KEY}
        )
    return user


def surely(site, come, path, user):
    """As somebody who signed in a moment ago."""
    page = certain_page(come(user))
    page.goto(site.at(path))
    return page


def passkey_of(user):
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).first().pk


@shown_beside_others
def signing_in(site, come):
    return at(site, come, "/accounts/login/")


@shown
def signing_in_with_a_wrong_password(site, come):
    page = at(site, come, "/accounts/login/")
    by_password = page.get_by_role("region", name="With a password")
    by_password.get_by_label("E-mail address").fill("nobody@example.org")
    by_password.get_by_label("Password", exact=True).fill("wrong wrong wrong")
    by_password.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def the_code_for_signing_in(site, come):
    user = somebody()
    page = at(site, come, "/accounts/login/")
    by_code = page.get_by_role("region", name="With a code")
    by_code.get_by_label("E-mail address").fill(user.email)
    by_code.get_by_role("button", name="Send me a code").click()
    pages.sees_title(page, "Enter the code")
    return page


@shown_beside_others
def asking_for_a_code(site, come):
    return at(site, come, "/accounts/login/code/")


@shown_beside_others
def signing_up(site, come):
    return at(site, come, "/accounts/signup/")


@shown
def signing_up_with_a_wrong_code(site, come):
    page = signing_up(site, come)
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_role("button", name="Make the account").click()
    page.locator("input[name=code]").first.fill("WRONG1")
    page.get_by_role("button", name="Go on", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown_beside_others
def signing_out(site, come):
    return at(site, come, "/accounts/logout/", somebody())


@shown_beside_others
def the_email_address(site, come):
    return at(site, come, "/accounts/email/", somebody())


@shown
def an_email_address_to_be_confirmed(site, come):
    page = surely(site, come, "/accounts/email/", somebody())
    page.get_by_label("New e-mail address").fill(f"{'long' * 15}@example.org")
    page.get_by_role("button", name="Change the address").click()
    expect(page.get_by_text("We sent a code to")).to_be_visible()
    return page


@shown_beside_others
def changing_the_password(site, come):
    return at(site, come, "/accounts/password/change/", somebody("a good password"))


@shown_beside_others
def setting_a_first_password(site, come):
    return surely(site, come, "/accounts/password/set/", somebody())


@shown_beside_others
def being_asked_who_one_is(site, come):
    return at(site, come, "/accounts/reauthenticate/", somebody("a good password"))


@shown_beside_others
def having_forgotten_the_password(site, come):
    return at(site, come, "/accounts/password/reset/")


@shown_beside_others
def having_asked_for_a_new_password(site, come):
    return at(site, come, "/accounts/password/reset/done/")


@shown_beside_others
def a_link_to_a_new_password_that_is_used_up(site, come):
    return at(site, come, "/accounts/password/reset/key/x1-set-password/")


@shown_beside_others
def having_set_a_new_password(site, come):
    return at(site, come, "/accounts/password/reset/key/done/")


@shown_beside_others
def an_account_that_is_closed(site, come):
    return at(site, come, "/accounts/inactive/")


@shown_beside_others
def an_account(site, come):
    return at(site, come, "/accounts/", somebody())


@shown
def an_account_with_everything(site, come):
    user = safe_person()
    page = at(site, come, "/accounts/", user)
    add_session(user, ip="203.0.113.9")
    EmailAddress.objects.create(user=user, email=f"{'long' * 15}@example.org", verified=False)
    page.reload()
    return page


@shown_beside_others
def changing_the_name_to_nothing(site, come):
    page = at(site, come, "/accounts/name/", somebody())
    page.get_by_label("Your name").fill("")
    page.get_by_role("button", name="Change the name").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown_beside_others
def being_asked_for_a_code_once_more(site, come):
    return at(site, come, "/accounts/delete/", somebody())


@shown
def a_wrong_code_once_more(site, come):
    page = being_asked_for_a_code_once_more(site, come)
    page.get_by_role("button", name="Send me a code").click()
    page.locator("input[name=code]").fill("WRONG")
    page.get_by_role("button", name="Go on", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def where_one_is_signed_in(site, come):
    user = somebody()
    page = at(site, come, "/accounts/sessions/", user)
    add_session(user, ip="203.0.113.9")
    add_session(user, ip="2001:db8:1234:5678:9abc:def0:1234:5678", user_agent=A_LONG_NAME)
    page.reload()
    return page


@shown_beside_others
def other_sign_ins(site, come):
    return at(site, come, "/accounts/3rdparty/", somebody())


@shown_beside_others
def saying_no_elsewhere(site, come):
    return at(site, come, "/accounts/3rdparty/login/cancelled/")


@shown_beside_others
def one_s_data(site, come):
    return surely(site, come, "/accounts/export/", somebody())


@shown_beside_others
def deleting_the_account(site, come):
    return surely(site, come, "/accounts/delete/", somebody())


@shown_beside_others
def an_account_that_cannot_be_deleted_yet(site, come):
    user = somebody()
    factories.project(A_LONG_NAME, maintainer=user)
    return surely(site, come, "/accounts/delete/", user)


def add_session(user, **values):
    """They are signed in somewhere else as well."""
    client = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"})
    client.force_login(user)
    said = {"user_agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0", **values}
    UserSession.objects.create(user=user, session_key=client.session.session_key, **said)
