"""What a company's people see and do of its seat of a programme, the waiting list, and the badge."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from funding.accounts.access import person
from funding.office import clock
from funding.programmes.models import FundingCall, Round
from sponsors.companies import access as companies
from sponsors.sponsorships import (
    access,
    badges,
    commitments,
    offers,
    refusals,
    seat_refusals,
    seating,
    signing,
    waiting_list,
)
from sponsors.sponsorships.forms import NamingForm, PoForm, WaitForm
from sponsors.sponsorships.models import Commitment, PaysBy
from sponsors.sponsorships.sponsor_page import SponsorPage


@never_cache
@require_safe
@login_required
def commitment(request: HttpRequest, commitment_id: int) -> HttpResponse:
    """A seat: how it stands, what happens next, and what its money does."""
    return _page(request, _theirs(request, "see", commitment_id))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, commitment_id: int) -> HttpResponse:
    """What giving the seat back means, said first."""
    found = _theirs(request, "cancel", commitment_id)
    if request.method == "POST":
        _do(request, lambda: _give_back(found), "Given back. Nothing was charged.")
        return redirect(found)
    if found.status not in signing.UNDECIDED:
        return redirect(found)
    return render(request, "sponsorships/withdraw_seat.html", {"commitment": found})


@never_cache
@require_POST
@login_required
def po_number(request: HttpRequest, commitment_id: int) -> HttpResponse:
    """The purchase order is there."""
    found = _theirs(request, "pay", commitment_id)
    if found.pays_by != PaysBy.INVOICE or not found.is_signed:
        return redirect(found)
    form = PoForm(request.POST)
    if not form.is_valid():
        return _page(request, found, po_form=form)
    number = form.cleaned_data["po_number"]
    _do(
        request,
        lambda: signing.give_number(commitment_id=found.pk, number=number, now=clock.now()),
        "Saved. The seat is promised, and the invoice will carry the number.",
    )
    return redirect(found)


@never_cache
@require_POST
@login_required
def show_name(request: HttpRequest, commitment_id: int) -> HttpResponse:
    """Whether the company is named, until it is decided."""
    found = _theirs(request, "show", commitment_id)
    form = NamingForm(request.POST)
    if not form.is_valid():
        return _page(request, found, naming_form=form)
    _do(
        request,
        lambda: signing.show(commitment_id=found.pk, **form.cleaned_data),
        "Saved. The pages show it so from now on.",
    )
    return redirect(found)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def wait(request: HttpRequest, slug: str, round_slug: str) -> HttpResponse:
    """Join the waiting list of a round's call, see one's rank, or leave."""
    call = _call(slug, round_slug)
    form = WaitForm(
        request.POST if request.method == "POST" else None,
        companies=companies.companies_for(person(request), "sponsor"),
    )
    if form.is_bound and form.is_valid():
        return _wait(request, call, form)
    return _waiting_page(request, call, form, status=422 if form.is_bound else 200)


@require_safe
@cache_control(public=True, max_age=86_400)
def badge(request: HttpRequest, slug: str, round_slug: str) -> HttpResponse:
    """The picture for a sponsor's own site."""
    rounds = Round.objects.public().select_related("programme")
    found = get_object_or_404(rounds, programme__slug=slug, slug=round_slug)
    return HttpResponse(badges.svg(found), content_type="image/svg+xml")


def _wait(request: HttpRequest, call: FundingCall, form: WaitForm) -> HttpResponse:
    company, now = form.cleaned_data["company"], clock.now()
    try:
        if "leave" in request.POST:
            waiting_list.leave(call_id=call.pk, company=company, now=now)
            messages.success(request, f"{company} waits no longer.")
        else:
            waiting_list.join(call_id=call.pk, company=company, by=person(request), now=now)
            messages.success(request, "You are on the list, and get a mail when a seat is free.")
    except seat_refusals.SeatTaken as refused:
        messages.info(request, str(refused))
        return redirect(refused.commitment)
    except refusals.Refused as refused:
        return _waiting_page(request, call, form, problem=str(refused), status=409)
    return redirect(request.path)


def _waiting_page(
    request: HttpRequest, call: FundingCall, form: WaitForm, *, status: int, problem: str = ""
) -> HttpResponse:
    found = [(one, waiting_list.of(call, one)) for one in form.companies.values()]
    shown = {
        "call": call, "round": call.round, "form": form, "problem": problem,
        "seats": seating.Seats(call, now=clock.now()), "offered_until": _offered_until(call),
        "waiting": [(one, waiting_list.rank(row)) for one, row in found if row],
    }  # fmt: skip
    return render(request, "sponsorships/wait.html", shown, status=status)


def _offered_until(call: FundingCall) -> datetime | None:
    """Of a call that is closed, while a seat that comes free is still offered."""
    goes_on = call.state == FundingCall.State.SUCCEEDED and call.settled_at is None
    until = offers.end(call) if goes_on and call.closed_at else None
    return until if until and until > clock.now() else None


def _call(slug: str, round_slug: str) -> FundingCall:
    calls = FundingCall.objects.select_related("round__programme").prefetch_related("shares")
    public = calls.exclude(round__status=Round.Status.DRAFT)
    return get_object_or_404(public, round__programme__slug=slug, round__slug=round_slug)


def _give_back(found: Commitment) -> None:
    commitments.withdraw(commitment_id=found.pk, now=clock.now())
    waiting_list.offer_next(found.call_id, clock.now())


def _do(request: HttpRequest, deed: Callable[[], object], done: str) -> None:
    try:
        deed()
        messages.success(request, done)
    except refusals.Refused as refused:
        messages.error(request, str(refused))


def _theirs(request: HttpRequest, deed: str, commitment_id: int) -> Commitment:
    found = access.commitment_for(person(request), deed, commitment_id)
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest,
    found: Commitment,
    *,
    po_form: PoForm | None = None,
    naming_form: NamingForm | None = None,
) -> HttpResponse:
    named = NamingForm(initial={"is_anonymous": "yes" if found.is_anonymous else ""})
    shown = {
        "commitment": found, "round": found.call.round, "call": found.call,
        "page": SponsorPage(found, now=clock.now()),
        "po_form": po_form or PoForm(initial={"po_number": found.po_number}),
        "naming_form": naming_form or named,
        "badge_html": badges.as_html(found.call.round),
        "badge_markdown": badges.as_markdown(found.call.round),
        "badge_says": badges.says(found.call.round),
    }  # fmt: skip
    status = 200 if po_form is None and naming_form is None else 422
    return render(request, "sponsorships/commitment.html", shown, status=status)
