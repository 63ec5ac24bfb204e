"""Funding calls that do not move on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from funding.accounts.access import staff_only
from funding.office import clock
from sponsors.billing import stalling


@never_cache
@require_safe
@staff_only
def calls(request: HttpRequest) -> HttpResponse:
    """Each with what it waits for."""
    shown = {"stalled": stalling.stalled(clock.now())}
    return render(request, "billing/staff/calls.html", shown)
