"""Public pages: which programmes there are, one programme, one of its rounds."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from funding.accounts.access import person
from funding.accounts.models import User
from funding.office import clock
from funding.programmes import interest, programme_page
from funding.programmes.directory import Asked, Listing
from funding.programmes.models import Hosting, Programme, Round


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Published programmes, as the address asks for them."""
    asked = Asked.read(request.GET)
    found = Listing(asked, number=request.GET.get("page"), now=clock.now())
    return render(request, "programmes/directory.html", {"listing": found})


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """What it is, its round that is under way, and the earlier ones."""
    programme = get_object_or_404(Programme.objects.published().select_related("logo"), slug=slug)
    page = programme_page.ProgrammePage(programme, now=clock.now())
    hosts = Hosting.objects.filter(programme=programme, joined_at__isnull=False)
    context = {
        "programme": programme,
        "page": page,
        "hosts": hosts.select_related("project__logo"),
    }
    return _fresh(request, render(request, "programmes/detail.html", context))


@require_safe
def round_page(request: HttpRequest, slug: str, round_slug: str) -> HttpResponse:
    """A round: who stands behind it, what is free, where the money will go."""
    round_ = _public(slug, round_slug)
    page = programme_page.RoundPage(round_, now=clock.now())
    is_asked = isinstance(request.user, User) and interest.is_asked(round_, request.user)
    context = {"page": page, "round": round_, "is_asked": is_asked}
    return _fresh(request, render(request, "programmes/round.html", context))


@never_cache
@require_POST
@login_required
def tell_me(request: HttpRequest, slug: str, round_slug: str) -> HttpResponse:
    """Be told once when applications open, or rather not."""
    round_ = _public(slug, round_slug)
    if "stop" in request.POST:
        interest.drop(round_=round_, user=person(request))
        messages.success(request, "You are not told any more.")
    else:
        interest.ask(round_=round_, user=person(request))
        messages.success(request, "You get a mail when applications open, and no other.")
    return redirect(round_)


def _public(slug: str, round_slug: str) -> Round:
    found = programme_page.public_round(slug, round_slug)
    if found is None:
        raise Http404
    return found


def _fresh(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What is said to somebody who is signed in stays theirs."""
    if request.user.is_authenticated:
        add_never_cache_headers(response)
    return response
