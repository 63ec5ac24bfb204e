"""What staff see of payments and disputes, and giving money back."""

import logging
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from funding.accounts.access import person, staff_deed, staff_only
from funding.office import clock
from sponsors.billing import disputing, gateway, giving_back, looking, weighing
from sponsors.billing.models import (
    SUBJECTS,
    Dispute,
    Payment,
)
from sponsors.billing.staff_forms import GoOnForm
from sponsors.billing.views.giving import give
from sponsors.billing.views.paying import NO_ANSWER

log = logging.getLogger(__name__)
A_PAGE = 50
ENDS_ALREADY = "The sponsorship has ended, or ends, already."


@never_cache
@require_safe
@staff_only
def payments(request: HttpRequest) -> HttpResponse:
    """Every payment that arrived, newest first; searched by whose it is, or by its number."""
    search, show = request.GET.get("q", "")[:100].strip(), request.GET.get("show", "")
    rows = looking.payments(show, search)
    paginated = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    shown = {"paginated": paginated, "search": search, "show": show, "kinds": looking.SHOWN}
    return render(request, "billing/staff/payments.html", shown)


@never_cache
@require_safe
@staff_only
def payment(request: HttpRequest, payment_id: int) -> HttpResponse:
    """One payment: of what it is made, what went back, who asked for that."""
    row = _payment(payment_id)
    shown = {
        "payment": row,
        "left": weighing.left(row),
        "too_much": weighing.too_much(row),
        "asked": row.asked.select_related("by"),
    }
    return render(request, "billing/staff/payment.html", shown)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_deed
def refund(request: HttpRequest, payment_id: int) -> HttpResponse:
    """How much and why; what it means; then it is asked of Stripe."""
    row = _payment(payment_id)

    def page(shown: dict[str, Any], status: int) -> HttpResponse:
        return render(request, "billing/staff/refund.html", shown, status=status)

    return give(request, row, page=page, back=reverse("billing:staff-payment", args=[row.pk]))


@never_cache
@require_safe
@staff_only
def disputes(request: HttpRequest) -> HttpResponse:
    """Those that need an answer, by their day; then the others."""
    parties = [f"payment__invoice__{name}" for name in SUBJECTS]
    rows = Dispute.objects.select_related(*parties)
    others = rows.exclude(status__in=Dispute.TO_ANSWER)
    shown = {
        "to_answer": rows.needing_an_answer(),
        "paginated": Paginator(others, A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "billing/staff/disputes.html", shown)


@never_cache
@require_safe
@staff_only
def dispute(request: HttpRequest, dispute_id: int) -> HttpResponse:
    """What to send, and where."""
    row = _dispute(dispute_id)
    shown = {"dispute": row, "evidence": disputing.evidence(row)}
    return render(request, "billing/staff/dispute.html", shown)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_deed
def end_disputed(request: HttpRequest, dispute_id: int) -> HttpResponse:
    """What ending the sponsorship of a disputed payment means; then it is asked of Stripe."""
    row = _dispute(dispute_id)
    if not disputing.goes_on(row):
        messages.info(request, ENDS_ALREADY)
        return redirect("billing:staff-dispute", row.pk)
    if request.method != "POST":
        return render(request, "billing/staff/end_disputed.html", {"dispute": row})
    try:
        giving_back.end_disputed(row, now=clock.now())
        messages.success(request, "It ends. This card is not charged for it again.")
    except gateway.GatewayError as error:
        log.warning("Dispute %s: %s", row.pk, type(error).__name__)
        messages.error(request, NO_ANSWER)
    return redirect("billing:staff-dispute", row.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_deed
def let_go_on(request: HttpRequest, dispute_id: int) -> HttpResponse:
    """What it means that the sponsorship goes on; then it is written down, and waits for nobody."""
    row = _dispute(dispute_id)
    if not disputing.goes_on(row):
        messages.info(request, ENDS_ALREADY)
        return redirect("billing:staff-dispute", row.pk)
    form = GoOnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        because = form.cleaned_data["why"]
        if disputing.let_go_on(row, because=because, by=person(request), now=clock.now()):
            messages.success(request, "It goes on. Your words are kept with the dispute.")
        else:
            messages.info(request, "It was decided already that it goes on.")
        return redirect("billing:staff-dispute", row.pk)
    status = 422 if request.method == "POST" else 200
    shown = {"dispute": row, "form": form}
    return render(request, "billing/staff/dispute_goes_on.html", shown, status=status)


def _dispute(dispute_id: int) -> Dispute:
    parties = [f"payment__invoice__{name}" for name in SUBJECTS]
    rows = Dispute.objects.select_related("decided_by", *parties)
    return get_object_or_404(rows, pk=dispute_id)


def _payment(payment_id: int) -> Payment:
    return get_object_or_404(looking.payments(), pk=payment_id)
