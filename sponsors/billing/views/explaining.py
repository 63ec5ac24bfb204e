"""The help page. It stands here because it explains everything below: money, time and standing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sponsors.billing.explaining import Example


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How money becomes days, and what happens to it."""
    return render(request, "help/help.html", {"example": Example()})
