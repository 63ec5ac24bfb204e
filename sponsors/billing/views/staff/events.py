"""Events that could not be handled: what they are about, why, and once more."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from funding.accounts.access import staff_deed, staff_only
from sponsors.billing import inbox

A_PAGE = 50


@never_cache
@require_safe
@staff_only
def dead(request: HttpRequest) -> HttpResponse:
    page = Paginator(inbox.dead(), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "billing/staff/events.html", {"page": page})


@require_POST
@staff_deed
def again(request: HttpRequest) -> HttpResponse:
    """One that is named, or all of them."""
    name = request.POST.get("event", "")
    known = name.replace("\x00", "")
    events = inbox.dead().filter(stripe_id=known) if name else inbox.dead()
    count = inbox.replay(events)
    messages.info(request, f"{count} will be tried again within some seconds.")
    return redirect("billing:staff-events")
