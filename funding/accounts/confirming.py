"""Confirming that it is oneself with a code by mail: for those who sign in with nothing else. The
code lies in the session, works in that browser only, for a few minutes, once, for three tries."""

import time

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.core import ratelimit
from allauth.core.internal.cryptokit import compare_user_code
from django.http import HttpRequest

from funding.accounts.access import person

KEPT = "confirming"  # in the session


def is_possible(*, request: HttpRequest) -> bool:
    """Whoever has a second factor shows that one instead."""
    return any(way["id"] == "code" for way in _ways(request))


def other_ways(*, request: HttpRequest) -> list[dict[str, str]]:
    return [way for way in _ways(request) if way["id"] != "code"]


def send_code(*, request: HttpRequest) -> bool:
    """False when too many were asked for just now."""
    email = person(request).email
    if not ratelimit.consume(request, action="request_login_code", key=email.lower()):
        return False
    code = get_adapter().generate_login_code()
    request.session[KEPT] = {"code": code, "email": email, "at": time.time(), "tries": 0}
    get_adapter().send_mail("accounts/email/confirm", email, {"code": code})
    return True


def is_waiting(*, request: HttpRequest) -> bool:
    """A code was sent that still works."""
    sent = request.session.get(KEPT)
    if not sent or sent["email"] != person(request).email:
        return False
    is_young = time.time() - sent["at"] < app_settings.LOGIN_BY_CODE_TIMEOUT
    return bool(is_young and sent["tries"] < app_settings.LOGIN_BY_CODE_MAX_ATTEMPTS)


def confirm(*, request: HttpRequest, code: str) -> bool:
    """Whether it is the code; then whoever typed it is believed for a few minutes."""
    if not is_waiting(request=request):
        return False
    sent = request.session[KEPT]
    if not compare_user_code(actual=code, expected=sent["code"]):
        request.session[KEPT] = sent | {"tries": sent["tries"] + 1}
        return False
    del request.session[KEPT]
    record_authentication(
        request, person(request), method="code", email=sent["email"], reauthenticated=True
    )
    return True


def _ways(request: HttpRequest) -> list[dict[str, str]]:
    ways: list[dict[str, str]] = get_adapter().get_reauthentication_methods(request.user)
    return ways
