"""What staff see of rounds: those that are over and that nobody has ended."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from funding.accounts.access import staff_only
from funding.office import clock
from funding.programmes import desks, ending_rounds
from sponsors.billing import attention

A_PAGE = 50


@never_cache
@require_safe
@staff_only
def forgotten(request: HttpRequest) -> HttpResponse:
    """Whom to write to, and when what applicants wrote is deleted. Nothing of it is shown here."""
    rows = ending_rounds.overdue(now=clock.now(), by=attention.FORGOTTEN)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    lines = desks.unended(page.object_list)
    return render(request, "billing/staff/rounds.html", {"lines": lines, "paginated": page})
