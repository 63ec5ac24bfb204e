"""What was done to a project, and its end."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from funding.ledger.money import Money
from funding.office import clock
from funding.projects import access, archiving, recording
from funding.projects.models import Activity, Maintainer
from funding.projects.refusals import Refused
from funding.projects.views.doors import desk, show

A_PAGE = 50


@require_safe
@desk("see")
def log(request: HttpRequest, maintainer: Maintainer) -> HttpResponse:
    """Who did what, the newest first, as far as their role lets them see it."""
    lines = Activity.objects.filter(
        project=maintainer.project_id, deed__in=access.deeds(maintainer)
    ).select_related("by", "about")
    paginated = Paginator(lines, A_PAGE).get_page(request.GET.get("page"))
    return show(request, "log", maintainer, tab="log", paginated=paginated)


@require_http_methods(["GET", "HEAD", "POST"])
@desk("run", certain=True)
def archive(request: HttpRequest, maintainer: Maintainer) -> HttpResponse:
    """What its end means, with true numbers; then the button."""
    project = maintainer.project
    if request.method != "POST":
        if not project.is_open:
            return redirect(
                "projects:reopen" if project.is_archived else "projects:desk", project.slug
            )
        held = recording.held(project)
        return show(request, "archive", maintainer, committed=_committed(maintainer), held=held)
    try:
        archiving.archive(project=project, by=maintainer.user, now=clock.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        told = " Its sponsors are told by mail within minutes." if project.funding.sponsors else ""
        messages.success(request, f"{project} is archived.{told}")
    return redirect("projects:desk", project.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@desk("run")
def reopen(request: HttpRequest, maintainer: Maintainer) -> HttpResponse:
    project = maintainer.project
    if request.method == "POST":
        archiving.reopen(project=project, by=maintainer.user)
        messages.success(request, f"{project} is open again and can be sponsored.")
    if request.method == "POST" or not project.is_archived:
        return redirect("projects:desk", project.slug)
    return show(request, "reopen", maintainer, committed=_committed(maintainer))


def _committed(maintainer: Maintainer) -> Money:
    """What its sponsors have committed a month."""
    project = maintainer.project
    return project.money(project.funding.committed)
