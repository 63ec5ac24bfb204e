"""Where the people who run the site begin: what waits for them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from funding.accounts.access import staff_only
from funding.office import clock
from sponsors.billing import attention


@never_cache
@require_safe
@staff_only
def home(request: HttpRequest) -> HttpResponse:
    """Each kind of thing that may wait for somebody, how many do, and where they are."""
    tasks = attention.tasks(now=clock.now())
    shown = {
        "waiting": [task for task in tasks if task.count],
        "idle": [task for task in tasks if not task.count],
    }
    return render(request, "billing/staff/home.html", shown)
