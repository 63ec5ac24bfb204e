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
from sponsors.companies import access as companies
from sponsors.companies.models import Company
from sponsors.sponsorships import access, lifecycle, showing
from sponsors.sponsorships.describing import Description
from sponsors.sponsorships.forms import ShowingForm
from sponsors.sponsorships.models import Sponsorship, Status

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


def _theirs(request: HttpRequest, deed: str, sponsorship_id: int) -> Sponsorship:
    sponsorship = access.sponsorship_for(person(request), deed, sponsorship_id)
    if sponsorship is None:
        raise Http404
    return sponsorship


def _detail(
    request: HttpRequest, sponsorship: Sponsorship, form: ShowingForm | None = None
) -> HttpResponse:
    chosen = {
        "visibility": sponsorship.visibility,
        "wants_updates": sponsorship.wants_updates,
    }
    shown = {
        "sponsorship": sponsorship,
        "form": form or ShowingForm(initial=chosen),
        "moves": sponsorship.moves.all(),
        "is_standing": sponsorship.stands(clock.now()),
        "may_cancel": lifecycle.may_end(sponsorship),
        "may_undo": lifecycle.may_ask(sponsorship, Status.ACTIVE),
        "may_let_go": lifecycle.may_ask(sponsorship, Status.ABANDONED),
    }
    status = 200 if form is None else 422
    return render(request, "sponsorships/detail.html", shown, status=status)
