"""Jobs of billing. Each takes ids or finds what is due; a lost message costs one sweep."""

from celery import shared_task

from funding.office import clock, slots
from sponsors.billing import (
    archiving,
    banking,
    card_pages,
    catching_up,
    checkout,
    closing,
    failing,
    giving_back,
    inbox,
    knowing,
    lapsing,
    ordering,
    overdue,
    pausing,
    purchase_orders,
    reconciling,
    referring,
    releasing_cards,
    renewals,
    switching,
    warning,
    winding_up,
)


@shared_task
def handle_roots(roots: list[str]) -> None:
    """A hint that these objects have changed at Stripe."""
    for root in inbox.unhandled(roots):
        catching_up.refresh(root)


@shared_task
def sweep_events() -> None:
    """Whatever was kept and not handled: the hint was lost, or it failed and is due again."""
    for root in inbox.due_roots(most=200):
        catching_up.refresh(root)


@shared_task
def catch_up() -> None:
    """Events that never reached us, from Stripe's own list, once in half an hour: since the last
    time that this was done to its end, or for as long as Stripe keeps them."""
    machine = clock.machine_now()
    if not slots.take("catch-up", machine.strftime("%Y-%m-%dT%H:") + str(machine.minute // 30)):
        return
    catching_up.catch_up()


@shared_task
def ask_to_reconcile() -> None:
    reconciling.ask_as_timetabled(now=clock.now())


@shared_task(time_limit=3600, soft_time_limit=3540)  # type: ignore[no-untyped-call]
def reconcile() -> None:
    """What was asked for, by the timetable or by staff. It lists all that Stripe has, which takes
    as long as it takes; what is cut off begins anew the next time."""
    reconciling.run_waiting()


@shared_task
def sweep_checkouts() -> None:
    """Pages at Stripe that must have ended and of which nobody told us."""
    checkout.sweep(now=clock.now())
    card_pages.sweep(now=clock.now())
    releasing_cards.sweep()


@shared_task
def sweep_orders() -> None:
    """Orders that a crash or Stripe's silence left, and money that it has not agreed to yet."""
    ordering.sweep(now=clock.now())
    banking.sweep()
    purchase_orders.tell_all()
    referring.tell_all()


@shared_task
def note_overdue() -> None:
    """Invoices that fall due, or fell due and are not paid."""
    overdue.remind(now=clock.now())
    overdue.note(now=clock.now())


@shared_task
def ask_for_numbers() -> None:
    """Purchase order numbers of the invoices to come."""
    purchase_orders.ask(now=clock.now())
    purchase_orders.drop_unconfirmed(now=clock.now())


@shared_task
def tell_stripe() -> None:
    """What companies say of themselves now."""
    knowing.sweep()


@shared_task
def release_deferred() -> None:
    renewals.release_due(now=clock.now())


@shared_task
def sweep_asked() -> None:
    """Money that somebody asked to be given back, and of which no answer came."""
    giving_back.sweep(now=clock.now())


@shared_task
def sweep_changes() -> None:
    """Changes of tier that a lost answer left, or whose time has passed."""
    switching.sweep(now=clock.now())


@shared_task
def remind_of_pauses() -> None:
    pausing.remind(now=clock.now())


@shared_task
def lapse() -> None:
    """What was not paid within its grace, and the last word three days before that."""
    failing.say_last_words(now=clock.now())
    lapsing.lapse_due(now=clock.now())


@shared_task
def warn() -> None:
    """Notices ahead of renewals: of what a year costs, and of cards that will have expired."""
    warning.warn_of_renewals(now=clock.now())
    warning.warn_of_cards(now=clock.now())


@shared_task
def wind_up() -> None:
    """Sponsorships of projects that were archived."""
    winding_up.wind_up()


@shared_task
def print_archives() -> None:
    archiving.work_on_all()


@shared_task
def tidy_archives() -> None:
    archiving.forget_old()


@shared_task
def run_closings() -> None:
    """Calls whose time is over, seats that are due, late or given up, and what is left over."""
    closing.run(now=clock.now())
