"""Where allauth asks the site how it wants things."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from funding.accounts.address import deliverable
from funding.accounts.models import User
from funding.accounts.sealing import seal, unseal

WRONG_CODE = "This is not the code. Type it again as it is shown, or ask for another one."
TOO_OFTEN = "That was too often. Wait five minutes, then try again."


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in codes are sent at once, not through the outbox: somebody waits for them."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account is closed. Sign in with another one.",
        "cannot_remove_primary_email": "This is the address you sign in with, so it stays.",
        "duplicate_email": "This is your address already. Type another one to change it.",
        "email_password_mismatch": (
            "This address and this password do not belong together. Try again, or have a code "
            "sent to you."
        ),
        "email_taken": "Another account has this address. Type another one.",
        "enter_current_password": "This is not your password. Type the one that you have now.",
        "incorrect_code": WRONG_CODE,
        "incorrect_password": "This is not your password. Type it again.",
        "invalid_login": "Type your e-mail address.",
        "invalid_password_reset": "This link works no longer. Get another one.",
        "max_email_addresses": "An account has at most %d addresses. Remove one first.",
        "rate_limited": TOO_OFTEN,
        "same_as_current": "This is the address that you have now. Type another one.",
        "select_only_one": "Type an e-mail address.",
        "too_many_login_attempts": TOO_OFTEN,
        "unknown_email": "There is no account for this address. Try another one, or make one.",
        "unverified_primary_email": "Confirm this address first.",
    }

    def clean_email(self, email: str) -> str:
        deliverable(email)
        return str(super().clean_email(email))

    def save_user(self, request: HttpRequest, *args: Any, **kwargs: Any) -> AbstractBaseUser:
        """The same sign-up sent twice at once: the second finds the address taken, and is sent to
        where a known address is."""
        try:
            return super().save_user(request, *args, **kwargs)
        except IntegrityError as taken:
            raise ImmediateHttpResponse(redirect("account_login")) from taken

    def is_safe_url(self, url: str | None) -> bool:
        host = self.request.get_host() if self.request else None
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={host} if host else None, require_https=settings.HTTPS
        )

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """allauth asks nobody who has neither a password nor a second factor. Here they are asked
        for a code by mail; raising sends them there, as allauth itself would."""
        request = context.request
        if is_certain(request):
            return False
        if not super().get_reauthentication_methods(request.user):
            raise ReauthenticationRequired
        return True

    def get_reauthentication_methods(
        self, user: AbstractBaseUser | AnonymousUser
    ) -> list[dict[str, Any]]:
        """Beside allauth's own: a code by mail, for those who may sign in with nothing else."""
        methods: list[dict[str, Any]] = [
            method | {"description": WAYS[method["id"]]}
            for method in super().get_reauthentication_methods(user)
        ]
        if user.is_authenticated and not is_mfa_enabled(user, SECOND_FACTORS):
            methods.append({"id": "code", "description": WAYS["code"], "url": reverse(BY_CODE)})
        return methods

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, *, signup: bool, **about: Any
    ) -> HttpResponse:
        """Who has just signed up typed the code that was mailed to them: as much as signing in."""
        if signup:
            record_authentication(request, user, method="code", email=about["email"])
        response: HttpResponse = super().post_login(request, user, signup=signup, **about)
        return response

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """After an address was changed: those who sign up go on to where they wanted."""
        return reverse("accounts:home")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:home")


def is_certain(request: HttpRequest) -> bool:
    """Whether they showed within the last minutes who they are, by signing in or by being asked."""
    if not request.user.is_authenticated:
        return False
    records = get_authentication_records(request, request.user)
    latest: float = max((record["at"] for record in records), default=0)
    return bool(time.time() - latest < app_settings.REAUTHENTICATION_TIMEOUT)


BY_CODE = "accounts:confirm"
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
WAYS = {
    "reauthenticate": "Use your password",
    "mfa_reauthenticate": "Use the app, or a recovery code",
    "mfa_reauthenticate:webauthn": "Use a passkey",
    "code": "Have a code sent to you",
}


class MFAAdapter(DefaultMFAAdapter):
    """Apps and browsers show the site by its name; the database keeps no key that can be read."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": "Turn the second step off first, then change the address.",
        "cannot_delete_authenticator": "This cannot be turned off.",
        "cannot_generate_recovery_codes": "Turn a second step on first, then make codes for it.",
        "incorrect_code": "This is not the code, or it was used already. Type the next one.",
        "unverified_email": "Confirm your e-mail address first, then turn the second step on.",
    }

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": settings.SITE_NAME}

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return f"Passkey {number}" if number > 1 else "Passkey"


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """A person has one name here, and it comes along."""

    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "email_taken": (
            "There is an account for this address already. Sign in to it first, then connect %s "
            "on the page of your account."
        ),
        "invalid_token": "The other site sent something that cannot be read. Try again.",
        "no_password": "Set a password first, then disconnect it.",
        "no_verified_email": "Confirm your e-mail address first, then disconnect it.",
        "disconnect_last": "This is the last way for you to sign in, so it stays.",
        "connected_other": "This sign-in belongs to another account here already.",
    }

    def populate_user(
        self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]
    ) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        user.name = (data.get("name") or data.get("username") or "")[:80]
        return user

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, str]:
        initial: dict[str, str] = super().get_signup_form_initial_data(sociallogin)
        suggested = sociallogin.user
        return initial | {"name": suggested.name if isinstance(suggested, User) else ""}
