"""Every page as people meet it, in light and dark: axe-core finds nothing, nothing scrolls sideways
on a small telephone, and the browser has nothing to complain of."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.template.loader import render_to_string
from django.test import Client
from playwright.sync_api import expect

from funding.office import clock
from funding.projects import recording
from funding.projects.models import Benefit, Grant, PaymentOut, Project, Tier, Update
from sponsors.billing import ending
from sponsors.billing.models import Subscription
from sponsors.sponsorships import telling_sponsors
from sponsors.sponsorships.models import Fulfilment, Sponsorship
from tests import factories, scenarios, world
from tests.browser import pages
from tests.browser.passkeys import KEY
from tests.certainty import certain_page

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[1] / "vendor" / "axe-core" / "4.14.1" / "axe.min.js"
FINDINGS = """async only => (await axe.run({ resultTypes: ["violations"], ...only })).violations.map(
    rule => `${rule.id}: ${rule.nodes.map(node => node.target.join(" ")).join(", ")}`
)"""
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
TOO_WIDE = """() => {
    const page = document.documentElement;
    if (page.scrollWidth <= page.clientWidth) return [];
    return [...document.querySelectorAll("body *")]
        .filter(one => one.getBoundingClientRect().right > page.clientWidth + 1)
        .map(one => `scrolls sideways on a telephone: ${one.outerHTML.slice(0, 90)}`);
}"""
TELEPHONE = {"width": 320, "height": 640}
A_LONG_NAME = "Gesellschaft für Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbau"
MARKDOWN = """
A paragraph with `code`, a [link](https://example.org/) and a_word_that_is_far_too_long_for_a_telephone_of_any_kind.

# What was done

1. One
2. Two

> Said by somebody.

| Left | Right |
| ---- | ----- |
| 1    | 2     |

```
some = {"code": "that", "is": "wider", "than": "any", "telephone": "in", "the": "world"}
```
"""

SHOWN = {}


def shown(show):
    """`show(site, come)` answers a browser's page with the page of its name on it."""
    SHOWN[show.__name__.replace("_", " ")] = show
    return show


def what_is_wrong(page):
    page.evaluate(AXE.read_text())
    found = [f"in the light: {finding}" for finding in page.evaluate(FINDINGS, {})]
    page.emulate_media(color_scheme="dark")
    found += [f"in the dark: {finding}" for finding in page.evaluate(FINDINGS, COLOURS)]
    page.set_viewport_size(TELEPHONE)
    found += page.evaluate(TOO_WIDE)
    return "\n".join(found)


def at(site, come, path, user=None):
    page = come(user)
    page.goto(site.at(path))
    return page


# What everybody sees


@shown
def the_front_page_of_an_empty_site(site, come):
    return at(site, come, "/")


@shown
def the_front_page(site, come):
    a_full_project(site)
    return at(site, come, "/")


@shown
def an_empty_directory(site, come):
    return at(site, come, "/projects/")


@shown
def a_directory_of_two_pages(site, come):
    a_full_project(site)
    for _ in range(50):
        factories.project()
    return at(site, come, "/projects/")


@shown
def a_directory_that_is_searched_and_filtered(site, come):
    a_full_project(site)
    return at(site, come, f"/projects/?q={A_LONG_NAME[:40]}&language=Python&licence=BSD-3-Clause")


@shown
def a_directory_in_which_nothing_fits(site, come):
    a_full_project(site)
    return at(site, come, f"/projects/?q={'long' * 20}&language={A_LONG_NAME}&funding=reached")


@shown
def how_it_works(site, come):
    return at(site, come, "/help/")


@shown
def a_project_that_is_new(site, come):
    return at(site, come, factories.project(goals=()).get_absolute_url())


@shown
def a_project_with_everything(site, come):
    return at(site, come, a_full_project(site).get_absolute_url())


@shown
def a_project_with_everything_opened(site, come):
    page = at(site, come, a_full_project(site).get_absolute_url())
    page.get_by_text("How this is computed").click()
    return page


@shown
def a_project_that_is_archived(site, come):
    project = a_full_project(site)
    Project.objects.filter(pk=project.pk).update(status=Project.Status.ARCHIVED)
    return at(site, come, project.get_absolute_url())


@shown
def a_project_that_asks_for_twelve_days(site, come):
    return at(site, come, factories.project(goals=((12, "All of it"),)).get_absolute_url())


@shown
def an_update(site, come):
    return at(site, come, an_update_of(factories.project()).get_absolute_url())


def a_full_project(site):
    """One with a sponsor, a grant, people, bills, long words and news."""
    project = factories.project(
        A_LONG_NAME, description=MARKDOWN, licence="BSD-3-Clause", languages=["Python"],
        website="https://example.org/", repository="https://example.org/code",
        logo=factories.picture(),
        goals=((Decimal("1.5"), "Maintenance"), (2, "Features"), (1, A_LONG_NAME)),
    )  # fmt: skip
    person = factories.person(project)
    today = clock.today()
    recording.record_grant(
        Grant(project=project, funder=A_LONG_NAME, amount=1_000_000, received_on=today,
              starts_on=today, ends_on=today + timedelta(days=180))
    )  # fmt: skip
    tier = factories.tier(project, name="Mast", seats=3, monthly=40000)
    factories.tier(project, name="Sold", seats=1, taken=1, description="For one.")
    factories.tier(project, name="By the year", monthly=None, audience=Tier.Audience.INDIVIDUALS)
    company = factories.company(display_name=A_LONG_NAME, website="https://example.com/")
    scenarios.settled(site.engine, company, tier)
    for paid_to in ({"person": person}, {"supplier": "A supplier of machines"}):
        recording.record_payment_out(
            PaymentOut(project=project, paid_on=today, amount=10_000, **paid_to)
        )
    an_update_of(project)
    return project


def an_update_of(project):
    return Update.objects.create(
        project=project, title=A_LONG_NAME, body=MARKDOWN, published_at=clock.now(),
        author=project.maintainers.get().user,
    )  # fmt: skip


# Choosing and paying


@shown
def choosing(site, come):
    return at(site, come, f"/sponsor/{factories.tier(seats=4).pk}/", factories.user())


@shown
def choosing_as_a_company_that_is_here(site, come):
    company = factories.company(display_name=A_LONG_NAME)
    user = company.memberships.get().user
    return at(site, come, f"/sponsor/{factories.tier().pk}/", user)


@shown
def choosing_with_everything_wrong(site, come):
    page = choosing(site, come)
    page.get_by_label("Website").fill("no website")
    page.get_by_label("Billing e-mail").fill("no address")
    page.get_by_role("button", name="Go on to payment").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def choosing_a_tier_that_is_closed(site, come):
    tier = factories.tier(closed_at=clock.now())
    return at(site, come, f"/sponsor/{tier.pk}/", factories.user())


@shown
def choosing_a_tier_that_was_sold_meanwhile(site, come):
    tier = factories.tier(seats=1)
    page = at(site, come, f"/sponsor/{tier.pk}/", factories.user())
    pages.describe_company(page, name="Kestrel")
    Tier.objects.filter(pk=tier.pk).update(taken=1)
    page.get_by_role("button", name="Go on to payment").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def back_and_paid(site, come):
    return back_from_stripe(site, come, pay=True)


@shown
def back_and_a_bank_debit_is_on_its_way(site, come):
    return back_from_stripe(site, come, pay=True, method="sepa_debit")


@shown
def back_and_nothing_is_known_yet(site, come):
    return back_from_stripe(site, come, pay=False)


@shown
def back_and_the_page_had_closed(site, come):
    page = back_from_stripe(site, come, pay=False)
    world.days(site.engine, 1)
    page.reload()
    pages.sees_title(page, "Nothing was charged")
    return page


def back_from_stripe(site, come, *, pay, **how):
    currency = "EUR" if how else "GBP"
    checkout = scenarios.chosen(tier=factories.tier(factories.project(currency=currency)))
    if pay:
        site.engine.pay_checkout(checkout.stripe_id, **how)
    path = f"/sponsorships/{checkout.sponsorship_id}/paid/?session_id={checkout.stripe_id}"
    return at(site, come, path, checkout.sponsorship.bought_by)


@shown
def left_without_paying(site, come):
    checkout = scenarios.chosen()
    path = f"/sponsorships/{checkout.sponsorship_id}/left/"
    return at(site, come, path, checkout.sponsorship.bought_by)


# What sponsors see of their own


@shown
def an_empty_list_of_sponsorships(site, come):
    return at(site, come, "/sponsorships/", factories.user())


@shown
def a_list_of_sponsorships(site, come):
    company = factories.company(display_name=A_LONG_NAME)
    user = company.memberships.get().user
    for _ in range(2):
        tier = factories.tier(factories.project(A_LONG_NAME))
        scenarios.settled(site.engine, company, tier, by=user)
    scenarios.chosen(company, by=user)
    return at(site, come, "/sponsorships/", user)


@shown
def a_sponsorship_that_is_pending(site, come):
    return detail(site, come, scenarios.chosen().sponsorship)


@shown
def a_sponsorship_that_is_active(site, come):
    return detail(site, come, scenarios.settled(site.engine))


@shown
def a_sponsorship_that_ends_soon(site, come):
    return detail(site, come, ending.cancel(scenarios.settled(site.engine)))


@shown
def a_sponsorship_whose_payment_failed(site, come):
    sponsorship = scenarios.settled(site.engine)
    customer = Subscription.objects.get(sponsorship=sponsorship).customer
    site.engine.replace_card(customer.stripe_id, "4000000000000341")
    world.days(site.engine, 33)
    page = detail(site, come, sponsorship)
    expect(page.get_by_text("Payment failed").first).to_be_visible()
    return page


@shown
def a_sponsorship_that_has_ended(site, come):
    sponsorship = ending.cancel(scenarios.settled(site.engine))
    world.days(site.engine, 33)
    return detail(site, come, sponsorship)


@shown
def ending_a_sponsorship(site, come):
    sponsorship = scenarios.settled(site.engine)
    return at(site, come, f"/sponsorships/{sponsorship.pk}/cancel/", sponsorship.bought_by)


def detail(site, come, sponsorship):
    return at(site, come, sponsorship.get_absolute_url(), sponsorship.bought_by)


# Companies


@shown
def the_first_minutes(site, come):
    return at(site, come, "/home/", factories.user())


@shown
def a_home_for_each_of_several(site, come):
    user = factories.user()
    factories.company(user, display_name=A_LONG_NAME)
    factories.project(A_LONG_NAME, maintainer=user)
    return at(site, come, "/home/", user)


@shown
def putting_a_company_on_the_site(site, come):
    return at(site, come, "/companies/new/", factories.user())


@shown
def putting_a_company_on_the_site_with_everything_wrong(site, come):
    page = putting_a_company_on_the_site(site, come)
    page.get_by_role("button", name="Put it on the site").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def an_empty_home_of_a_company(site, come):
    return of_company(site, come, a_company(), "home")


@shown
def a_home_of_a_company_with_everything(site, come):
    return of_company(site, come, a_busy_company(site), "home")


@shown
def the_invoices_of_a_company(site, come):
    return of_company(site, come, a_busy_company(site), "invoices")


@shown
def a_company_without_invoices(site, come):
    return of_company(site, come, a_company(), "invoices")


@shown
def editing_a_company(site, come):
    return of_company(site, come, a_company(), "edit")


@shown
def editing_a_company_with_everything_wrong(site, come):
    page = editing_a_company(site, come)
    for label in ("Name to show", "Legal name", "Billing e-mail"):
        page.get_by_label(label).fill("")
    page.get_by_label("New logo").set_input_files(
        {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"}
    )
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def what_everybody_sees_of_a_company(site, come):
    return at(site, come, a_busy_company(site).get_absolute_url())


@shown
def what_a_company_sees_of_a_page_that_nobody_else_finds(site, come):
    company = a_company()
    return at(site, come, company.get_absolute_url(), company.memberships.get().user)


@shown
def a_project_with_logos(site, come):
    company = a_busy_company(site)
    return at(site, come, company.sponsorships.first().project.get_absolute_url())


@shown
def a_sponsorship_for_which_something_was_done(site, come):
    sponsorship = something_owed(site).sponsorship
    sponsorship.fulfilments.update(
        done_at=clock.now(), proof=f"https://docs.example/{A_LONG_NAME}"
    )
    return detail(site, come, sponsorship)


@shown
def saying_that_something_promised_is_done(site, come):
    owed = something_owed(site)
    project = owed.sponsorship.project
    path = f"/maintain/{project.slug}/owed/{owed.pk}/done/"
    page = at(site, come, path, project.maintainers.get().user)
    page.get_by_role("button", name="It is done").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def stopping_the_mail_of_updates(site, come):
    link = telling_sponsors.stop_link(project_id=factories.project().pk, user_id=1)
    return at(site, come, f"/updates/off/{link}/")


@shown
def having_stopped_the_mail_of_updates(site, come):
    page = stopping_the_mail_of_updates(site, come)
    page.get_by_role("button", name="Stop the mail").click()
    pages.sees_title(page, "No more mail of updates")
    return page


def a_company():
    company = factories.company(
        display_name=A_LONG_NAME, about="What we do, in a sentence or two.",
        website="https://example.com/",
    )  # fmt: skip
    company.logo = factories.picture()
    company.save()
    return company


def a_busy_company(site):
    """With an active, a failed, an ending, a pending and an ended sponsorship, in two currencies."""
    company = a_company()
    ended = ending.cancel(scenarios.settled(site.engine, company, a_tier()))
    failed = scenarios.settled(site.engine, company, a_tier("EUR"))
    customer = Subscription.objects.get(sponsorship=failed).customer
    site.engine.replace_card(customer.stripe_id, "4000000000000341")
    world.days(site.engine, 33)
    ending.cancel(scenarios.settled(site.engine, company, a_tier()))
    scenarios.settled(site.engine, company, a_tier())
    scenarios.chosen(company, a_tier())
    assert Sponsorship.objects.get(pk=ended.pk).has_ended
    return company


def a_tier(currency="GBP"):
    tier = factories.tier(factories.project(A_LONG_NAME, currency=currency))
    Benefit.objects.create(tier=tier, kind="logo", text="Logo on the page")
    return tier


def something_owed(site):
    sponsorship = scenarios.settled(site.engine)
    return Fulfilment.objects.create(
        sponsorship=sponsorship, kind="own", text=A_LONG_NAME, due_on=clock.today()
    )


def of_company(site, come, company, page):
    user = company.memberships.get().user
    return at(site, come, f"/companies/{company.slug}/{page}/", user)


# Accounts


@shown
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


@shown
def asking_for_a_code(site, come):
    return at(site, come, "/accounts/login/code/")


@shown
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


@shown
def signing_out(site, come):
    return at(site, come, "/accounts/logout/", somebody())


@shown
def the_email_address(site, come):
    return at(site, come, "/accounts/email/", somebody())


@shown
def an_email_address_to_be_confirmed(site, come):
    page = surely(site, come, "/accounts/email/", somebody())
    page.get_by_label("New e-mail address").fill(f"{'long' * 15}@example.org")
    page.get_by_role("button", name="Change the address").click()
    expect(page.get_by_text("We sent a code to")).to_be_visible()
    return page


@shown
def changing_the_password(site, come):
    return at(site, come, "/accounts/password/change/", somebody("a good password"))


@shown
def setting_a_first_password(site, come):
    return at(site, come, "/accounts/password/set/", somebody())


@shown
def being_asked_who_one_is(site, come):
    return at(site, come, "/accounts/reauthenticate/", somebody("a good password"))


@shown
def having_forgotten_the_password(site, come):
    return at(site, come, "/accounts/password/reset/")


@shown
def having_asked_for_a_new_password(site, come):
    return at(site, come, "/accounts/password/reset/done/")


@shown
def a_link_to_a_new_password_that_is_used_up(site, come):
    return at(site, come, "/accounts/password/reset/key/x1-set-password/")


@shown
def having_set_a_new_password(site, come):
    return at(site, come, "/accounts/password/reset/key/done/")


@shown
def an_account_that_is_closed(site, come):
    return at(site, come, "/accounts/inactive/")


@shown
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


@shown
def changing_the_name_to_nothing(site, come):
    page = at(site, come, "/accounts/name/", somebody())
    page.get_by_label("Your name").fill("")
    page.get_by_role("button", name="Change the name").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
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
def being_asked_for_the_second_step_once_more(site, come):
    return at(site, come, "/accounts/delete/", safe_person())


@shown
def the_second_step_that_is_off(site, come):
    return at(site, come, "/accounts/2fa/", somebody())


@shown
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


@shown
def turning_the_app_off(site, come):
    return surely(site, come, "/accounts/2fa/totp/deactivate/", safe_person())


@shown
def recovery_codes(site, come):
    return surely(site, come, "/accounts/2fa/recovery-codes/", safe_person())


@shown
def new_recovery_codes(site, come):
    return surely(site, come, "/accounts/2fa/recovery-codes/generate/", safe_person())


@shown
def no_passkeys(site, come):
    return at(site, come, "/accounts/2fa/webauthn/", somebody())


@shown
def passkeys(site, come):
    return at(site, come, "/accounts/2fa/webauthn/", safe_person())


@shown
def adding_a_passkey(site, come):
    page = surely(site, come, "/accounts/2fa/webauthn/add/", somebody())
    expect(page.get_by_role("button", name="Add the passkey")).to_be_visible()
    return page


@shown
def renaming_a_passkey(site, come):
    user = safe_person()
    return surely(site, come, f"/accounts/2fa/webauthn/keys/{passkey_of(user)}/edit/", user)


@shown
def removing_a_passkey(site, come):
    user = safe_person()
    return surely(site, come, f"/accounts/2fa/webauthn/keys/{passkey_of(user)}/remove/", user)


@shown
def where_one_is_signed_in(site, come):
    user = somebody()
    page = at(site, come, "/accounts/sessions/", user)
    add_session(user, ip="203.0.113.9")
    add_session(user, ip="2001:db8:1234:5678:9abc:def0:1234:5678", user_agent=A_LONG_NAME)
    page.reload()
    return page


@shown
def other_sign_ins(site, come):
    return at(site, come, "/accounts/3rdparty/", somebody())


@shown
def saying_no_elsewhere(site, come):
    return at(site, come, "/accounts/3rdparty/login/cancelled/")


@shown
def one_s_data(site, come):
    return surely(site, come, "/accounts/export/", somebody())


@shown
def deleting_the_account(site, come):
    return surely(site, come, "/accounts/delete/", somebody())


@shown
def an_account_that_cannot_be_deleted_yet(site, come):
    user = somebody()
    factories.project(A_LONG_NAME, maintainer=user)
    return surely(site, come, "/accounts/delete/", user)


def surely(site, come, path, user):
    """As somebody who signed in a moment ago."""
    page = certain_page(come(user))
    page.goto(site.at(path))
    return page


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


def passkey_of(user):
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).first().pk


def add_session(user, **values):
    """They are signed in somewhere else as well."""
    client = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"})
    client.force_login(user)
    said = {"user_agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0", **values}
    UserSession.objects.create(user=user, session_key=client.session.session_key, **said)


def somebody(password=None):
    user = factories.user(password=password, name="Ada")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


# A project's desk: what its page says and offers


@shown
def beginning_a_project(site, come):
    return at(site, come, "/maintain/new/", factories.user())


@shown
def beginning_a_project_with_everything_wrong(site, come):
    page = beginning_a_project(site, come)
    page.get_by_label("Day rate").fill("12,5")
    page.get_by_role("button", name="Begin the project").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


def desk(site, come, path="", **values):
    """A page of the desk of a project with long words."""
    project = factories.project(A_LONG_NAME, description=MARKDOWN, **values)
    return at(site, come, f"/maintain/{project.slug}/{path}", project.maintainers.get().user)


def draft(site, come, path="", **values):
    return desk(site, come, path, status=Project.Status.DRAFT, **values)


@shown
def the_desk_of_a_draft(site, come):
    return draft(site, come, licence="MIT")


@shown
def the_preview_of_a_draft(site, come):
    return draft(site, come, "preview/", logo=factories.picture())


@shown
def publishing_what_is_not_ready(site, come):
    return draft(site, come, "publish/")


@shown
def publishing(site, come):
    project = factories.project(
        A_LONG_NAME, status=Project.Status.DRAFT, description="A", licence="MIT",
        website="https://example.org/",
    )  # fmt: skip
    factories.person(project)
    factories.tier(project)
    return at(site, come, f"/maintain/{project.slug}/publish/", project.maintainers.get().user)


@shown
def the_texts_previewed_with_everything_wrong(site, come):
    page = draft(site, come, "texts/")
    page.get_by_label("Name").fill("")
    page.get_by_label("Website").fill("no website")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def the_texts_that_somebody_else_changed(site, come):
    page = desk(site, come, "texts/")
    Project.objects.update(description=MARKDOWN * 3, summary=A_LONG_NAME)
    page.get_by_label("What it is, in one sentence").fill("Mine")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Somebody else")
    return page


@shown
def no_logo_yet_and_none_that_can_be_used(site, come):
    page = desk(site, come, "logo/")
    page.get_by_role("button", name="Put it up").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def a_logo(site, come):
    return desk(site, come, "logo/", logo=factories.picture(width=400, height=80))


@shown
def no_people_yet(site, come):
    return desk(site, come, "people/")


@shown
def people_with_more_days_than_goals(site, come):
    project = factories.project(goals=[(1, "A")])
    for name in ("Ada", A_LONG_NAME, "Grace"):
        factories.person(project, name)
    return at(site, come, f"/maintain/{project.slug}/people/", project.maintainers.get().user)


@shown
def removing_somebody(site, come):
    person = factories.person(factories.project(), A_LONG_NAME)
    path = f"/maintain/{person.project.slug}/people/{person.pk}/remove/"
    return at(site, come, path, person.project.maintainers.get().user)


@shown
def no_goals_yet(site, come):
    return desk(site, come, "goals/", goals=())


@shown
def goals_and_what_another_rate_would_mean(site, come):
    page = desk(site, come, "goals/", goals=((1, A_LONG_NAME), (2, "B"), (3, "C")))
    page.get_by_label("Day rate").fill("999.50")
    page.get_by_role("button", name="See what it means").click()
    expect(page.get_by_text("Not saved")).to_be_visible()
    return page


@shown
def a_goal_that_cannot_be(site, come):
    page = desk(site, come, "goals/add/")
    page.get_by_label("Days a week").fill("1,5")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def removing_a_goal(site, come):
    project = factories.project(goals=[(1, A_LONG_NAME)])
    path = f"/maintain/{project.slug}/goals/{project.goals.get().pk}/remove/"
    return at(site, come, path, project.maintainers.get().user)


@shown
def no_tiers_yet(site, come):
    return desk(site, come, "tiers/")


def of_a_tier(site, come, path):
    tier = factories.tier(name=A_LONG_NAME[:60], seats=3, taken=2, benefits=(A_LONG_NAME, "B"))
    factories.tier(tier.project, closed_at=clock.now(), name="Closed", yearly=None)
    address = f"/maintain/{tier.project.slug}/tiers/{path.format(tier.pk)}"
    return at(site, come, address, tier.project.maintainers.get().user)


@shown
def tiers(site, come):
    return of_a_tier(site, come, "")


@shown
def a_tier_that_people_have_with_everything_wrong(site, come):
    page = of_a_tier(site, come, "{}/")
    for label in ("Price a month", "Price a year", "Places", "Hours"):
        page.get_by_label(label).fill("-1")
    page.get_by_label("Where in").fill("In the sidebar")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def closing_a_tier(site, come):
    return of_a_tier(site, come, "{}/close/")


@shown
def removing_a_tier_that_stays(site, come):
    return of_a_tier(site, come, "{}/remove/")


# What went wrong


@shown
def nothing_is_here(site, come):
    return at(site, come, "/nowhere/")


@shown
def a_form_that_is_too_old(site, come):
    page = signing_up(site, come)
    page.context.clear_cookies()
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_role("button", name="Make the account").click()
    page.wait_for_load_state()
    return page


@shown
def a_request_that_is_refused(site, come):
    return template(site, come, "403.html")


@shown
def a_request_that_makes_no_sense(site, come):
    return template(site, come, "400.html")


@shown
def too_many_requests(site, come):
    return template(site, come, "429.html")


@shown
def a_breakdown(site, come):
    return template(site, come, "500.html")


def template(site, come, name):
    """A page that cannot be asked for: put before the browser as the site would answer it."""
    page = come()
    page.route("**/shown", lambda route: route.fulfill(
        body=render_to_string(name), content_type="text/html; charset=utf-8"
    ))  # fmt: skip
    page.goto(site.at("/shown"))
    return page


# Running a project: updates


@shown
def updates_that_are_none_yet(site, come):
    return running(site, come, factories.project(A_LONG_NAME), "updates/")


@shown
def updates_of_a_desk(site, come):
    return running(site, come, a_told_project(), "updates/")


@shown
def writing_an_update_with_everything_wrong(site, come):
    page = running(site, come, factories.project(), "updates/new/")
    page.get_by_role("button", name="Save as a draft").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def a_preview_of_an_update(site, come):
    page = running(site, come, factories.project(), "updates/new/")
    page.get_by_label("Title").fill(A_LONG_NAME)
    page.get_by_label("What you tell").fill(MARKDOWN)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("article", name="Preview")).to_be_visible()
    return page


@shown
def publishing_an_update(site, come):
    project = a_told_project()
    return running(site, come, project, f"updates/{project.updates.last().pk}/publish/")


@shown
def taking_an_update_down(site, come):
    project = a_told_project()
    return running(site, come, project, f"updates/{project.updates.first().pk}/take-down/")


@shown
def deleting_a_draft_of_an_update(site, come):
    project = a_told_project()
    return running(site, come, project, f"updates/{project.updates.last().pk}/delete/")


@shown
def all_updates_of_a_project(site, come):
    return at(site, come, f"/projects/{a_told_project().slug}/updates/")


# Running a project: the team


@shown
def a_team_of_one(site, come):
    return running(site, come, factories.project(A_LONG_NAME), "team/")


@shown
def a_team_with_invitations(site, come):
    return running(site, come, a_team(), "team/")


@shown
def a_team_as_an_editor_sees_it(site, come):
    project = a_team()
    return at(site, come, f"/maintain/{project.slug}/team/", project.maintainers.last().user)


@shown
def inviting_somebody_with_everything_wrong(site, come):
    page = running(site, come, factories.project(), "team/invite/")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def changing_a_role(site, come):
    project = a_team()
    return running(site, come, project, f"team/{project.maintainers.last().pk}/")


@shown
def removing_a_maintainer(site, come):
    project = a_team()
    return running(site, come, project, f"team/{project.maintainers.last().pk}/remove/")


@shown
def leaving_a_project_as_its_only_owner(site, come):
    return running(site, come, a_team(), "team/leave/")


@shown
def leaving_a_project(site, come):
    project = a_team()
    return at(site, come, f"/maintain/{project.slug}/team/leave/", project.maintainers.last().user)


@shown
def handing_a_project_over(site, come):
    return running(site, come, a_team(), "team/hand-over/")


@shown
def handing_a_project_over_to_nobody(site, come):
    return running(site, come, factories.project(), "team/hand-over/")


@shown
def an_invitation_for_a_stranger(site, come):
    _, secret = factories.invitation(factories.project(A_LONG_NAME))
    return at(site, come, f"/invitations/{secret}/")


@shown
def an_invitation_to_another_address(site, come):
    _, secret = factories.invitation(factories.project(A_LONG_NAME))
    return at(site, come, f"/invitations/{secret}/", somebody())


@shown
def an_invitation_to_oneself(site, come):
    user = somebody()
    _, secret = factories.invitation(factories.project(A_LONG_NAME), user.email)
    return at(site, come, f"/invitations/{secret}/", user)


@shown
def an_invitation_that_waits_among_ones_projects(site, come):
    user = somebody()
    factories.invitation(factories.project(A_LONG_NAME), user.email)
    return at(site, come, "/maintain/", user)


@shown
def an_invitation_that_is_there_no_more(site, come):
    return at(site, come, "/invitations/nothing/")


@shown
def an_invitation_that_ran_out(site, come):
    long_ago = clock.now() - timedelta(days=8)
    _, secret = factories.invitation(factories.project(), now=long_ago)
    return at(site, come, f"/invitations/{secret}/")


def a_team():
    """An owner, an editor with a long name, and two who are asked, one of them for too long."""
    project = factories.project(A_LONG_NAME, maintainer=factories.user(name="Ada"))
    factories.maintainer(project, by=factories.user(name=A_LONG_NAME))
    factories.invitation(project, f"{'long' * 15}@example.org")
    factories.invitation(project, now=clock.now() - timedelta(days=8))
    return project


@shown
def a_log_in_which_nothing_is_yet(site, come):
    return running(site, come, factories.project(), "log/")


@shown
def a_log(site, come):
    return running(site, come, a_project_that_spent(), "log/")


@shown
def archiving_a_project(site, come):
    return running(site, come, a_full_project(site), "archive/")


@shown
def opening_a_project_again(site, come):
    project = factories.project(A_LONG_NAME, status="archived", archived_at=clock.now())
    return running(site, come, project, "reopen/")


# Running a project: its money


@shown
def grants_that_are_none_yet(site, come):
    return running(site, come, factories.project(), "grants/")


@shown
def grants_of_a_desk(site, come):
    return running(site, come, a_project_that_spent(), "grants/")


@shown
def payments_that_are_none_yet(site, come):
    return running(site, come, factories.project(), "payments/")


@shown
def payments_of_a_desk(site, come):
    return running(site, come, a_project_that_spent(), "payments/")


@shown
def recording_a_grant(site, come):
    return running(site, come, factories.project(), "grants/new/")


@shown
def recording_a_payment_with_everything_wrong(site, come):
    page = running(site, come, a_project_that_spent(), "payments/new/")
    page.get_by_label("Amount in GBP").fill("£1e9")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def correcting_a_payment(site, come):
    project = a_project_that_spent()
    return running(site, come, project, f"payments/{project.payments_out.last().pk}/correct/")


@shown
def correcting_a_grant_with_everything_wrong(site, come):
    project = a_project_that_spent()
    page = running(site, come, project, f"grants/{project.grants.last().pk}/correct/")
    page.get_by_label("Amount in GBP").fill("")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


def a_project_that_spent():
    """A grant, payments to a person and a supplier, and one that was taken back."""
    project = factories.project(A_LONG_NAME)
    owner = project.maintainers.get().user
    factories.grant(project, funder=A_LONG_NAME)
    factories.payment(project, person=factories.person(project))
    factories.payment(project, 1000, reference="INV-2026-000000001")
    wrong = factories.payment(project, 2000, supplier=A_LONG_NAME)
    recording.correct(wrong, because=f"It was paid by {A_LONG_NAME}", by=owner)
    return project


def running(site, come, project, path):
    """A page of the project's desk, for who owns it."""
    return at(site, come, f"/maintain/{project.slug}/{path}", project.maintainers.first().user)


def a_told_project():
    """With a draft, written first, and an update that everybody sees."""
    project = factories.project(A_LONG_NAME)
    author = project.maintainers.get().user
    Update.objects.create(project=project, title=A_LONG_NAME, body=MARKDOWN, author=author)
    an_update_of(project)
    return project


@pytest.mark.parametrize("name", SHOWN)
def test_nothing_is_wrong_with(name, site, visitor):
    page = SHOWN[name](site, visitor)

    assert not (wrong := what_is_wrong(page)), wrong
