"""Money that came to the bank and goes back by bank: what is to be sent, and what was."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from funding.accounts.access import person, staff_deed, staff_only
from funding.office import clock
from sponsors.billing import sending_back
from sponsors.billing.staff_forms import SentForm

A_PAGE = 50


@never_cache
@require_safe
@staff_only
def returns(request: HttpRequest) -> HttpResponse:
    """What is to be sent, the oldest first; below it what was sent, the newest first."""
    rows = sending_back.rows()
    sent = rows.filter(sent_on__isnull=False).order_by("-sent_on", "-id")
    shown = {
        "to_send": rows.filter(sent_on=None),
        "paginated": Paginator(sent, A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "billing/staff/by_bank.html", shown)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_deed
def sent(request: HttpRequest, return_id: int) -> HttpResponse:
    """When it was sent, and under which reference."""
    row = get_object_or_404(sending_back.rows(), pk=return_id)
    typed = request.POST if request.method == "POST" else None
    form = SentForm(typed, initial={"on": clock.today()})
    if typed is not None and form.is_valid():
        try:
            on = sending_back.Sent(form.cleaned_data["reference"], form.cleaned_data["on"])
            sending_back.record(row.pk, sent=on, by=person(request), now=clock.now())
            messages.success(request, f"It is written down that {row} was sent.")
            return redirect("billing:staff-by-bank")
        except sending_back.NotSentBack as refused:
            form.add_error(None, str(refused))
    status = 422 if typed is not None else 200
    return render(request, "billing/staff/sent.html", {"row": row, "form": form}, status=status)
