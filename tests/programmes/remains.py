"""Money of a call that its places do not need: seats paid by card and by bank, a round that is done."""

from funding.office import clock
from funding.programmes.models import Round
from sponsors.billing import banking, sending_back
from sponsors.billing.models import Invoice
from tests import factories
from tests.programmes import scenes
from tests.programmes.money import again, closed, promised, run


def at_the_bank(invoice):
    seen = banking.Seen(invoice.open_amount, f"BANK {invoice.pk}", clock.today())
    banking.record(invoice_id=invoice.pk, seen=seen, by=factories.user(), now=clock.now())


def over(engine, *, by_bank=2, seats=7, round__=None, **values):
    """Four seats of seven are paid for one place: some by card, some by bank."""
    call = scenes.call(round__, seats=seats, places_least=1, **values)
    for number in range(4):
        promised(engine, call, po_number=f"PO-{number}" if number < by_bank else "")
    run(engine)
    for invoice in Invoice.objects.filter(is_sent=True):
        at_the_bank(invoice)
    closed(engine, call)
    assert again(call).settled_at
    return again(call)


def send(row, **values):
    sent = sending_back.Sent(**{"reference": "OUT 1", "on": clock.today(), **values})
    return sending_back.record(row.pk, sent=sent, by=factories.user(), now=clock.now())


def done(call):
    now = clock.now()
    Round.objects.filter(pk=call.round_id).update(status="done", ended_at=now)
