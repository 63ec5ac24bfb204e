"""Pages of the second step of signing in: apps, recovery codes and passkeys."""

from playwright.sync_api import expect

from tests.browser import pages
from tests.browser.looking import at, shown, shown_beside_others
from tests.browser.states.accounts import passkey_of, safe_person, somebody, surely


@shown_beside_others
def being_asked_for_the_second_step_once_more(site, come):
    return at(site, come, "/accounts/delete/", safe_person())


@shown_beside_others
def the_second_step_that_is_off(site, come):
    return at(site, come, "/accounts/2fa/", somebody())


@shown_beside_others
def the_second_step_that_is_on(site, come):
    return at(site, come, "/accounts/2fa/", safe_person())


@shown
def the_second_step_at_signing_in(site, come):
    user = safe_person("a good password")
    page = at(site, come, "/accounts/login/")
    by_password = page.get_by_role("region", name="With a password")
    by_password.get_by_label("E-mail address").fill(user.email)
    by_password.get_by_label("Password", exact=True).fill("a good password")
    by_password.get_by_role("button", name="Sign in").click()
    pages.sees_title(page, "The second step")
    return page


@shown
def setting_up_an_app_with_a_wrong_code(site, come):
    page = surely(site, come, "/accounts/2fa/totp/activate/", somebody())
    page.locator("input[name=code]").fill("000000")
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown_beside_others
def turning_the_app_off(site, come):
    return surely(site, come, "/accounts/2fa/totp/deactivate/", safe_person())


@shown_beside_others
def recovery_codes(site, come):
    return surely(site, come, "/accounts/2fa/recovery-codes/", safe_person())


@shown_beside_others
def new_recovery_codes(site, come):
    return surely(site, come, "/accounts/2fa/recovery-codes/generate/", safe_person())


@shown_beside_others
def no_passkeys(site, come):
    return at(site, come, "/accounts/2fa/webauthn/", somebody())


@shown_beside_others
def passkeys(site, come):
    return at(site, come, "/accounts/2fa/webauthn/", safe_person())


@shown_beside_others
def adding_a_passkey(site, come):
    page = surely(site, come, "/accounts/2fa/webauthn/add/", somebody())
    expect(page.get_by_role("button", name="Add the passkey")).to_be_visible()
    return page


@shown_beside_others
def renaming_a_passkey(site, come):
    user = safe_person()
    return surely(site, come, f"/accounts/2fa/webauthn/keys/{passkey_of(user)}/edit/", user)


@shown_beside_others
def removing_a_passkey(site, come):
    user = safe_person()
    return surely(site, come, f"/accounts/2fa/webauthn/keys/{passkey_of(user)}/remove/", user)
