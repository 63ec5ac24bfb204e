"""Stripe's client, how it is asked, and what its refusals mean."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any, cast

import stripe
from django.conf import settings
from django.utils.module_loading import import_string

VERSION = stripe.api_version
FUTURE_TOLERANCE = 300  # seconds; stripe-python accepts any time to come, we do not
CONNECT, READ = 3.05, 15.0

# A foreign JSON object, as Stripe's documentation describes it.
Json = dict[str, Any]


class GatewayError(Exception):
    """Stripe did not do what was asked.

    GatewayError
    ├── Refused        Stripe says no, and will say so again: nothing was done
    │   └── NotFound   there is no such object on this account in this mode
    ├── Busy           too many requests: nothing was done, ask again later
    ├── KeyUsed        this key was used with other parameters: look at what it made
    └── Unknown        no answer: it may have been done or not; ask again under the same key
        └── Failed     Stripe's own failure, which it keeps under the key and would repeat for a
                       day: it may have been done or not; look before a new key is used
    """


class Refused(GatewayError):
    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class NotFound(Refused):
    pass


class Busy(GatewayError):
    pass


class KeyUsed(GatewayError):
    pass


class Unknown(GatewayError):
    pass


class Failed(Unknown):
    pass


class BadSignature(Exception):
    """A webhook that Stripe did not sign, or not now, or that holds no event."""


def livemode() -> bool:
    """Whether the key is for real money."""
    return "_live_" in settings.STRIPE_SECRET_KEY


@cache
def client() -> stripe.StripeClient:
    make = settings.STRIPE_HTTP_CLIENT and import_string(settings.STRIPE_HTTP_CLIENT)
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        base_addresses={"api": settings.STRIPE_API_BASE},
        http_client=make() if make else stripe.RequestsClient(timeout=(CONNECT, READ)),
        max_network_retries=2,
    )


def v1() -> Any:
    """Its calls, untyped: what we send is checked in the tests against the package's own types."""
    return client().v1


def forget_client() -> None:
    """After a change of settings: the next call makes a new client."""
    client.cache_clear()


def ask(call: Callable[[], Any]) -> Json:
    return told(lambda: cast(Json, call().to_dict()))


def told(call: Callable[[], Json]) -> Json:
    try:
        return call()
    except stripe.RateLimitError as error:
        raise Busy(str(error)) from error
    except stripe.IdempotencyError as error:
        under_way = error.http_status == 409  # the same call is being answered to somebody else
        raise (Busy if under_way else KeyUsed)(str(error)) from error
    except stripe.InvalidRequestError as error:
        refusal = NotFound if error.http_status == 404 else Refused
        raise refusal(error.user_message or str(error), error.code or "") from error
    except stripe.APIConnectionError as error:
        raise Unknown(str(error)) from error
    except stripe.APIError as error:
        raise Failed(str(error)) from error
    except stripe.StripeError as error:
        raise Refused(error.user_message or str(error), error.code or "") from error


def as_text(event: Json) -> str:
    """An event as it is kept."""
    return json.dumps(event, separators=(",", ":"), default=str)
