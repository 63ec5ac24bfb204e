"""What a payer does with one sponsorship: choose, pay, end."""

import logging
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from funding.accounts.access import person
from funding.office import clock
from funding.projects.models import Project, Tier
from sponsors.billing import checkout, ending, gateway, overview
from sponsors.billing.choosing import Choice
from sponsors.billing.models import Checkout, Subscription
from sponsors.sponsorships import access, lifecycle, refusals, seats
from sponsors.sponsorships.forms import EndForm
from sponsors.sponsorships.models import Sponsorship, Status

log = logging.getLogger(__name__)

NO_ANSWER = (
    "Our payment provider does not answer just now. Nothing was charged, and what you chose is "
    "kept: try again in a minute."
)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start_checkout(request: HttpRequest, tier_id: int) -> HttpResponse:
    """Choose who sponsors and how often; then on to Stripe's payment page."""
    tiers = Tier.objects.select_related("project").filter(project__in=Project.objects.published())
    tier = get_object_or_404(tiers, pk=tier_id)
    choice = Choice(tier=tier, user=person(request), data=request.POST or None, wished=request.GET)
    status = 200
    if request.method == "POST":
        try:
            if choice.is_valid() and choice.by_invoice:
                ordered = choice.order(now=clock.now())
                return redirect("billing:ordered", ordered.pk)
            if choice.is_valid():
                return redirect(choice.pay(now=clock.now()))
            status = 422
        except refusals.AlreadySponsoring as refused:
            messages.info(request, str(refused))
            return redirect(refused.sponsorship)
        except refusals.TierGone as refused:
            messages.error(request, str(refused))
            return redirect(tier.project)
        except refusals.Refused as refused:
            choice, status = choice.refused(str(refused)), 409
        except gateway.GatewayError as error:
            # Stripe's words may name people: only what kind of trouble it was is logged.
            log.warning("Checkout for tier %s: %s", tier.pk, type(error).__name__)
            choice, status = choice.refused(NO_ANSWER), 503
    return render(request, "billing/choose.html", {"tier": tier, "choice": choice}, status=status)


@never_cache
@require_safe
@login_required
def paid(request: HttpRequest, sponsorship_id: int) -> HttpResponse:
    """Back from Stripe. It says what is known, and looks again until something is."""
    sponsorship = theirs(request, "see", sponsorship_id)
    page = sponsorship.checkouts.filter(stripe_id=request.GET.get("session_id") or None).first()
    if page and sponsorship.status == Status.PENDING:
        sponsorship = _settled(page, sponsorship)
    page = Checkout.objects.get(pk=page.pk) if page else None
    return render(request, "billing/paid.html", {"sponsorship": sponsorship, "checkout": page})


@never_cache
@require_safe
@login_required
def left(request: HttpRequest, sponsorship_id: int) -> HttpResponse:
    """Back from Stripe without paying: go on, or give the place back."""
    sponsorship = theirs(request, "see", sponsorship_id)
    if sponsorship.status != Status.PENDING or sponsorship.under_way:
        return redirect(sponsorship)
    page = sponsorship.checkouts.live().first()
    return render(request, "billing/left.html", {"sponsorship": sponsorship, "checkout": page})


@require_POST
@login_required
def let_go(request: HttpRequest, sponsorship_id: int) -> HttpResponse:
    sponsorship = theirs(request, "sponsor", sponsorship_id)
    after = do(request, lambda: checkout.let_go(sponsorship), sponsorship)
    if after.status == Status.ABANDONED:
        messages.info(request, "Let go. Nothing was charged, and the place is free again.")
        return redirect(after.project)
    return redirect(after)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, sponsorship_id: int) -> HttpResponse:
    """What ending means, said first; then it is asked of Stripe."""
    sponsorship = theirs(request, "cancel", sponsorship_id)
    form = EndForm(request.POST or None)
    if request.method == "POST" and (form.is_valid() or not form.is_bound):
        why = form.cleaned_data if form.is_bound else {}
        after = do(request, lambda: ending.cancel(sponsorship, **why), sponsorship)
        if after.status == Status.CANCELLING:
            messages.success(request, "It will not be renewed. What is paid for stays.")
        elif after.status in (Status.CANCELLED, Status.ABANDONED):
            messages.success(request, "It has ended. Nothing more is charged.")
        return redirect(after)
    if not lifecycle.may_end(sponsorship):
        return redirect(sponsorship)
    shown = {
        "sponsorship": sponsorship,
        "form": form,
        "at_once": ending.ends_at_once(sponsorship, now=clock.now()),
        "change": seats.live(sponsorship),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "billing/cancel.html", shown, status=status)


@require_POST
@login_required
def undo(request: HttpRequest, sponsorship_id: int) -> HttpResponse:
    return goes_on(request, sponsorship_id, ending.undo, lambda _: "and renews by itself")


@require_POST
@login_required
def portal(request: HttpRequest, sponsorship_id: int) -> HttpResponse:
    """Stripe's own page for the card, the address and the invoices."""
    sponsorship = theirs(request, "pay", sponsorship_id)
    subscription = get_object_or_404(
        Subscription.objects.select_related("customer"), sponsorship=sponsorship
    )
    back = request.build_absolute_uri(reverse("sponsorships:detail", args=[sponsorship.pk]))
    try:
        return redirect(overview.open_portal(subscription.customer, back=back))
    except gateway.GatewayError:
        messages.error(request, NO_ANSWER)
        return redirect(sponsorship)


def theirs(request: HttpRequest, deed: str, sponsorship_id: int) -> Sponsorship:
    sponsorship = access.sponsorship_for(person(request), deed, sponsorship_id)
    if sponsorship is None:
        raise Http404
    return sponsorship


def _settled(page: Checkout, sponsorship: Sponsorship) -> Sponsorship:
    try:
        return checkout.settle(page)
    except gateway.GatewayError:
        return sponsorship  # not known yet; the page looks again


def goes_on(
    request: HttpRequest,
    sponsorship_id: int,
    deed: Callable[[Sponsorship], Sponsorship],
    how: Callable[[Sponsorship], str],
) -> HttpResponse:
    """Let it go on, say so in words that end with `how`, and show it."""
    sponsorship = theirs(request, "cancel", sponsorship_id)
    after = do(request, lambda: deed(sponsorship), sponsorship)
    if after.status == Status.ACTIVE:
        messages.success(request, f"It goes on, {how(after)}.")
    return redirect(after)


def do(
    request: HttpRequest, deed: Callable[[], Sponsorship], sponsorship: Sponsorship
) -> Sponsorship:
    """Do it and answer the sponsorship as it is then; say so when it was refused."""
    try:
        return deed()
    except refusals.Refused as refused:
        messages.error(request, str(refused))
    except gateway.GatewayError as error:
        log.warning("Sponsorship %s: %s", sponsorship.pk, type(error).__name__)
        messages.error(request, NO_ANSWER)
    return sponsorship
