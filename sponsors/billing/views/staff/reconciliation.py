"""Whether Stripe and the books agree, and asking anew."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from funding.accounts.access import staff_deed, staff_only
from sponsors.billing import reconciling


@never_cache
@require_safe
@staff_only
def report(request: HttpRequest) -> HttpResponse:
    """The newest run, or an earlier one by its number."""
    asked = request.GET.get("run", "")
    if asked and not (asked.isascii() and asked.isdecimal() and len(asked) < 16):
        raise Http404
    row = reconciling.newest(int(asked) if asked else None)
    if asked and row is None:
        raise Http404
    return render(
        request, "billing/staff/reconciliation.html", {"report": reconciling.Report(row)}
    )


@require_POST
@staff_deed
def run(request: HttpRequest) -> HttpResponse:
    """Ask for one of everything; it begins by itself."""
    reconciling.ask_once()
    messages.success(
        request, "Asked for. It begins within half a minute; look at this page again then."
    )
    return redirect("billing:staff-reconciliation")
