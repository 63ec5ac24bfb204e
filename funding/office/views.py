"""Doors for machines (is the process there, can it work) and for what went wrong."""

import os
from datetime import timedelta

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from funding.office import outbox, slots
from funding.office.models import Rendition

BEAT_IS_LATE_AFTER = timedelta(seconds=60)


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, broker and beat, each with what it says; 503 unless all three are there."""
    checks = {"database": _database(), "broker": _broker()}
    database_answers = checks["database"] == "ok"
    checks["beat"] = _beat() if database_answers else "unknown"
    ready = all(said == "ok" for said in checks.values())
    if database_answers:
        checks["mails_stuck"] = str(outbox.stuck())
    return JsonResponse(checks, status=200 if ready else 503)


@require_safe
def picture(request: HttpRequest, digest: str, size: int, form: str) -> HttpResponse:
    """One rendition. Its address never changes what it shows, so it may be kept for ever."""
    found = get_object_or_404(Rendition, picture=digest, size=size, form=form)
    response = HttpResponse(bytes(found.data), content_type=f"image/{found.form}")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Content-Security-Policy"] = "default-src 'none'"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is missing or old: nothing happened, and this says so."""
    return render(request, "403_csrf.html", status=403)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return type(error).__name__
    return "ok"


def _broker() -> str:
    try:
        with current_app.connection_for_write(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
        if settings.BROKER_URL == "filesystem://" and not os.access(settings.BROKER_DIR, os.W_OK):
            return "the folder is gone"
    except (OperationalError, OSError) as error:
        return type(error).__name__
    return "ok"


def _beat() -> str:
    return "ok" if slots.last_beat_within("beat", BEAT_IS_LATE_AFTER) else "late"
