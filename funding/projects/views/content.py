"""What a project's page says: its beginning, its texts, its logo, and its publication."""

from copy import copy

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from funding.accounts.access import person
from funding.office import clock, pictures
from funding.projects import editing, publishing, rungs
from funding.projects.forms import LONGEST_DESCRIPTION, BeginForm, LogoForm, TextsForm
from funding.projects.models import Maintainer, Project
from funding.projects.page import Page
from funding.projects.views.doors import desk, show, typed

FORM = ["GET", "HEAD", "POST"]


@never_cache
@login_required
@require_http_methods(FORM)
def create(request: HttpRequest) -> HttpResponse:
    """Put a project on the site, as a draft."""
    form, meaning = BeginForm(typed(request)), None
    if request.method == "POST" and form.is_valid():
        if "preview" not in request.POST:
            project = publishing.begin(project=form.instance, by=person(request))
            messages.success(request, "It is begun. Only you see it until you publish it.")
            return redirect("projects:desk", project.slug)
        meaning = rungs.meaning(form.instance)
    context = {"form": form, "meaning": meaning, "priced": form.instance}
    return render(request, "projects/desk/new.html", context, status=422 if form.errors else 200)


@require_http_methods(FORM)
@desk("run")
def publish(request: HttpRequest, maintainer: Maintainer) -> HttpResponse:
    """What publishing means, said first; refused with what is missing."""
    project = maintainer.project
    try:
        if request.method == "POST" and publishing.publish(project=project, by=person(request)):
            messages.success(request, "Published. Everybody sees it, and its tiers can be bought.")
            return redirect(project)
    except publishing.NotReady as refused:
        return show(
            request, "publish", maintainer, missing=refused.missing, status=422, tab="desk"
        )
    if not project.is_draft:
        messages.info(request, f"{project} is published already.")
        return redirect("projects:desk", project.slug)
    missing = publishing.missing(project)
    return show(request, "publish", maintainer, missing=missing, tab="desk")


@require_safe
@desk("see")
def preview(request: HttpRequest, maintainer: Maintainer) -> HttpResponse:
    """The page as everybody will see it, for those who run the project."""
    if not maintainer.project.is_draft:
        return redirect(maintainer.project)
    project = Project.objects.with_page_parts().get(pk=maintainer.project_id)
    page = Page(project, today=clock.today())
    return render(request, "projects/detail.html", {"project": project, "page": page})


@require_http_methods(FORM)
@desk("edit")
def texts(request: HttpRequest, maintainer: Maintainer) -> HttpResponse:
    """Its words and links. The preview shows what was typed and saves nothing."""
    project = maintainer.project
    form = TextsForm(typed(request), instance=copy(project))
    if request.method != "POST":
        return show(request, "texts", maintainer, form=form, tab="texts")
    if "preview" in request.POST:
        text = form.data.get("description", "")[:LONGEST_DESCRIPTION]
        return show(request, "texts", maintainer, form=form, preview=text, tab="texts")
    if editing.save_texts(form, project=project, by=person(request)):
        messages.success(request, "Saved.")
        return redirect("projects:texts", form.instance.slug)
    return show(request, "texts", maintainer, form=form, status=422, tab="texts")


@require_http_methods(FORM)
@desk("edit")
def logo(request: HttpRequest, maintainer: Maintainer) -> HttpResponse:
    """A picture in place of the initials."""
    project = maintainer.project
    form = LogoForm(typed(request), request.FILES or None)
    if form.is_bound and editing.save_logo(form, project=project, by=person(request)):
        messages.success(request, "This is the logo now.")
        return redirect("projects:logo", project.slug)
    status = 422 if form.is_bound else 200
    sizes = pictures.SIZES[:3]
    return show(request, "logo", maintainer, form=form, sizes=sizes, status=status, tab="logo")


@require_POST
@desk("edit")
def remove_logo(request: HttpRequest, maintainer: Maintainer) -> HttpResponse:
    editing.remove_logo(project=maintainer.project, by=person(request))
    messages.success(request, "The logo is taken down. The initials stand in its place.")
    return redirect("projects:logo", maintainer.project.slug)
