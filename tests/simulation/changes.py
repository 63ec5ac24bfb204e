"""What companies make of a sponsorship that goes on: another tier or interval, a pause, an end with its
reason, and coming back. Deeds, as in `actors`."""

import re
from datetime import timedelta
from typing import Any

from funding.projects.models import Tier
from sandbox.errors import StripeError
from sponsors.billing.models import Order, Subscription
from sponsors.sponsorships.models import Change, Reason, Sponsorship, Status
from tests.simulation.actors import (
    ASKS_ALWAYS,
    DECLINED,
    Step,
    deed,
    one,
    sponsorship,
    subscription,
)
from tests.simulation.town import Town

_QUOTE = re.compile(r'name="quote" value="([^"]*)"')
TURNED = (DECLINED, ASKS_ALWAYS, "4000000000000341", "4000000000000069", "4242424242424242")


@deed(8)
def change_it(town: Town, step: Step) -> str:
    """Look at what another tier or interval costs, and take it."""
    found = sponsorship(step, Status.ACTIVE)
    if found is None:
        return "none there"
    tier = one(Tier.objects.filter(project=found.project_id), step.how)
    interval = "year" if tier.monthly is None or step.how % 2 else "month"
    price = tier.price(interval)
    path = f"/sponsorships/{found.pk}/change/{tier.pk}/{interval}/"
    page = town.visit(found.company, "get", path) if price else None
    if page is None or page.status_code != 200:
        return "not to be had"
    quote = _QUOTE.search(page.content.decode())
    data = {"price": price.amount, "quote": quote[1] if quote else ""}
    answer = town.visit(found.company, "post", path, **data)
    said = found.changes.order_by("-pk").first() if answer is not None else None
    return f"{'at once' if quote else 'later'}: {said.status if said else 'not'}"


@deed(3)
def stay_after_all(town: Town, step: Step) -> str:
    """What was planned, or waits to be paid, is taken back."""
    change = one(Change.objects.live(), step.pick)
    if change is None:
        return "none there"
    found = change.sponsorship
    town.visit(found.company, "post", f"/sponsorships/{found.pk}/change/take-back/")
    return "asked"


@deed(5)
def pause(town: Town, step: Step) -> str:
    rows = Sponsorship.objects.filter(status=Status.ACTIVE, interval="month")
    found = one(rows, step.pick)
    if found is None:
        return "none there"
    months = {"months": 1 + step.how % 3}
    answer = town.visit(found.company, "post", f"/sponsorships/{found.pk}/pause/", **months)
    return "asked" if answer is not None else "no answer"


@deed(3)
def resume(town: Town, step: Step) -> str:
    found = sponsorship(step, Status.PAUSED)
    if found is None:
        return "none there"
    town.visit(found.company, "post", f"/sponsorships/{found.pk}/resume/")
    return "asked"


@deed(4)
def end_with_a_reason(town: Town, step: Step) -> str:
    found = sponsorship(
        step, Status.ACTIVE, Status.PAST_DUE, Status.PAUSED, Status.AWAITING_INVOICE
    )
    if found is None:
        return "none there"
    said = {"reason": Reason.values[step.how % len(Reason.values)], "words": "It was a good year."}
    town.visit(found.company, "post", f"/sponsorships/{found.pk}/cancel/", **said)
    return "asked"


@deed(4)
def come_back(town: Town, step: Step) -> str:
    """One click from the page of one that has ended."""
    found = sponsorship(step, Status.LAPSED, Status.CANCELLED)
    if found is None:
        return "none there"
    answer = town.visit(found.company, "get", f"/sponsorships/{found.pk}/again/")
    if answer is None or "/sponsor/" not in answer.headers.get("Location", ""):
        return "not to be had"
    tier = found.tier
    data = {
        "interval": found.interval, "sponsor": found.company_id, "visibility": found.visibility,
        "month_price": tier.monthly or "", "year_price": tier.yearly or "",
    }  # fmt: skip
    answer = town.visit(found.company, "post", f"/sponsor/{tier.pk}/", **data)
    page = re.search(r"cs_\w+", answer.headers.get("Location", "")) if answer is not None else None
    if page is None:
        return "no page"
    paid = town.engine.pay_checkout(page[0]).ok
    town.walk(seconds=0)
    return "paid" if paid else "declined"


@deed(5)
def mend(town: Town, step: Step) -> str:
    """The one link of the mail, and what it leads to."""
    found = sponsorship(step, Status.PAST_DUE)
    if found is None:
        return "none there"
    town.visit(found.company, "get", f"/sponsorships/{found.pk}/mend/")
    owner = Subscription.objects.get(sponsorship=found).customer
    paid = town.engine.replace_card(owner.stripe_id, "4242424242424242").ok
    town.walk(seconds=0)
    return "mended" if paid else "declined"


@deed(4)
def a_card_turns(town: Town, step: Step) -> str:
    """The bank sees a card otherwise from now on, or sends a new one under its number."""
    found = one(Subscription.objects.exclude(sponsorship__ended_at__isnull=False), step.pick)
    if found is None:
        return "none there"
    owner = found.customer.stripe_id
    if step.how % 3 == 0:
        soon = town.now() + timedelta(days=20 + step.how % 60)
        town.engine.renew_card(owner, (soon.month, soon.year))
        town.walk(seconds=0)
        return "renewed"
    town.engine.turn_card(owner, TURNED[step.how % len(TURNED)])
    return "turned"


@deed(1)
def somebody_changes_a_price(town: Town, step: Step) -> str:
    """In Stripe's dashboard, of two at once."""
    name = subscription(town, step)
    if name is None:
        return "none there"
    return _try(town, lambda: town.engine.change_price(name, quantity=1 + step.how % 2))


@deed(2)
def type_a_purchase_order(town: Town, step: Step) -> str:
    order = one(Order.objects.exclude(sponsorship__ended_at__isnull=False), step.pick)
    if order is None:
        return "none there"
    found = order.sponsorship
    number = {"po_number": f"PO {step.how}"}
    town.visit(found.company, "post", f"/sponsorships/{found.pk}/po/", **number)
    return "typed"


def _try(town: Town, doing: Any) -> str:
    try:
        doing()
    except StripeError:
        return "refused"
    town.walk(seconds=0)
    return "done"
