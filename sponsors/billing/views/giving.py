"""Giving money back, at the door of staff and at that of a project's desk alike: how much and why, then
what it means, then the button."""

import logging
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from funding.accounts.access import person
from funding.office import clock
from sponsors.billing import gateway, giving_back, weighing
from sponsors.billing.models import Payment
from sponsors.billing.staff_forms import GiveBackForm

log = logging.getLogger(__name__)
NO_ANSWER = (
    "Our payment provider does not answer just now. What you asked for is written down and is asked "
    "again by itself: look at the payment in a minute."
)


def give(
    request: HttpRequest,
    payment: Payment,
    *,
    page: Callable[[dict[str, Any], int], HttpResponse],
    back: str,
    within: bool = False,
) -> HttpResponse:
    """`page` shows what it is given; `back` is where to go afterwards."""
    why_not = weighing.why_not(payment, now=clock.now(), within=within)
    left, sent = weighing.left(payment), request.method == "POST"
    may_end = payment.invoice.sponsorship_id is not None
    form = GiveBackForm(request.POST if sent else None, left=left, may_end=may_end)
    shown = {"payment": payment, "form": form, "left": left, "why_not": why_not}
    if why_not:
        return page(shown, 409 if sent else 200)
    if not sent or not form.is_valid():
        return page(shown, 422 if sent else 200)
    if "confirmed" in request.POST:
        return _given(request, payment, form, back=back, within=within)
    amount = form.cleaned_data["amount"]
    return page({**shown, "meaning": weighing.meaning(payment, amount)}, 200)


def _given(
    request: HttpRequest, payment: Payment, form: GiveBackForm, *, back: str, within: bool
) -> HttpResponse:
    typed = form.cleaned_data
    wish = giving_back.Wish(
        amount=typed["amount"],
        why=typed["why"],
        ends=typed.get("ends", False),
        seen_left=typed["left"],
    )
    try:
        giving_back.ask(payment, wish, by=person(request), now=clock.now(), within=within)
        messages.success(request, "It goes back. The company is told by mail.")
    except giving_back.CannotGiveBack as refused:
        messages.error(request, str(refused))
    except gateway.GatewayError as error:
        log.warning("Payment %s: %s", payment.pk, type(error).__name__)
        messages.warning(request, NO_ANSWER)
    return redirect(back)
