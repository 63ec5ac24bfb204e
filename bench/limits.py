"""The limits: the least that Django can do for the same job, on the same server and database."""

import time

import stripe
from django.conf import settings
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import ListView

from funding.projects import directory
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


class StockList(ListView):  # type: ignore[type-arg]
    """A list as Django's own documentation would write it, of as many rows a page as ours, with
    related rows prefetched; it filters and searches as ours does."""

    paginate_by = directory.A_PAGE
    template_name = "stock_list.html"

    def get_queryset(self) -> QuerySet[Project]:
        asked = self.request.GET
        projects = Project.objects.filter(status="published").select_related("funding")
        if language := asked.get("language"):
            projects = projects.filter(languages__name=language)
        if asked.get("funding"):
            projects = projects.filter(funding__filled__lt=10_000)
        for word in asked.get("q", "").split():
            said = Q(name__icontains=word) | Q(summary__icontains=word)
            projects = projects.filter(said | Q(languages__name__icontains=word)).distinct()
        return projects.order_by("funding__filled", "pk").prefetch_related(
            "languages", "goals", "grants", "people"
        )


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
    path("stock-list/", StockList.as_view()),
    path("cached/", stock),
    path("stripe/webhook/", webhook),
]
