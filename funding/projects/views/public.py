"""Public pages: what there is to fund, and one project."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from funding.office import clock
from funding.projects.directory import Asked, Listing, most_needed
from funding.projects.models import Project, Update
from funding.projects.page import Page

ON_THE_FRONT = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this site is, and the projects that need somebody most."""
    cards = most_needed(most=ON_THE_FRONT, today=clock.today())
    return render(request, "projects/home.html", {"cards": cards})


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """Published projects, as the address asks for them."""
    asked = Asked.read(request.GET)
    listing = Listing(asked, number=request.GET.get("page"), today=clock.today())
    return render(request, "projects/directory.html", {"listing": listing})


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A project: its week, its ladder, its people, its tiers, its money."""
    projects = Project.objects.published().with_page_parts()
    project = get_object_or_404(projects, slug=slug)
    page = Page(project, today=clock.today())
    response = render(request, "projects/detail.html", {"project": project, "page": page})
    if request.user.is_authenticated:
        add_never_cache_headers(response)
    return response


@require_safe
def update(request: HttpRequest, slug: str, update_id: int) -> HttpResponse:
    """One thing that the maintainers told."""
    told = Update.objects.published().filter(project__in=Project.objects.published())
    one = told.select_related("project", "author").filter(pk=update_id).first()
    if one is None or one.project.slug != slug:
        raise Http404
    return render(request, "projects/update.html", {"update": one, "project": one.project})
