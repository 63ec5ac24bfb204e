"""Who may ask: any test key, and the one version of the API that is spoken here."""

from __future__ import annotations

import base64

from sandbox import errors
from sandbox.account import API_VERSION
from sandbox.errors import StripeError


def check_key(authorization: str) -> None:
    scheme, _, given = authorization.partition(" ")
    key = given.strip()
    if scheme.lower() == "basic":
        key = _basic(key)
    if not key:
        raise StripeError(
            401,
            "invalid_request_error",
            "You did not provide an API key. You need to provide your API key in the "
            "Authorization header, using Bearer auth (e.g. 'Authorization: Bearer "
            "YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details.",
        )
    if key.startswith("sk_live_"):
        raise StripeError(401, "invalid_request_error", "This is a sandbox: it refuses live keys.")
    if not key.startswith("sk_test_"):
        hidden = key[:8] + "*" * 4
        raise StripeError(401, "invalid_request_error", f"Invalid API Key provided: {hidden}")


def _basic(given: str) -> str:
    try:
        return base64.b64decode(given, validate=True).decode("latin-1").partition(":")[0]
    except ValueError:
        return ""


def check_version(version: str | None) -> None:
    if version is not None and version != API_VERSION:
        raise errors.invalid(
            f"Invalid Stripe API version: {version[:60]}. This sandbox speaks {API_VERSION} only."
        )
