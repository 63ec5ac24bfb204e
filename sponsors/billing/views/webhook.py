"""What Stripe tells."""

import logging

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError

from sponsors.billing import gateway, inbox, tasks

log = logging.getLogger(__name__)

LARGEST_EVENT = 1_000_000  # bytes; Stripe's largest are a quarter of that


@csrf_exempt
@require_POST
def stripe_webhook(request: HttpRequest) -> HttpResponse:
    """Verify, keep, answer. The work is done by a task; a hint to it that gets lost is found."""
    try:
        if len(request.body) > LARGEST_EVENT:
            raise RequestDataTooBig
        event = gateway.verify(request.body, request.headers.get("Stripe-Signature", ""))
        root = inbox.keep(event, request.body.decode())
    except RequestDataTooBig:
        return HttpResponse("Too large for an event.\n", status=413)
    except (gateway.BadSignature, inbox.NotAnEvent) as refused:
        return HttpResponse(f"{refused}\n", status=400)
    if root:
        _hint(root)  # the event is committed: nothing opens a transaction around this view
    return HttpResponse("kept\n")


def _hint(root: str) -> None:
    try:
        tasks.handle_roots.delay([root])
    except (OperationalError, OSError):
        log.warning("The broker is away; the sweeper will find %s.", root)
