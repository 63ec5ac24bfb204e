"""Money that goes back: by hand in Stripe's dashboard, or because a bank wants it. Deeds, as in
`actors`; what the site does not follow is not done."""

from sandbox.errors import StripeError
from tests.simulation.actors import Step, deed
from tests.simulation.town import Town

OVER = ("won", "lost", "warning_closed")


@deed(4, follows="refund.created")
def refund_in_the_dashboard(town: Town, step: Step) -> str:
    """The whole of a charge, or a part; some have to be asked for their account first."""
    charge = _charge(town, step)
    if charge is None:
        return "none there"
    left = charge["amount"] - charge["amount_refunded"]
    amount = left if step.how % 2 else 1 + step.how % left
    try:
        town.engine.refund(charge["id"], amount, needs_action=step.how % 5 == 0)
    except StripeError:
        return "refused"
    town.walk(seconds=0)
    return "whole" if amount == left else "a part"


@deed(3, follows="refund.failed")
def a_refund_comes_back(town: Town, step: Step) -> str:
    """Weeks later: the account is closed to which it should have gone."""
    rows = town.engine.account.store.kinds["refund"].values()
    names = [
        one["id"] for one in rows if one["status"] in ("succeeded", "pending", "requires_action")
    ]
    if not names:
        return "none there"
    try:
        town.engine.fail_refund(names[step.pick % len(names)])
    except StripeError:
        return "refused"
    town.walk(seconds=0)
    return "failed"


@deed(3, follows="charge.dispute.created")
def a_bank_wants_it_back(town: Town, step: Step) -> str:
    charge = _charge(town, step)
    if charge is None or charge["disputed"]:
        return "none there"
    try:
        town.engine.dispute(charge["id"], inquiry=step.how % 4 == 0)
    except StripeError:
        return "refused"
    town.walk(seconds=0)
    return "asked" if step.how % 4 == 0 else "taken"


@deed(4, follows="charge.dispute.closed")
def a_dispute_is_decided(town: Town, step: Step) -> str:
    rows = town.engine.account.store.kinds["dispute"].values()
    open_ones = [one for one in rows if one["status"] not in OVER]
    if not open_ones:
        return "none there"
    one = open_ones[step.pick % len(open_ones)]
    ways = ("escalate_dispute", "close_dispute", "win_dispute", "lose_dispute")
    way = ways[step.how % 4]
    try:
        getattr(town.engine, way)(one["id"])
    except StripeError:
        return "refused"
    town.walk(seconds=0)
    return way.partition("_")[0]


def _charge(town: Town, step: Step) -> dict | None:
    """One that was paid and of which something is left."""
    rows = town.engine.account.store.kinds["charge"].values()
    paid = [one for one in rows if one["paid"] and one["amount_refunded"] < one["amount"]]
    return paid[step.pick % len(paid)] if paid else None
