"""What came in for a project and what went back, on its desk; and giving it back, within limits."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from funding.office import clock
from funding.projects import recording
from funding.projects.models import Maintainer
from funding.projects.views.doors import desk, show
from sponsors.billing import looking, weighing
from sponsors.billing.views.giving import give

SHOWN = 100


@require_safe
@desk("spend")
def received(request: HttpRequest, maintainer: Maintainer) -> HttpResponse:
    """The payments of the last days, and those of which something went back or is disputed."""
    project = maintainer.project
    since = clock.now() - weighing.LATELY
    return show(
        request, "received", maintainer, tab="payments", days=weighing.LATELY.days,
        held=recording.held(project), payments=looking.received(project, since=since)[:SHOWN],
        returned=looking.returned(project)[:SHOWN],
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@desk("spend", certain=True)
def refund(request: HttpRequest, maintainer: Maintainer, payment_id: int) -> HttpResponse:
    """How much and why; what it means; then it is asked of Stripe."""
    theirs = looking.payments().filter(invoice__sponsorship__project=maintainer.project)
    payment = get_object_or_404(theirs, pk=payment_id)

    def page(shown: dict[str, Any], status: int) -> HttpResponse:
        return show(request, "refund", maintainer, status=status, tab="payments", **shown)

    back = reverse("billing:received", args=[maintainer.project.slug])
    return give(request, payment, page=page, back=back, within=True)
