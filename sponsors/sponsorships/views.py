"""What a company's people see and choose of their sponsorships, and what everybody sees of a
company."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from funding.accounts.access import person
from funding.office import clock
from funding.projects import access as projects
from sponsors.companies import access as companies
from sponsors.companies.models import Company
from sponsors.sponsorships import (
    access,
    fulfilling,
    lifecycle,
    showing,
    telling_sponsors,
)
from sponsors.sponsorships.describing import Description
from sponsors.sponsorships.forms import DoneForm, ShowingForm
from sponsors.sponsorships.models import Fulfilment, Interval, Sponsorship, Status

A_PAGE = 50


@never_cache
@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """Every sponsorship of every company that this person acts for, those that go on first."""
    rows = Sponsorship.objects.visible_to(person(request)).begun().with_parties()
    page = Paginator(rows.going_on_first(), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "sponsorships/list.html", {"page": page})


@never_cache
@require_safe
@login_required
def detail(request: HttpRequest, sponsorship_id: int) -> HttpResponse:
    """One sponsorship: what it is now, its invoices, its diary, and what can be done."""
    return _detail(request, _theirs(request, "see", sponsorship_id))


@never_cache
@require_POST
@login_required
def show(request: HttpRequest, sponsorship_id: int) -> HttpResponse:
    """What everybody may see of it, and who gets mail about it."""
    sponsorship = _theirs(request, "show", sponsorship_id)
    form = ShowingForm(request.POST)
    if not form.is_valid():
        return _detail(request, sponsorship, form)
    showing.choose(sponsorship=sponsorship, **form.cleaned_data)
    messages.success(request, "Saved. The pages show it so from now on.")
    return redirect(sponsorship)


@require_safe
def company(request: HttpRequest, slug: str) -> HttpResponse:
    """What everybody may see of a company. One of which nothing may be seen is not there, but for
    its own people."""
    one = get_object_or_404(Company.objects.select_related("logo"), slug=slug)
    page = showing.public_page(one, now=clock.now())
    is_theirs = request.user.is_authenticated and companies.may(person(request), "see", one)
    if page.is_empty and not is_theirs:
        raise Http404
    shown = {"company": one, "page": page, "is_theirs": is_theirs}
    response = render(request, "companies/public.html", shown)
    if request.user.is_authenticated:
        add_never_cache_headers(response)
    return response


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def describe(request: HttpRequest, slug: str) -> HttpResponse:
    """What the company's page and its invoices say of it."""
    one = companies.company_for(person(request), "edit", slug)
    if one is None:
        raise Http404
    sent = request.method == "POST"
    description = Description(one, request.POST, request.FILES) if sent else Description(one)
    if sent and description.save():
        messages.success(request, "Saved. Every page shows it so from now on.")
        return redirect("companies:home", slug=slug)
    status = 422 if sent else 200
    return render(request, "companies/edit.html", {"description": description}, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def done(request: HttpRequest, slug: str, fulfilment_id: int) -> HttpResponse:
    """A maintainer says that something promised was done, and how it can be seen."""
    owed = _owed(request, slug, fulfilment_id)
    form = DoneForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        shown = {"fulfilment": owed, "form": form}
        status = 422 if form.is_bound else 200
        return render(request, "sponsorships/done.html", shown, status=status)
    try:
        fulfilling.mark_done(
            fulfilment_id=owed.pk, by=person(request), now=clock.now(), **form.cleaned_data
        )
        messages.success(request, "Done. The sponsor sees it with your words.")
    except (fulfilling.AlreadyDone, fulfilling.NotOwed) as refused:
        messages.error(request, str(refused))
    return redirect("projects:desk", slug)


@require_POST
@login_required
def undo(request: HttpRequest, slug: str, fulfilment_id: int) -> HttpResponse:
    """It was not done after all."""
    owed = _owed(request, slug, fulfilment_id)
    fulfilling.undo(fulfilment_id=owed.pk, by=person(request), now=clock.now())
    messages.success(request, "It is owed again.")
    return redirect("projects:desk", slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def updates_off(request: HttpRequest, signed: str) -> HttpResponse:
    """No more mail of a project's updates, for whoever holds the link out of such a mail. Opening
    it changes nothing: programs that look for viruses open every link."""
    stop = telling_sponsors.read_stop(signed)
    if stop is None:
        raise Http404
    if request.method == "POST":
        telling_sponsors.turn_off(stop)
    shown = {"project": stop.project, "is_off": request.method == "POST"}
    return render(request, "sponsorships/updates_off.html", shown)


def _owed(request: HttpRequest, slug: str, fulfilment_id: int) -> Fulfilment:
    project = projects.project_for(person(request), "edit", slug)
    rows = Fulfilment.objects.filter(sponsorship__project=project)
    return get_object_or_404(
        rows.select_related("sponsorship__company", "sponsorship__project"), pk=fulfilment_id
    )


def _theirs(request: HttpRequest, deed: str, sponsorship_id: int) -> Sponsorship:
    sponsorship = access.sponsorship_for(person(request), deed, sponsorship_id)
    if sponsorship is None:
        raise Http404
    return sponsorship


def _detail(
    request: HttpRequest, sponsorship: Sponsorship, form: ShowingForm | None = None
) -> HttpResponse:
    newest = sponsorship.changes.first()
    chosen = {
        "visibility": sponsorship.visibility,
        "wants_updates": sponsorship.wants_updates,
    }
    shown = {
        "sponsorship": sponsorship,
        "form": form or ShowingForm(initial=chosen),
        "moves": sponsorship.moves.all(),
        "done": sponsorship.fulfilments.done(),
        "is_standing": sponsorship.stands(clock.now()),
        "may_cancel": lifecycle.may_end(sponsorship),
        "may_change": sponsorship.status == Status.ACTIVE,
        "may_pause": lifecycle.may_ask(sponsorship, Status.PAUSED)
        and sponsorship.interval == Interval.MONTH,
        "change": newest if newest and newest.is_live else None,
        "newest_change": newest,
        "may_undo": lifecycle.may_ask(sponsorship, Status.ACTIVE),
        "may_come_back": sponsorship.has_ended and sponsorship.project.is_open,
        "may_let_go": lifecycle.may_ask(sponsorship, Status.ABANDONED),
    }
    status = 200 if form is None else 422
    return render(request, "sponsorships/detail.html", shown, status=status)
