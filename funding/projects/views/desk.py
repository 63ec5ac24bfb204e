"""The maintainer's home: everything that a person runs, and one project's desk."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from funding.accounts.access import person
from funding.office import clock
from funding.projects import publishing, team, waiting
from funding.projects.models import Maintainer, Project
from funding.projects.page import Page
from funding.projects.views.doors import desk, show


@never_cache
@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """Every project that this person runs, with its week; how to begin when there is none; and
    those that they are asked to run."""
    user, now = person(request), clock.now()
    projects = Project.objects.run_by(user).with_page_parts().order_by("name")
    pages = [Page(project, today=now.date()) for project in projects]
    invitations = team.waiting_for(user, now=now)
    return render(request, "projects/desk/mine.html", {"pages": pages, "invitations": invitations})


@require_safe
@desk("see")
def home(request: HttpRequest, maintainer: Maintainer) -> HttpResponse:
    """One project's desk: what is to be done before it is published, or how it stands."""
    project = Project.objects.with_page_parts().get(pk=maintainer.project_id)
    page = Page(project, today=clock.today())
    if project.is_draft:
        todo = publishing.checklist(project)
        is_ready = all(item.is_done for item in todo if item.is_needed)
        return show(
            request, "home", maintainer, page=page, todo=todo, is_ready=is_ready, tab="desk"
        )
    return show(request, "home", maintainer, page=page, needs=waiting.needs(page), tab="desk")
