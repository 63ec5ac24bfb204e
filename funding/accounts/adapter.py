"""Where allauth asks the site how it wants things."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from funding.accounts.address import deliverable


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in codes are sent at once, not through the outbox: somebody waits for them."""

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
