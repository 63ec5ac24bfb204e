"""What maintainers, operators, and the people of the Stripe account do: deeds, as in `actors`."""

from funding.office import clock
from funding.projects import archiving
from funding.projects.models import Project
from sandbox.errors import StripeError
from sponsors.billing import handlers
from sponsors.billing.models import Event, Payment
from tests.simulation.actors import Step, deed, one, subscription
from tests.simulation.town import Town
from tests.simulation.weather import Expected

MOST_TRIES = 40
LOOK_UP = "GET /v1/subscriptions/{subscription}"


@deed(1)
def archive(town: Town, step: Step) -> str:
    """A project is archived, or one that was is opened again."""
    project = one(Project.objects.all(), step.pick)
    owner = project.maintainers.get().user
    if project.status == Project.Status.ARCHIVED:
        town.process("reopen", lambda: archiving.reopen(project=project, by=owner))
        return "opened again"
    if step.how % 4:
        return "thought better of it"
    archive = archiving.archive
    town.process("archive", lambda: archive(project=project, by=owner, now=clock.now()))
    return "archived"


@deed(3)
def send_an_event_again(town: Town, step: Step) -> str:
    """In Stripe's dashboard: any of the last thirty days'."""
    events = list(town.engine.account.store.kinds["event"])
    if not events:
        return "none there"
    town.engine.resend(events[step.pick % len(events)])
    town.walk(seconds=0)
    return "sent"


@deed(3)
def restore_yesterdays_rows(town: Town, step: Step) -> str:
    """An operator puts back rows of billing as they were before a payment was settled, and has them
    looked at again: what is in the books already must not be booked twice."""
    payment = one(Payment.objects.exclude(balance_transaction=None), step.pick)
    if payment is None:
        return "none there"
    rows = Payment.objects.filter(pk=payment.pk)
    rows.update(balance_transaction=None)
    why: list[str] = []
    while rows.filter(balance_transaction=None).exists():  # as long as the weather is bad
        town.process("repair", lambda: _mended(payment.payment_intent, why))
        town.sleep(100)
        if len(why) > MOST_TRIES:
            town.breaches.append(f"{payment} cannot be mended: {why[-1]}")
            break
    return "mended"


@deed(3)
def a_slow_worker(town: Town, step: Step) -> str:
    """A worker looks a subscription up and stands still until its lease is over. Meanwhile its
    company changes its mind, and another worker sees to it; then the first one goes on."""
    name = subscription(town, step)
    if name is None:
        return "none there"
    wanted = step.how % 2 == 0
    town.meanwhile = lambda: town.engine.cancel_in_portal(name, wanted=wanted)
    town.weather.expected.append(Expected("calls", "stalls", LOOK_UP))
    town.process("repair", lambda: _mended(name, []))
    town.meanwhile = None
    return "went on"


@deed(2)
def handle_all_again(town: Town, step: Step) -> str:
    """An operator marks what was handled as new."""
    newest = Event.objects.filter(status=Event.Status.HANDLED).values_list("pk", flat=True)[:20]
    Event.objects.filter(pk__in=list(newest)).update(status=Event.Status.NEW)
    town.sleep(10)
    town.beat(seldom=False)
    return "handled"


def _mended(root: str, why: list[str]) -> None:
    try:
        handlers.refresh(root)
    except Exception as error:  # noqa: BLE001 - what Stripe does not answer now it answers later
        why.append(f"{type(error).__name__}: {error}")


# In Stripe's dashboard


@deed(3, follows="payout.created")
def pay_out(town: Town, step: Step) -> str:
    """What is available goes to the bank, which may send it back."""
    currency = _currency(town, step)
    try:
        payout = town.engine.pay_out(currency) if currency else None
    except StripeError:
        payout = None
    if payout is None:
        return "nothing there"
    if step.how % 4 == 0:
        town.engine.fail_payout(payout["id"])
    town.walk(seconds=0)
    return "sent back" if step.how % 4 == 0 else "paid out"


@deed(2, follows="payout.created")
def stripe_takes_and_gives(town: Town, step: Step) -> str:
    """A fee for its own services, or a correction."""
    currency = _currency(town, step)
    if currency is None:
        return "nothing there"
    amount = 1 + step.how % 50
    if step.how % 2:
        town.engine.charge_fee(currency, amount)
        return "a fee"
    town.engine.adjust(currency, amount if step.how % 4 else -amount)
    return "a correction"


def _currency(town: Town, step: Step) -> str | None:
    sums = town.engine.account.sums
    names = sorted(
        {name for state, name in sums if state == "available" and sums[state, name] > 0}
    )
    return names[step.pick % len(names)] if names else None
