"""What people do, one function a deed. A deed takes the town and a `Step`, whose numbers choose among
what there is at that moment, so that any step can be taken at any time and a history from which
steps were struck out is a history still. It answers what came of it in a word, which is counted."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from funding.projects.models import Tier
from sponsors.billing import inbox
from sponsors.billing.models import Checkout, Subscription
from sponsors.sponsorships.models import HOLDS_SEAT, Sponsorship, Status
from tests.simulation.town import Town

GOOD, FAILS_LATER, ASKS_ALWAYS = "4242424242424242", "4000000000000341", "4000002760003184"
DECLINED, BROKE, ASKS_ONCE = "4000000000000002", "4000000000009995", "4000002500003155"
DEBIT, DEBIT_FAILS = "DE89370400440532013000", "DE62370400440532013001"
NO_ANSWER = 503  # of Stripe, in time
_SESSION = re.compile(r"cs_\w+")


@dataclass(frozen=True)
class Step:
    deed: str
    pick: int = 0
    how: int = 0


Deed = Callable[[Town, Step], str]
DEEDS: dict[str, Deed] = {}
WEIGHTS: dict[str, int] = {}


def deed(weight: int, *, follows: str = "") -> Callable[[Deed], Deed]:
    """Let people do this, so often compared with other things, if the site follows that event."""

    def register(function: Deed) -> Deed:
        if not follows or follows in inbox.FOLLOWED:
            DEEDS[function.__name__] = function
            WEIGHTS[function.__name__] = weight
        return function

    return register


def take(town: Town, step: Step) -> str:
    return DEEDS[step.deed](town, step)


def one(rows: Any, pick: int) -> Any:
    """One of these rows, or None when there is none."""
    names = list(rows.order_by("pk").values_list("pk", flat=True))
    return rows.model.objects.get(pk=names[pick % len(names)]) if names else None


def sponsorship(step: Step, *statuses: str) -> Sponsorship | None:
    found: Sponsorship | None = one(Sponsorship.objects.filter(status__in=statuses), step.pick)
    return found


# Coming


@deed(12)
def join(town: Town, step: Step) -> str:
    """Choose a tier and pay for it, in one of the many ways in which people do."""
    company = town.companies[step.pick % len(town.companies)]
    tier = one(Tier.objects.filter(closed_at=None), step.pick // len(town.companies))
    session = _choose(town, company, tier, step.how)
    if session is None:
        return "no page"
    way = WAYS[step.how % len(WAYS)]
    return way(town, company, session)


def _choose(town: Town, company: Any, tier: Tier, how: int) -> str | None:
    """The payment page's name. Whoever gets no answer presses the button once more."""
    yearly = tier.monthly is None or (tier.yearly is not None and how // 7 % 4)
    data = {
        "interval": "year" if yearly else "month", "sponsor": company.pk, "visibility": "public",
        "month_price": tier.monthly or "", "year_price": tier.yearly or "", "wants_updates": "on",
    }  # fmt: skip
    for _ in range(2):
        answer = town.visit(company, "post", f"/sponsor/{tier.pk}/", **data)
        if answer is not None and answer.status_code == 302:
            found = _SESSION.search(answer.headers["Location"])
            return found[0] if found else None
        if answer is not None and answer.status_code != NO_ANSWER:
            return None  # it is refused, and would be again
    return None


def _by_card(card: str, *, agrees: bool = True, comes_back: bool = False) -> Any:
    def pay(town: Town, company: Any, session: str) -> str:
        outcome = town.engine.pay_checkout(session, card=card)
        if outcome.status == "requires_action":
            intent = outcome.next.rsplit("/", 1)[1]
            outcome = town.engine.authenticate(intent, succeed=agrees)
        if outcome.ok and comes_back:
            _come_back(town, company, session)
        town.walk(seconds=0)
        return "paid" if outcome.ok else "declined"

    return pay


def _by_debit(iban: str) -> Any:
    def pay(town: Town, company: Any, session: str) -> str:
        outcome = town.engine.pay_checkout(session, method="sepa_debit", iban=iban)
        town.walk(seconds=0)
        return "debited" if outcome.ok else "declined"

    return pay


def _leave(town: Town, company: Any, session: str) -> str:
    return "left the page"


def _come_back(town: Town, company: Any, session: str) -> None:
    page = Checkout.objects.filter(stripe_id=session).first()
    if page is not None:
        path = f"/sponsorships/{page.sponsorship_id}/paid/"
        town.visit(company, "get", path, session_id=session)


WAYS = [
    _by_card(GOOD), _by_card(GOOD, comes_back=True), _by_card(ASKS_ONCE), _by_card(FAILS_LATER),
    _by_debit(DEBIT), _leave, _by_card(GOOD), _by_card(DECLINED), _by_card(ASKS_ALWAYS),
    _by_debit(DEBIT_FAILS), _by_card(ASKS_ALWAYS, agrees=False), _by_card(GOOD, comes_back=True),
    _by_card(BROKE),
]  # fmt: skip


@deed(4)
def pay_in_an_old_tab(town: Town, step: Step) -> str:
    """A payment page that was opened some time ago, perhaps for other terms."""
    page = one(Checkout.objects.exclude(stripe_id=None), step.pick)
    if page is None:
        return "none there"
    outcome = town.engine.pay_checkout(page.stripe_id, card=GOOD)
    town.walk(seconds=0)
    return "paid" if outcome.ok else "closed"


@deed(4)
def two_tabs(town: Town, step: Step) -> str:
    """By the month in one tab, by the year in another; then both are paid on."""
    company = town.companies[step.pick % len(town.companies)]
    tier = one(Tier.objects.filter(monthly__gt=0, yearly__gt=0, closed_at=None), step.how)
    pages = [_choose(town, company, tier, how) for how in (0, 7)]
    paid = [town.engine.pay_checkout(page).ok for page in pages if page]
    town.walk(seconds=0)
    return f"{sum(paid)} paid"


@deed(4)
def let_go(town: Town, step: Step) -> str:
    found = sponsorship(step, Status.PENDING)
    if found is None:
        return "none there"
    town.visit(found.company, "post", f"/sponsorships/{found.pk}/let-go/")
    return "asked"


@deed(2)
def look_at_pages(town: Town, step: Step) -> str:
    """Nothing that is drawn may fail, whatever state things are in."""
    found = sponsorship(step, *Status.values)
    if found is None:
        return "none there"
    for path in (
        f"/sponsorships/{found.pk}/", f"/sponsorships/{found.pk}/left/",
        f"/companies/{found.company.slug}/", f"/projects/{found.project.slug}/",
    ):  # fmt: skip
        town.visit(found.company, "get", path)
    return "looked"


# Going


@deed(8)
def cancel(town: Town, step: Step) -> str:
    found = sponsorship(step, Status.ACTIVE, Status.PAST_DUE)
    if found is None:
        return "none there"
    town.visit(found.company, "post", f"/sponsorships/{found.pk}/cancel/")
    return "asked"


@deed(5)
def undo(town: Town, step: Step) -> str:
    found = sponsorship(step, Status.CANCELLING)
    if found is None:
        return "none there"
    town.visit(found.company, "post", f"/sponsorships/{found.pk}/undo/")
    return "asked"


@deed(5)
def cancel_in_the_portal(town: Town, step: Step) -> str:
    """At the period's end, or at once; or take back that it ends."""
    name = subscription(town, step)
    if name is None:
        return "none there"
    wanted, at_once = [(True, False), (False, False), (True, True)][step.how % 3]
    town.engine.cancel_in_portal(name, wanted=wanted, at_once=at_once)
    town.walk(seconds=0)
    return "at once" if at_once else "at its end" if wanted else "taken back"


def subscription(town: Town, step: Step) -> str | None:
    """The name of one that goes on at Stripe."""
    rows = town.engine.account.store.kinds["subscription"].values()
    going_on = [row["id"] for row in rows if row["status"] in ("active", "past_due")]
    return going_on[step.pick % len(going_on)] if going_on else None


# Paying


@deed(10)
def replace_card(town: Town, step: Step) -> str:
    """In Stripe's portal: one that is good, or one that will fail at the next renewal."""
    found = one(Subscription.objects.filter(sponsorship__status__in=HOLDS_SEAT), step.pick)
    if found is None:
        return "none there"
    town.visit(found.sponsorship.company, "post", f"/sponsorships/{found.sponsorship_id}/portal/")
    card = [GOOD, FAILS_LATER, ASKS_ALWAYS, GOOD, DECLINED][step.how % 5]
    outcome = town.engine.replace_card(found.customer.stripe_id, card)
    town.walk(seconds=0)
    return "replaced" if outcome.ok else "declined"


@deed(10)
def pay_the_open_invoice(town: Town, step: Step) -> str:
    """On Stripe's own page, where a failed renewal is put right."""
    rows = town.engine.account.store.kinds["invoice"].values()
    found = [row["id"] for row in rows if row["status"] == "open"]
    if not found:
        return "none there"
    card = [GOOD, None, ASKS_ALWAYS, DECLINED][step.how % 4]
    outcome = town.engine.pay_invoice(found[step.pick % len(found)], card)
    if outcome.status == "requires_action":
        outcome = town.engine.authenticate(
            outcome.next.rsplit("/", 1)[1], succeed=bool(step.how % 3)
        )
    town.walk(seconds=0)
    return "paid" if outcome.ok else "declined"
