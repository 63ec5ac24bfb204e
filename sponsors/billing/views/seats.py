"""How a company takes a seat of a programme: read, sign, save a card, come back."""

import logging

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from funding.accounts.access import person
from funding.office import clock
from funding.programmes.models import Round, Share
from sponsors.billing import card_pages, gateway
from sponsors.billing.models import Setup
from sponsors.billing.taking_seats import Taking
from sponsors.billing.views.paying import NO_ANSWER
from sponsors.sponsorships import access, refusals, seat_refusals, seating
from sponsors.sponsorships.models import Commitment, CommitmentStatus, PaysBy

log = logging.getLogger(__name__)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def take_seat(request: HttpRequest, slug: str, round_slug: str, share_id: int) -> HttpResponse:
    """Who takes it, how it is paid, and what is signed; then on to Stripe's card page."""
    share, user = _share(slug, round_slug, share_id), person(request)
    sent = request.POST if request.method == "POST" else None
    try:
        if sent is not None:
            seat_refusals.insist_not_full(share, user)
        wished = request.GET.get("sponsor", "")
        taking = Taking(share=share, call=share.call, user=user, data=sent, wished=wished)
        if sent is None or not taking.is_valid():
            return _page(request, taking, 200 if sent is None else 422)
        return _take(request, taking)
    except (seat_refusals.NoSeat, seat_refusals.NotYours) as refused:
        return _no_seat(request, share, str(refused))


@never_cache
@require_POST
@login_required
def card(request: HttpRequest, commitment_id: int) -> HttpResponse:
    """On to the card page of a seat that is kept."""
    found = _theirs(request, "sponsor", commitment_id)
    if found.status != CommitmentStatus.RESERVED or found.pays_by != PaysBy.CARD:
        return redirect(found)
    if not found.is_signed:
        return redirect(found)
    try:
        return redirect(card_pages.open_for(found, now=clock.now()))
    except refusals.Refused as refused:
        messages.error(request, str(refused))
    except gateway.GatewayError as error:
        log.warning("Card page of commitment %s: %s", found.pk, type(error).__name__)
        messages.error(request, NO_ANSWER)
    return redirect(found)


@never_cache
@require_safe
@login_required
def card_saved(request: HttpRequest, commitment_id: int) -> HttpResponse:
    """Back from Stripe. It says what is known, and looks again until something is."""
    found = _theirs(request, "see", commitment_id)
    page = found.setups.order_by("-id").first()
    if page and page.status == Setup.Status.OPEN:
        found = _settled(page, found)
    page = Setup.objects.get(pk=page.pk) if page else None
    shown = {"commitment": found, "round": found.call.round, "setup": page}
    return render(request, "billing/seat_saved.html", shown)


@never_cache
@require_safe
@login_required
def card_left(request: HttpRequest, commitment_id: int) -> HttpResponse:
    """Back from Stripe without a card: go on, or give the seat back. Its page says both."""
    return redirect(_theirs(request, "see", commitment_id))


def _take(request: HttpRequest, taking: Taking) -> HttpResponse:
    try:
        taken = taking.take(now=clock.now())
        return redirect(taken.page or taken.commitment)
    except seat_refusals.SeatTaken as refused:
        messages.info(request, str(refused))
        return redirect(refused.commitment)
    except (seat_refusals.NoSeat, seat_refusals.NotYours):
        raise
    except refusals.Refused as refused:
        return _page(request, taking.refused(str(refused)), 409)
    except gateway.GatewayError as error:
        log.warning("Seat %s: %s", taking.share.pk, type(error).__name__)
        return _page(request, taking.refused(NO_ANSWER), 503)


def _page(request: HttpRequest, taking: Taking, status: int = 200) -> HttpResponse:
    shown = {
        "taking": taking, "share": taking.share, "call": taking.call, "round": taking.call.round,
        "seats": seating.Seats(taking.call, now=clock.now()),
    }  # fmt: skip
    return render(request, "billing/take_seat.html", shown, status=status)


def _no_seat(request: HttpRequest, share: Share, problem: str) -> HttpResponse:
    """Without the form: sending it again would bring nothing. Hundreds may be told so at once."""
    shown = {
        "share": share, "call": share.call, "round": share.call.round, "problem": problem,
        "seats": seating.Seats(share.call, now=clock.now()),
    }  # fmt: skip
    return render(request, "billing/no_seat.html", shown, status=409)


def _share(slug: str, round_slug: str, share_id: int) -> Share:
    public = Share.objects.exclude(call__round__status=Round.Status.DRAFT)
    rows = public.exclude(call__state="draft").select_related("call__round__programme")
    return get_object_or_404(
        rows, pk=share_id, call__round__slug=round_slug, call__round__programme__slug=slug
    )


def _theirs(request: HttpRequest, deed: str, commitment_id: int) -> Commitment:
    found = access.commitment_for(person(request), deed, commitment_id)
    if found is None:
        raise Http404
    return found


def _settled(page: Setup, found: Commitment) -> Commitment:
    try:
        return card_pages.settle(page)
    except gateway.GatewayError:
        return found  # not known yet; the page looks again
