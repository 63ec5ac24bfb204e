"""Where a person is at home, and companies that are put on the site before they buy anything."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from funding.accounts.access import person
from funding.office import clock
from funding.programmes import ways
from funding.projects import team
from funding.projects.models import Project
from funding.projects.page import Page
from sponsors.companies import access, registering
from sponsors.companies.forms import NewcomerForm


@never_cache
@require_safe
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """On to the one place where this person is at home; a choice of places for who has several, and
    of first steps for who has none."""
    user, now = person(request), clock.now()
    projects = list(Project.objects.run_by(user).with_page_parts().order_by("name"))
    companies = access.companies_for(user, "see")
    invitations = team.waiting_for(user, now=now)
    programmes = ways.of(user, now=now)
    if len(projects) + len(companies) == 1 and not invitations and not programmes:
        if projects:
            return redirect("projects:desk", projects[0].slug)
        return redirect("companies:home", slug=companies[0].slug)
    places = {
        "pages": [Page(project, today=now.date()) for project in projects],
        "companies": companies,
        "invitations": invitations,
        "ways": programmes,
    }
    return render(request, "companies/start.html", places)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A company, or this person as one, before anything is sponsored."""
    form = NewcomerForm(request.POST if request.method == "POST" else None, user=person(request))
    if request.method == "POST" and form.is_valid():
        company = registering.register(company=form.instance, by=person(request))
        messages.success(request, f"{company} is on the site. Nothing is charged for that.")
        return redirect("companies:home", slug=company.slug)
    status = 422 if request.method == "POST" else 200
    return render(request, "companies/new.html", {"form": form}, status=status)
