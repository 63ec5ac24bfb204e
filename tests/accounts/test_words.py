"""Nothing of allauth's stock look or words reaches anybody: each of its templates that this site can
show is ours, and so is each sentence of its forms."""

import importlib
import re
from pathlib import Path

import allauth
import pytest
from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount import app_settings as social_settings
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib.auth.password_validation import get_default_password_validators
from django.template.loader import get_template
from django.test import Client

from funding.accounts import adapter
from tests import factories
from tests.certainty import certain

pytestmark = pytest.mark.django_db

THEIRS = Path(allauth.__file__).parent / "templates"
OURS = settings.BASE_DIR / "templates"
# What this site never shows: telephones, sign-up with a passkey, trusted browsers, links in place of
# codes, old OpenID, and being a provider.
UNUSED = re.compile(
    r"phone|signup_by_passkey|webauthn/signup_form|mfa/trust|account/email\.html|email_confirm\.html"
    r"|^idp/|^openid/|snippets/login\.html|login_extra|headless"
    # What only pages of allauth's own are built on, of which none is left:
    r"|^allauth/elements/|^mfa/\w+/base\.html"
)
# Bare inheritance or layout: no word of theirs is in it.
WORDLESS = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}|<[^>]*>|\s", re.DOTALL)


def shown_templates():
    for path in sorted(THEIRS.rglob("*.*")):
        name = path.relative_to(THEIRS).as_posix()
        if not UNUSED.search(name) and _has_words(path.read_text()):
            yield name


def _has_words(text):
    return bool(WORDLESS.sub("", text)) or "trans" in text


@pytest.mark.parametrize("name", list(shown_templates()))
def test_a_template_with_words_is_ours(name):
    assert Path(get_template(name).origin.name).is_relative_to(OURS)


def test_no_page_of_ours_is_built_of_allauths_elements():
    built = [
        path.name
        for folder in ("account", "accounts", "mfa", "usersessions", "socialaccount")
        for path in (OURS / folder).rglob("*.html")
        if "{% element" in path.read_text()
    ]

    assert built == []


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (adapter.AccountAdapter, DefaultAccountAdapter),
        (adapter.MFAAdapter, DefaultMFAAdapter),
        (adapter.SocialAccountAdapter, DefaultSocialAccountAdapter),
    ],
)
def test_an_adapters_sentence_is_ours(ours, theirs):
    unused = re.compile("phone|username|invalid_or_expired_key")
    same = {
        key
        for key, text in theirs.error_messages.items()
        if ours.error_messages[key] == text and not unused.search(key)
    }

    assert same == set()


def forms():
    """Every form that allauth asks the settings for."""
    for app, known in (
        ("account", account_settings.FORMS),
        ("mfa", mfa_settings.FORMS),
        ("socialaccount", social_settings.FORMS),
    ):
        asked = set()
        for path in (THEIRS.parent / app).rglob("views.py"):
            asked |= set(re.findall(r"FORMS,\s*\"(\w+)\"", path.read_text()))
        for name in sorted(asked):
            yield pytest.param(known, name, id=f"{app} {name}")


UNUSED_FORMS = {"change_phone", "verify_phone", "signup_webauthn", "user_token", "confirm_password_reset_code",
                "deactivate_totp", "generate_recovery_codes"}  # fmt: skip


@pytest.mark.parametrize(("known", "name"), list(forms()))
def test_a_form_with_fields_is_ours(known, name):
    if name in UNUSED_FORMS:  # or without a field
        return
    module, _, cls = known[name].rpartition(".")

    assert hasattr(importlib.import_module(module), cls)


STOCK = re.compile(
    r"This field is required|Enter a valid|Please|Ensure this value|This password is|Incorrect"
    r"|Invalid|Two-Factor|Authenticator [Aa]pp|Third-Party|third-party"
)
EMPTY = [
    "/accounts/login/", "/accounts/login/code/", "/accounts/signup/", "/accounts/password/reset/",
    "/accounts/password/change/", "/accounts/password/set/", "/accounts/reauthenticate/",
    "/accounts/name/", "/accounts/confirm/", "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/add/", "/accounts/3rdparty/",
]  # fmt: skip
WRONG = {
    "email": "no address", "login": "no address", "name": "x" * 300, "password": "",
    "password1": "password", "password2": "other", "oldpassword": "x", "code": "x" * 50,
    "credential": "{", "action_add": "", "account": "0",
}  # fmt: skip


@pytest.mark.parametrize("sent", [{}, WRONG], ids=["nothing", "nonsense"])
@pytest.mark.parametrize("path", EMPTY)
@pytest.mark.parametrize("password", [None, "correct horse battery"])
def test_a_form_filled_in_wrongly_says_in_our_words_what_to_do(path, sent, password):
    client = Client()
    if not path.startswith(("/accounts/login", "/accounts/signup", "/accounts/password/reset")):
        user = factories.user(password=password)
        user.emailaddress_set.create(email=user.email, verified=True, primary=True)
        client.force_login(user)
        certain(client)
    client.get(path)

    answer = client.post(path, sent)

    assert answer.status_code in (200, 302, 422)
    assert not STOCK.search(answer.content.decode())


def test_what_a_password_must_be_is_told_in_our_words():
    for validator in get_default_password_validators():
        assert type(validator).__module__ == "funding.accounts.passwords"


def test_mails_about_the_second_step_end_with_what_to_do():
    for path in (OURS / "mfa" / "email").glob("*_message.txt"):
        assert "account/email/base_notification.txt" in path.read_text()
