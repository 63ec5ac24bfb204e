"""What a company's people see of their sponsorships."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from funding.accounts.access import person
from funding.office import clock
from sponsors.sponsorships import access, lifecycle
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
    sponsorship = access.sponsorship_for(person(request), "see", sponsorship_id)
    if sponsorship is None:
        raise Http404
    return render(
        request,
        "sponsorships/detail.html",
        {
            "sponsorship": sponsorship,
            "moves": sponsorship.moves.all(),
            "is_standing": Sponsorship.objects.standing(clock.now())
            .filter(pk=sponsorship.pk)
            .exists(),
            "may_cancel": lifecycle.may_end(sponsorship),
            "may_undo": lifecycle.may_ask(sponsorship, Status.ACTIVE),
            "may_let_go": lifecycle.may_ask(sponsorship, Status.ABANDONED),
        },
    )
