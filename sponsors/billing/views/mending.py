"""The one link that mends a payment that failed, and the one that leads back."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from funding.accounts.access import person
from sponsors.billing import failing, gateway, wallet
from sponsors.billing.models import Order, Subscription
from sponsors.billing.views.paying import NO_ANSWER
from sponsors.sponsorships import access
from sponsors.sponsorships.models import Sponsorship


@never_cache
@require_safe
@login_required
def mend(request: HttpRequest, sponsorship_id: int) -> HttpResponse:
    """To the invoice's page, where only a person can pay it; else to Stripe's page for the card."""
    sponsorship = _theirs(request, "pay", sponsorship_id)
    failure = failing.of(sponsorship)
    if failure and failure.on_invoice:
        return redirect(failure.invoice.hosted_url)
    if sponsorship.has_ended:
        return redirect(sponsorship)
    subscription = get_object_or_404(
        Subscription.objects.select_related("customer"), sponsorship=sponsorship
    )
    back = request.build_absolute_uri(sponsorship.get_absolute_url())
    try:
        return redirect(wallet.page(subscription.customer, back=back))
    except gateway.GatewayError:
        messages.error(request, NO_ANSWER)
        return redirect(sponsorship)


@never_cache
@require_safe
@login_required
def again(request: HttpRequest, sponsorship_id: int) -> HttpResponse:
    """Coming back: the same tier with what was chosen, or the project's tiers where it is closed."""
    sponsorship = _theirs(request, "sponsor", sponsorship_id)
    alike = Sponsorship.objects.holding_a_seat().filter(
        company=sponsorship.company, tier=sponsorship.tier
    )
    if known := alike.first():
        return redirect(known)
    if not sponsorship.tier.is_open:
        messages.info(request, f"{sponsorship.tier.name} is offered no longer. Choose another.")
        return redirect(f"{sponsorship.project.get_absolute_url()}#tiers")
    chosen = {
        "sponsor": sponsorship.company_id,
        "interval": sponsorship.interval,
        "visibility": sponsorship.visibility,
        "pays_by": sponsorship.pays_by,
    }
    if order := Order.objects.filter(sponsorship=sponsorship).first():
        chosen["net_days"] = order.net_days
    page = reverse("billing:start-checkout", args=[sponsorship.tier_id])
    return redirect(f"{page}?{urlencode(chosen)}")


def _theirs(request: HttpRequest, deed: str, sponsorship_id: int) -> Sponsorship:
    sponsorship = access.sponsorship_for(person(request), deed, sponsorship_id)
    if sponsorship is None:
        raise Http404
    return sponsorship
