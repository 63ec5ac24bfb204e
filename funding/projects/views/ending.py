"""What was done to a project, and its end."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from funding.projects.models import Activity, Maintainer
from funding.projects.views.doors import desk, show

A_PAGE = 50


@require_safe
@desk("see")
def log(request: HttpRequest, maintainer: Maintainer) -> HttpResponse:
    """Who did what, the newest first."""
    lines = Activity.objects.filter(project=maintainer.project_id).select_related("by")
    paginated = Paginator(lines, A_PAGE).get_page(request.GET.get("page"))
    return show(request, "log", maintainer, tab="log", paginated=paginated)
