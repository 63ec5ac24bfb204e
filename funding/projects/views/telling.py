"""What maintainers tell: the desk's pages about updates, and everybody's list and feed of them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import http_date
from django.views.decorators.http import require_http_methods, require_safe

from funding.office import clock
from funding.projects import telling
from funding.projects.forms.telling import PublishForm, UpdateForm
from funding.projects.models import Maintainer, Project, Update
from funding.projects.views.doors import desk, show

A_PAGE = 20
LONGEST = 50_000  # as much of a text as is drawn, whatever is sent


@require_safe
@desk("edit")
def updates(request: HttpRequest, maintainer: Maintainer) -> HttpResponse:
    """Drafts, then what everybody sees."""
    written = Update.objects.filter(project=maintainer.project_id).select_related("author")
    for_everybody = Paginator(written.published(), A_PAGE).get_page(request.GET.get("page"))
    drafts = written.filter(published_at=None)
    return show(
        request, "updates", maintainer, tab="updates", drafts=drafts, paginated=for_everybody
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk("edit")
def edit_update(
    request: HttpRequest, maintainer: Maintainer, update_id: int | None = None
) -> HttpResponse:
    """Write one, or mend one; look at it first, keep it, or go on to publish it."""
    update = _update(maintainer, update_id)
    data = request.POST if request.method == "POST" else None
    if data and "preview" in data:
        return _preview(request, maintainer, update)
    form = UpdateForm(data, instance=update)
    if data is not None and telling.save(form, project=maintainer.project, by=maintainer.user):
        return _saved(request, maintainer, form.instance)
    status = 200 if data is None else 422
    return show(request, "update", maintainer, status=status, tab="updates", form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@desk("edit")
def publish_update(request: HttpRequest, maintainer: Maintainer, update_id: int) -> HttpResponse:
    """Who will see it, and whether the sponsors hear of it; then the button."""
    update = _update(maintainer, update_id)
    if update.published_at:
        return redirect("projects:updates", maintainer.project.slug)
    form = PublishForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        mail = form.cleaned_data["mail_sponsors"]
        telling.publish(update=update, mail_sponsors=mail, by=maintainer.user, now=clock.now())
        messages.success(request, f"“{update}” is published.")
        return redirect("projects:updates", maintainer.project.slug)
    return show(request, "publish_update", maintainer, tab="updates", form=form, update=update)


@require_http_methods(["GET", "HEAD", "POST"])
@desk("edit")
def take_down_update(request: HttpRequest, maintainer: Maintainer, update_id: int) -> HttpResponse:
    """What taking it down means; then it is a draft again."""
    update = _update(maintainer, update_id)
    if request.method == "POST":
        telling.take_down(update=update, by=maintainer.user)
        messages.success(request, f"“{update}” is taken down. It is a draft again.")
    if request.method == "POST" or not update.published_at:
        return redirect("projects:updates", maintainer.project.slug)
    return show(request, "take_down_update", maintainer, tab="updates", update=update)


@require_http_methods(["GET", "HEAD", "POST"])
@desk("edit")
def delete_update(request: HttpRequest, maintainer: Maintainer, update_id: int) -> HttpResponse:
    """That a draft is gone for good; then it is. One that is gone already needs nothing more."""
    update = Update.objects.filter(project=maintainer.project_id, pk=update_id).first()
    if request.method == "POST" and update:
        if telling.delete(update=update, by=maintainer.user):
            messages.success(request, f"The draft “{update}” is deleted.")
        else:
            messages.error(request, "Everybody sees this one. Take it down before you delete it.")
    if request.method == "POST" or update is None or update.published_at:
        return redirect("projects:updates", maintainer.project.slug)
    return show(request, "delete_update", maintainer, tab="updates", update=update)


@require_safe
def told(request: HttpRequest, slug: str) -> HttpResponse:
    """All that a project's maintainers told, the newest first."""
    project = get_object_or_404(Project.objects.published(), slug=slug)
    written = Update.objects.published().filter(project=project).select_related("author")
    paginated = Paginator(written, A_PAGE).get_page(request.GET.get("page"))
    for update in paginated:
        update.project = project
    return render(request, "projects/updates.html", {"project": project, "paginated": paginated})


@require_safe
def feed(request: HttpRequest, slug: str) -> HttpResponse:
    """The same for feed readers, which ask often: `pagecache` tells them when nothing is new."""
    project = get_object_or_404(Project.objects.published(), slug=slug)
    written = telling.feed(project)
    response = HttpResponse(written.body, content_type="application/atom+xml; charset=utf-8")
    if written.changed_at:
        response["Last-Modified"] = http_date(written.changed_at.timestamp())
    return response


def _update(maintainer: Maintainer, update_id: int | None) -> Update:
    if update_id is None:
        return Update(project=maintainer.project, author=maintainer.user)
    update = get_object_or_404(Update, project=maintainer.project_id, pk=update_id)
    update.project = maintainer.project
    return update


def _preview(request: HttpRequest, maintainer: Maintainer, update: Update) -> HttpResponse:
    """How it will look. Nothing is kept; what was typed stays in the form, and so does the mark of
    what stood there when it was opened."""
    typed = {name: request.POST.get(name, "") for name in ("title", "body", "seen")}
    form = UpdateForm(instance=update, initial=typed)
    shown = {"title": typed["title"], "body": typed["body"][:LONGEST]}
    return show(request, "update", maintainer, tab="updates", form=form, preview=shown)


def _saved(request: HttpRequest, maintainer: Maintainer, update: Update) -> HttpResponse:
    slug = maintainer.project.slug
    if "publish" in request.POST:
        return redirect("projects:publish-update", slug, update.pk)
    if Update.objects.published().filter(pk=update.pk).exists():
        messages.success(request, f"“{update}” is changed. It says that it was edited.")
        return redirect("projects:updates", slug)
    messages.success(request, "The draft is saved. Only those who run the project see it.")
    return redirect("projects:edit-update", slug, update.pk)
