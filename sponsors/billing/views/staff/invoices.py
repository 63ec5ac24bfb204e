"""Invoices as the people who run the site see them: what is open and late, money from the bank, debts that
are given up."""

import logging

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from funding.accounts.access import person, staff_deed, staff_only
from funding.ledger.money import Money
from funding.office import clock
from sponsors.billing import banking, collecting, gateway, writing_off
from sponsors.billing.models import (
    SUBJECTS,
    Invoice,
)
from sponsors.billing.staff_forms import BankForm
from sponsors.billing.views.paying import NO_ANSWER

log = logging.getLogger(__name__)
A_PAGE = 50


@never_cache
@require_safe
@staff_only
def invoices(request: HttpRequest) -> HttpResponse:
    """Those that are waited for, the longest first; or another kind, and by number or company."""
    search = collecting.Search(request.GET, now=clock.now())
    page = Paginator(search.rows(), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "billing/staff/invoices.html", {"search": search, "page": page})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_deed
def money(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """Money for an invoice that came to the bank."""
    invoice = _invoice(invoice_id)
    now = clock.now()
    sent = request.POST if request.method == "POST" else None
    form = BankForm(sent, currency=invoice.currency, initial={"received_on": now.date()})
    status = 200 if sent is None else 422
    if sent is not None and form.is_valid():
        typed = form.cleaned_data
        amount = Money(typed["amount"], invoice.currency)
        seen = banking.Seen(amount, typed["reference"], typed["received_on"])
        try:
            banking.record(invoice_id=invoice.pk, seen=seen, by=person(request), now=now)
            messages.success(request, f"{amount.exact} for invoice {invoice} is written down.")
            return redirect("billing:staff-invoices")
        except banking.NotRecorded as refused:
            form.add_error(None, str(refused))
    shown = {"invoice": invoice, "form": form}
    return render(request, "billing/staff/money.html", shown, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_deed
def sent_back(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """Money that pays nothing went back to who sent it."""
    invoice = _invoice(invoice_id)
    if request.method == "POST":
        try:
            banking.take_back(invoice_id=invoice.pk)
            messages.success(
                request, f"The money for invoice {invoice} is not waited for any more."
            )
        except banking.NotRecorded as refused:
            messages.error(request, str(refused))
        return redirect("billing:staff-invoices")
    return render(request, "billing/staff/sent_back.html", {"invoice": invoice})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_deed
def write_off(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """What giving it up means, said first; then it is asked of Stripe."""
    invoice = _invoice(invoice_id)
    if request.method == "POST":
        try:
            writing_off.write_off(invoice)
            messages.success(request, f"Invoice {invoice} is written off.")
        except writing_off.NotWrittenOff as refused:
            messages.error(request, str(refused))
        except gateway.GatewayError as error:
            log.warning("Invoice %s is not written off: %s", invoice.pk, type(error).__name__)
            messages.error(request, NO_ANSWER)
        return redirect("billing:staff-invoices")
    shown = {"invoice": invoice, "may": writing_off.may_be(invoice)}
    return render(request, "billing/staff/write_off.html", shown)


def _invoice(invoice_id: int) -> Invoice:
    rows = Invoice.objects.select_related(*SUBJECTS, "bank_payment")
    return get_object_or_404(rows, pk=invoice_id)
