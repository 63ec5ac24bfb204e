"""Ending: a company asks that its sponsorship is not renewed, and may say why, or takes that back. What
is paid for stays until its last day; Stripe is asked, and what it then says is what is so."""

from datetime import datetime

from funding.office import clock
from sponsors.billing import calls, gateway, handlers, states, switching, unpaid
from sponsors.billing.gateway import Json
from sponsors.billing.models import Subscription
from sponsors.sponsorships import changing, lifecycle
from sponsors.sponsorships.models import Reason, Sponsorship, Status


def cancel(sponsorship: Sponsorship, *, reason: str = "", words: str = "") -> Sponsorship:
    """Let it end with the period that is paid for; at once, with its open invoice taken back, when
    that period is over. Raises `refusals.NotAllowed` or the gateway's errors; either way it does
    not end."""
    why = _why(reason, words)
    if ends_at_once(sponsorship, now=clock.now()):
        lifecycle.insist_may_ask(sponsorship, Status.CANCELLED)
        return _end_now(sponsorship, why)
    lifecycle.insist_may_ask(sponsorship, Status.CANCELLING)
    return _ask(sponsorship, ends=True, why=why)


def ends_at_once(sponsorship: Sponsorship, *, now: datetime) -> bool:
    """Whether nothing is paid for to whose end it could go on."""
    paid = sponsorship.paid_through
    unpaid_pause = sponsorship.status == Status.PAUSED and (paid is None or paid <= now)
    unpaid_now = sponsorship.status in (Status.PAST_DUE, Status.AWAITING_INVOICE)
    return unpaid_now or unpaid_pause


def undo(sponsorship: Sponsorship) -> Sponsorship:
    """Let it be renewed after all, while the period runs."""
    lifecycle.insist_may_ask(sponsorship, Status.ACTIVE)
    return _ask(sponsorship, ends=False)


def with_its_project(sponsorship: Sponsorship) -> Sponsorship:
    """Its project was archived: what is paid for stays, and what is billed and not paid is taken
    back. Nobody of the company asked for it, so what people may ask is not looked at."""
    awaits = sponsorship.status == Status.AWAITING_INVOICE
    if awaits or ends_at_once(sponsorship, now=clock.now()):
        return _end_now(sponsorship)
    return _ask(sponsorship, ends=True)


def with_its_money(sponsorship: Sponsorship, *, at_once: bool) -> Sponsorship:
    """Its money was given back, and whoever did so asked that it ends too: at once when nothing is
    paid for any more."""
    if at_once or sponsorship.status == Status.PAST_DUE:
        return _end_now(sponsorship)
    return _ask(sponsorship, ends=True)


def _why(reason: str, words: str) -> Json:
    """In Stripe's words, where it is kept: there is one place that says why."""
    if not reason and not words:
        return {}
    feedback = states.FEEDBACK[Reason(reason)] if reason else ""
    return {"cancellation_details": {"feedback": feedback, "comment": words}}


def _end_now(sponsorship: Sponsorship, why: Json | None = None) -> Sponsorship:
    """Unless it was paid since we looked at it: then what is paid for stays."""
    name = Subscription.objects.get(sponsorship=sponsorship).stripe_id
    paid = sponsorship.invoices.filter(status="paid")
    known = set(paid.values_list("stripe_id", flat=True))
    if why:
        _update("say_why", sponsorship, name, why)
    said = gateway.subscription(name)
    newest = said["latest_invoice"]
    if not newest or newest["status"] != "paid" or newest["id"] in known:
        said = unpaid.end(said)
    handlers.refresh(name)
    now = Sponsorship.objects.with_parties().get(pk=sponsorship.pk)
    return now if said["status"] in unpaid.OVER else _ask(now, ends=True, why=why)


def _ask(sponsorship: Sponsorship, *, ends: bool, why: Json | None = None) -> Sponsorship:
    """Ask, look, and insist that it came about: an answer is not yet a fact. A plan of what it was
    to become is let go first: Stripe refuses to end what is under one."""
    switching.let_go(sponsorship, outcome=changing.ENDS, now=clock.now())
    name = Subscription.objects.get(sponsorship=sponsorship).stripe_id
    params: Json = {"cancel_at_period_end": ends, **(why or {})}
    if sponsorship.status == Status.PAUSED:
        params["pause_collection"] = ""
    said = _update("cancel" if ends else "undo_cancel", sponsorship, name, params)
    if said["cancel_at_period_end"] != ends:
        raise gateway.Unknown(f"{name} is not as it was asked to be")
    handlers.refresh(name)
    return Sponsorship.objects.with_parties().get(pk=sponsorship.pk)


def _update(purpose: str, sponsorship: Sponsorship, name: str, params: Json) -> Json:
    return calls.ask(
        purpose=purpose,
        subject=f"sponsorship:{sponsorship.pk}",
        do=lambda key: gateway.update_subscription(name, params=params, key=key),
        harmless=True,
    )
