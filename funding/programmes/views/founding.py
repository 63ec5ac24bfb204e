"""A programme: everything that a person organises, how one begins, its texts and its projects."""

from copy import copy

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from funding.accounts.access import person
from funding.office import clock, pictures
from funding.programmes import desks, editing, founding
from funding.programmes.forms.founding import AskForm, BeginForm, TextsForm
from funding.programmes.models import Hosting, Programme
from funding.programmes.refusals import Refused
from funding.programmes.views.doors import desk, show, typed
from funding.projects.forms import LogoForm

either = require_http_methods(["GET", "HEAD", "POST"])
LONGEST = 50_000


@never_cache
@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """Every programme in which this person has a part, and what waits for them."""
    home = desks.home_of(person(request), now=clock.now())
    return render(request, "programmes/desk/mine.html", {"home": home})


@never_cache
@login_required
@either
def create(request: HttpRequest) -> HttpResponse:
    """Begin a programme, as one that only its people see."""
    owned = founding.owned_by(person(request))
    form = BeginForm(typed(request), owned=owned)
    if request.method == "POST" and form.is_valid():
        made = founding.begin(
            programme=form.instance, projects=form.cleaned_data["projects"], by=person(request),
            now=clock.now(),
        )  # fmt: skip
        messages.success(request, "It is begun. Only its people see it until a round is opened.")
        return redirect("programmes:desk", made.slug)
    context = {"form": form, "owns": owned.exists()}
    status = 422 if form.is_bound else 200
    return render(request, "programmes/desk/new.html", context, status=status)


@require_safe
@desk("see")
def home(request: HttpRequest, programme: Programme) -> HttpResponse:
    """One programme's desk: its rounds, and what is to be done first."""
    rounds = desks.rounds_of(programme, person(request), now=clock.now())
    return show(request, "home", programme, tab="desk", rounds=rounds)


@either
@desk("edit")
def texts(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Its words. The preview shows what was typed and saves nothing."""
    form = TextsForm(typed(request), instance=copy(programme))
    if request.method != "POST":
        return show(request, "texts", programme, form=form, tab="texts")
    if "preview" in request.POST:
        text = form.data.get("description", "")[:LONGEST]
        return show(request, "texts", programme, form=form, preview=text, tab="texts")
    if editing.save(form, programme=programme, by=person(request)):
        messages.success(request, "Saved.")
        return redirect("programmes:texts", programme.slug)
    return show(request, "texts", programme, form=form, status=422, tab="texts")


@either
@desk("edit")
def logo(request: HttpRequest, programme: Programme) -> HttpResponse:
    """A picture in place of the initials."""
    form = LogoForm(typed(request), request.FILES or None)
    if form.is_bound and editing.save_logo(form, programme=programme, by=person(request)):
        messages.success(request, "This is the logo now.")
        return redirect("programmes:logo", programme.slug)
    status = 422 if form.is_bound else 200
    sizes = pictures.SIZES[:3]
    return show(request, "logo", programme, form=form, sizes=sizes, status=status, tab="logo")


@require_POST
@desk("edit")
def remove_logo(request: HttpRequest, programme: Programme) -> HttpResponse:
    editing.remove_logo(programme=programme, by=person(request))
    messages.success(request, "The logo is taken down. The initials stand in its place.")
    return redirect("programmes:logo", programme.slug)


@require_safe
@desk("see")
def projects(request: HttpRequest, programme: Programme) -> HttpResponse:
    hostings = programme.hostings.select_related("project__logo", "asked_by")
    return show(request, "projects", programme, hostings=hostings, tab="projects")


@either
@desk("run")
def ask(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Ask another project to run it too."""
    form = AskForm(typed(request))
    if request.method == "POST" and form.is_valid():
        project = form.cleaned_data["project"]
        try:
            made = founding.ask(
                programme=programme, project=project, by=person(request), now=clock.now()
            )
        except Refused as refused:
            form.add_error("project", str(refused))
        else:
            runs, asked = (
                f"{project} runs it too now.",
                f"{project} is asked: its owners got a mail.",
            )
            messages.success(request, runs if made.joined_at else asked)
            return redirect("programmes:projects", programme.slug)
    status = 422 if form.is_bound else 200
    return show(request, "ask", programme, form=form, status=status, tab="projects")


@either
@desk("run")
def take_away(request: HttpRequest, programme: Programme, hosting_id: int) -> HttpResponse:
    rows = programme.hostings.select_related("project")
    hosting = get_object_or_404(rows, pk=hosting_id)
    if request.method != "POST":
        return show(request, "remove_project", programme, hosting=hosting, tab="projects")
    try:
        founding.take_away(hosting=hosting, by=person(request))
        messages.success(request, f"{hosting.project} does not run it any more.")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("programmes:projects", programme.slug)


@never_cache
@login_required
@either
def asked(request: HttpRequest, hosting_id: int) -> HttpResponse:
    """Where owners of a project that is asked answer; to others there is no such page."""
    hosting = founding.asked_of(person(request)).filter(pk=hosting_id).first()
    if hosting is None:
        return _answered_before(request, hosting_id)
    if request.method != "POST":
        return render(request, "programmes/desk/asked.html", {"hosting": hosting})
    return _answer(request, hosting)


def _answer(request: HttpRequest, hosting: Hosting) -> HttpResponse:
    try:
        if "decline" in request.POST:
            founding.decline(hosting=hosting, by=person(request))
            messages.success(request, "Declined. Nothing has changed.")
        else:
            founding.agree(hosting=hosting, by=person(request), now=clock.now())
            messages.success(request, f"{hosting.project} runs {hosting.programme} too now.")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("programmes:mine")


def _answered_before(request: HttpRequest, hosting_id: int) -> HttpResponse:
    """An owner who is second is told; who is none sees nothing."""
    owned = founding.owned_by(person(request))
    row = (
        Hosting.objects.select_related("project").filter(pk=hosting_id, project__in=owned).first()
    )
    if row is None:
        raise Http404
    messages.info(request, f"Another owner agreed for {row.project} already.")
    return redirect("programmes:mine")
