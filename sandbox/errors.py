"""What Stripe answers when it refuses, in the shape that the client turns into exceptions."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

Fields = dict[str, Any]

DOCUMENTATION = "https://stripe.com/docs/error-codes/"


class StripeError(Exception):
    """A refusal: HTTP status plus the fields of Stripe's error object."""

    def __init__(self, status: int, type: str, message: str, **fields: Any) -> None:
        super().__init__(message)
        self.status = status
        self.error: Fields = {"type": type, "message": message}
        self.error.update({name: value for name, value in fields.items() if value is not None})
        if "code" in self.error:
            self.error["doc_url"] = DOCUMENTATION + self.error["code"].replace("_", "-")

    @property
    def code(self) -> str | None:
        return self.error.get("code")


def invalid(message: str, param: str | None = None, code: str | None = None) -> StripeError:
    return StripeError(400, "invalid_request_error", message, param=param, code=code)


def not_here(param: str) -> StripeError:
    return invalid(f"Stripe knows {param}; this sandbox does not, yet.", param)


def missing(param: str) -> StripeError:
    return invalid(f"Missing required param: {param}.", param, "parameter_missing")


def check_url(url: str, param: str) -> None:
    """Whole web addresses only."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    if not good:
        raise invalid("Not a valid URL", param, "url_invalid")


def no_such(kind: str, identifier: str, param: str = "id", status: int = 400) -> StripeError:
    name = NAMES.get(kind, kind.replace("_", " "))
    return StripeError(
        status,
        "invalid_request_error",
        f"No such {name}: '{identifier}'",
        param=param,
        code="resource_missing",
    )


def declined(code: str, decline_code: str | None, message: str, **fields: Any) -> StripeError:
    return StripeError(402, "card_error", message, code=code, decline_code=decline_code, **fields)


NAMES = {
    "payment_method": "PaymentMethod",
    "setup_intent": "setupintent",
    "billing_portal.configuration": "configuration",
    "checkout.session": "checkout.session",
}
