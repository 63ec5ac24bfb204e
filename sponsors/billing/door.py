"""Stripe's door stands before sessions, tokens and messages, which it has no use for: most of what a
webhook would cost is middleware. The address is in `urls.py` like every other."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from sponsors.billing.views.webhook import stripe_webhook

Answer = Callable[[HttpRequest], HttpResponseBase]


def middleware(get_response: Answer) -> Answer:
    address = SimpleLazyObject(lambda: reverse("billing:stripe-webhook"))

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.path_info == address:
            return stripe_webhook(request)
        return get_response(request)

    return answer
