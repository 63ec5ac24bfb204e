"""Money that goes back: by hand in Stripe's dashboard, or because a bank wants it. Deeds, as in
`actors`; what the site does not follow is not done."""

from funding.office import clock
from sandbox.errors import StripeError
from sponsors.billing import gateway, giving_back, weighing
from sponsors.billing.models import Payment
from tests.simulation.actors import Step, deed, one
from tests.simulation.invoices import staff
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


@deed(4)
def staff_give_it_back(town: Town, step: Step) -> str:
    """By credit note: the whole of a payment or a part, with the end of what it paid for or without."""
    payment = one(Payment.objects.exclude(balance_transaction=None), step.pick)
    if payment is None or weighing.why_not(payment, now=clock.now()):
        return "none there"
    left = weighing.left(payment).amount
    most = weighing.too_much(payment).amount or left
    amount = most if step.how % 2 else 1 + step.how % most
    wish = giving_back.Wish(amount, "Asked by mail.", ends=step.how % 4 == 0, seen_left=left)
    by = staff(town)
    try:
        town.process("staff", lambda: giving_back.ask(payment, wish, by=by, now=clock.now()))
    except giving_back.CannotGiveBack:
        return "refused"
    except gateway.GatewayError:
        return "no answer"
    town.walk(seconds=0)
    return "whole" if amount == left else "a part"


@deed(1)
def a_network_warns(town: Town, step: Step) -> str:
    """Of a payment that it takes for a fraud."""
    charge = _charge(town, step)
    if charge is None:
        return "none there"
    town.engine.warn_of_fraud(charge["id"])
    town.walk(seconds=0)
    return "warned"


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
    """One that is open; where there is none, a bank asks first."""
    one = _open_dispute(town, step)
    if one is None:
        a_bank_wants_it_back(town, step)
        one = _open_dispute(town, step)
    if one is None:
        return "none there"
    asks = one["status"].startswith("warning")
    ways = ("escalate_dispute", "close_dispute") if asks else ("win_dispute", "lose_dispute")
    way = ways[step.how // 4 % 2]
    try:
        getattr(town.engine, way)(one["id"])
    except StripeError:
        return "refused"
    town.walk(seconds=0)
    return way.partition("_")[0]


def _open_dispute(town: Town, step: Step) -> dict | None:
    rows = town.engine.account.store.kinds["dispute"].values()
    open_ones = [one for one in rows if one["status"] not in OVER]
    return open_ones[step.pick % len(open_ones)] if open_ones else None


def _charge(town: Town, step: Step) -> dict | None:
    """One that was paid and of which something is left."""
    rows = town.engine.account.store.kinds["charge"].values()
    paid = [one for one in rows if one["paid"] and one["amount_refunded"] < one["amount"]]
    return paid[step.pick % len(paid)] if paid else None
