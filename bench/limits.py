"""The limits: the least that Django can do for the same job, on the same server and database."""

import time

import stripe
from django.conf import settings
from django.core.paginator import Paginator
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from funding.projects.models import Goal, Project, Tier, Update

TABLE = "CREATE TABLE IF NOT EXISTS bench_event (id VARCHAR(80) PRIMARY KEY, body TEXT)"
INSERT = "INSERT INTO bench_event (id, body) VALUES (%s, %s) ON CONFLICT DO NOTHING"
BODY = b"x" * 15_000


def bare(request: HttpRequest) -> HttpResponse:
    """15 KB of nothing."""
    return HttpResponse(BODY)


def stock(request: HttpRequest) -> HttpResponse:
    """A page as Django's own documentation would write it: five indexed queries, loops, dates."""
    project = Project.objects.get(slug="bench")
    tiers = Tier.objects.filter(project=project)
    goals = Goal.objects.filter(project=project)
    updates = Update.objects.filter(project=project).order_by("-id")[:20]
    page = Paginator(Project.objects.order_by("name"), 20).page(1)
    context = {
        "project": project,
        "tiers": tiers,
        "goals": goals,
        "updates": updates,
        "page": page,
    }
    return render(request, "stock.html", context)


@csrf_exempt
def webhook(request: HttpRequest) -> HttpResponse:
    """Verify, insert, answer: nothing more."""
    text = request.body.decode()
    stripe.WebhookSignature.verify_header(
        text, request.headers["Stripe-Signature"], settings.STRIPE_WEBHOOK_SECRETS[0], 300
    )
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [f"{time.perf_counter_ns()}", text])
    return HttpResponse("kept")


urlpatterns = [
    path("", include("funding.projects.urls")),  # where the stock page's links lead
    path("bare/", bare),
    path("stock/", stock),
    path("cached/", stock),
    path("stripe/webhook/", webhook),
]
