"""Companies that are sent an invoice, and pay it by card, by transfer, past Stripe, late, or never.
Deeds, as in `actors`."""

from typing import Any

from funding.office import clock
from funding.projects.models import Tier
from sandbox.errors import StripeError
from sponsors.billing import banking, gateway, writing_off
from sponsors.billing.models import Invoice
from tests import factories
from tests.simulation.actors import Step, deed, one
from tests.simulation.town import Town


@deed(6)
def order_an_invoice(town: Town, step: Step) -> str:
    company = town.companies[step.pick % len(town.companies)]
    tier = one(Tier.objects.filter(closed_at=None), step.pick // len(town.companies))
    data = {
        "interval": "month" if tier.monthly else "year", "sponsor": company.pk,
        "pays_by": "invoice", "net_days": (14, 30, 60)[step.how % 3], "po_number": f"PO {step.how}",
        "visibility": "public", "month_price": tier.monthly or "", "year_price": tier.yearly or "",
    }  # fmt: skip
    answer = town.visit(company, "post", f"/sponsor/{tier.pk}/", **data)
    if answer is None:
        return "no answer"
    return "ordered" if answer.status_code == 302 else "refused"


@deed(6)
def a_transfer_arrives(town: Town, step: Step) -> str:
    """At Stripe's bank, for an invoice that was sent."""
    invoice = _sent(town, step)
    if invoice is None:
        return "none there"
    try:
        town.engine.transfer(invoice["id"], invoice["amount_remaining"])
    except StripeError:
        return "refused"
    town.walk(seconds=0)
    return "paid"


@deed(3)
def money_comes_past_stripe(town: Town, step: Step) -> str:
    """Staff see it on the bank's paper."""
    row = _known(town, step)
    if row is None:
        return "none there"
    seen = banking.Seen(row.open_amount, f"BACS {step.how}", clock.today())

    def record() -> None:
        banking.record(invoice_id=row.pk, seen=seen, by=staff(town), now=clock.now())

    return done(town, record, banking.NotRecorded)


@deed(2)
def staff_write_it_off(town: Town, step: Step) -> str:
    """One that was sent; where there is none, somebody orders one first."""
    row = _known(town, step)
    if row is None:
        order_an_invoice(town, step)
        town.walk(hours=2)
        row = _known(town, step)
    if row is None:
        return "none there"
    return done(town, lambda: writing_off.write_off(row), writing_off.NotWrittenOff)


def done(town: Town, deed: Any, refused: type[Exception]) -> str:
    try:
        town.process("staff", deed)
    except refused:
        return "refused"
    except gateway.GatewayError:
        return "no answer"
    town.walk(seconds=0)
    return "done"


def _sent(town: Town, step: Step) -> dict | None:
    rows = town.engine.account.store.kinds["invoice"].values()
    sent = [
        one for one in rows
        if one["status"] == "open" and one["collection_method"] == "send_invoice"
    ]  # fmt: skip
    return sent[step.pick % len(sent)] if sent else None


def _known(town: Town, step: Step) -> Invoice | None:
    found: Invoice | None = one(Invoice.objects.filter(status="open", is_sent=True), step.pick)
    return found


def staff(town: Town) -> Any:
    """Somebody who runs the site."""
    if town.staff is None:
        town.staff = factories.user(is_staff=True)
    return town.staff
