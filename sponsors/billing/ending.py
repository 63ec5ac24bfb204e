"""Ending: a company asks that its sponsorship is not renewed, or takes that back. What is paid for
stays until its last day; Stripe is asked, and what it then says is what is so."""

from sponsors.billing import calls, gateway, handlers, unpaid
from sponsors.billing.models import Subscription
from sponsors.sponsorships import lifecycle
from sponsors.sponsorships.models import Sponsorship, Status


def cancel(sponsorship: Sponsorship) -> Sponsorship:
    """Let it end with the period that is paid for; at once, with its open invoice taken back, when
    that period is over and a payment failed. Raises `refusals.NotAllowed` or the gateway's errors;
    either way nothing has changed."""
    if sponsorship.status in (Status.PAST_DUE, Status.AWAITING_INVOICE):
        lifecycle.insist_may_ask(sponsorship, Status.CANCELLED)
        return _end_now(sponsorship)
    lifecycle.insist_may_ask(sponsorship, Status.CANCELLING)
    return _ask(sponsorship, ends=True)


def undo(sponsorship: Sponsorship) -> Sponsorship:
    """Let it be renewed after all, while the period runs."""
    lifecycle.insist_may_ask(sponsorship, Status.ACTIVE)
    return _ask(sponsorship, ends=False)


def with_its_project(sponsorship: Sponsorship) -> Sponsorship:
    """Its project was archived: what is paid for stays, and what is billed and not paid is taken
    back. Nobody of the company asked for it, so what people may ask is not looked at."""
    if sponsorship.status in (Status.PAST_DUE, Status.AWAITING_INVOICE):
        return _end_now(sponsorship)
    return _ask(sponsorship, ends=True)


def _end_now(sponsorship: Sponsorship) -> Sponsorship:
    name = Subscription.objects.get(sponsorship=sponsorship).stripe_id
    unpaid.end(gateway.subscription(name))
    handlers.refresh(name)
    return Sponsorship.objects.with_parties().get(pk=sponsorship.pk)


def _ask(sponsorship: Sponsorship, *, ends: bool) -> Sponsorship:
    """Ask, look, and insist that it came about: an answer is not yet a fact."""
    name = Subscription.objects.get(sponsorship=sponsorship).stripe_id
    said = calls.ask(
        purpose="cancel" if ends else "undo_cancel",
        subject=f"sponsorship:{sponsorship.pk}",
        do=lambda key: gateway.update_subscription(
            name, params={"cancel_at_period_end": ends}, key=key
        ),
        harmless=True,
    )
    if said["cancel_at_period_end"] != ends:
        raise gateway.Unknown(f"{name} is not as it was asked to be")
    handlers.refresh(name)
    return Sponsorship.objects.with_parties().get(pk=sponsorship.pk)
