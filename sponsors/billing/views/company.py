"""A company's home: what it funds, pays and needs to do, and its invoices."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from funding.accounts.access import person
from funding.office import clock
from sponsors.billing import adopting, documents, filing, gateway, overview, wallet
from sponsors.billing.forms import InvoicesForm
from sponsors.billing.models import Invoice
from sponsors.billing.views.paying import NO_ANSWER
from sponsors.companies import access, paperwork
from sponsors.companies.models import Company

A_PAGE = 50


@never_cache
@require_safe
@login_required
def home(request: HttpRequest, slug: str) -> HttpResponse:
    """What needs somebody first, then what it sponsors, its invoices, and what has ended."""
    company = _theirs(request, "see", slug)
    return render(
        request,
        "companies/home.html",
        {"company": company, "overview": overview.Overview(company, now=clock.now())},
    )


@never_cache
@require_safe
@login_required
def invoices(request: HttpRequest, slug: str) -> HttpResponse:
    """Every invoice, or those of a year or a state, newest first."""
    company = _theirs(request, "see", slug)
    years = documents.years(company)
    form = InvoicesForm(request.GET, years=years)
    rows = form.narrow(Invoice.objects.of_company(company), now=clock.now())
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    shown = {"company": company, "page": page, "form": form, "years": years}
    return render(request, "companies/invoices.html", shown)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: HttpRequest, slug: str) -> HttpResponse:
    """What its finance department wants on invoices, and where these go."""
    company = _theirs(request, "paper", slug)
    if request.method != "POST":
        form, status = paperwork.show(company), 200
    else:
        form, status = filing.file(company=company, data=request.POST), 422
        if not form.errors:
            messages.success(request, "Saved. Invoices to come carry it.")
            return redirect("companies:home", slug=slug)
    elsewhere = adopting.typed_elsewhere(company)
    shown = {"company": company, "form": form, "elsewhere": elsewhere}
    return render(request, "companies/paperwork.html", shown, status=status)


@require_POST
@login_required
def portal(request: HttpRequest, slug: str, currency: str) -> HttpResponse:
    """Stripe's own page for the card, the address and the tax number in one currency."""
    company = _theirs(request, "pay", slug)
    customer = get_object_or_404(overview.customers(company), currency=currency)
    home = reverse("companies:home", args=[slug])
    try:
        return redirect(overview.open_portal(customer, back=request.build_absolute_uri(home)))
    except gateway.GatewayError:
        messages.error(request, NO_ANSWER)
        return redirect(home)


@require_POST
@login_required
def card(request: HttpRequest, slug: str, currency: str) -> HttpResponse:
    """Stripe's page for the card alone: the one that is saved there pays for everything in that
    currency."""
    company = _theirs(request, "pay", slug)
    customer = get_object_or_404(overview.customers(company), currency=currency)
    home = reverse("companies:home", args=[slug])
    try:
        return redirect(wallet.page(customer, back=request.build_absolute_uri(home)))
    except gateway.GatewayError:
        messages.error(request, NO_ANSWER)
        return redirect(home)


def _theirs(request: HttpRequest, deed: str, slug: str) -> Company:
    company = access.company_for(person(request), deed, slug)
    if company is None:
        raise Http404
    return company
