"""A seat is charged once, when its call is decided."""

import pytest

from funding.office.models import Message
from sponsors.billing import charging, gateway, handlers, knowing
from sponsors.billing.models import Call, Customer, Invoice, Payment
from tests.programmes import scenes
from tests.programmes.charges import mail, words
from tests.programmes.money import (
    GOOD,
    again,
    all_promised,
    closed,
    held,
    insist_books_agree,
    promised,
    run,
    statuses,
)

pytestmark = pytest.mark.database


def invoices(engine):
    """All that Stripe has, drafts as well."""
    return [one for one in engine.account.store.kinds["invoice"].values() if "_deleted" not in one]


def test_nobody_is_charged_before_the_decision(engine):
    call = scenes.call()
    promised(engine, call)

    run(engine)

    assert invoices(engine) == []
    assert not Call.objects.filter(purpose=charging.BILL).exists()


def test_a_decided_call_charges_every_saved_card_once(engine):
    call, _ = all_promised(engine)

    run(engine)
    run(engine)

    assert statuses(call) == ["paid"] * 3
    assert [one["status"] for one in invoices(engine)] == ["paid"] * 3
    assert Invoice.objects.count() == Payment.objects.count() == 3
    assert held(call) == 600000 - sum(one.fee for one in Payment.objects.all())
    insist_books_agree(engine)


def test_its_invoice_says_what_was_agreed(engine):
    call, (commitment, *_) = all_promised(engine)
    run(engine)

    invoice = Invoice.objects.get(commitment=commitment)
    said = engine.account.store.by_id[invoice.stripe_id]

    assert (invoice.net, invoice.currency, invoice.fund) == (
        200000,
        "GBP",
        f"round:{call.round_id}",
    )
    assert said["metadata"] == {"commitment": str(commitment.pk)}
    assert said["lines"]["data"][0]["description"] == f"{call.round}: A seat: Sponsor"
    assert invoice.months == 1


def test_a_purchase_order_is_billed_with_its_number_and_waits_until_its_day(engine):
    call, (commitment, *_) = all_promised(engine, cards=[None, GOOD, GOOD])

    run(engine, days=20)

    invoice = Invoice.objects.get(commitment=commitment)
    assert (invoice.status, invoice.is_sent, invoice.po_number) == ("open", True, "PO-7")
    assert statuses(call) == ["due", "paid", "paid"]
    assert again(commitment).grace_until is None


def test_a_purchase_order_is_paid_by_a_transfer(engine):
    call, (commitment, *_) = all_promised(engine, cards=[None, GOOD, GOOD])
    run(engine)
    invoice = Invoice.objects.get(commitment=commitment)

    engine.transfer(invoice.stripe_id, invoice.total.amount)
    engine.deliver()
    run(engine)

    assert statuses(call) == ["paid"] * 3
    insist_books_agree(engine)


def test_place_by_place_only_what_is_covered_is_charged(engine):
    call = scenes.call(mode="per_place", places_least=1, seats=6)
    made = [promised(engine, call) for _ in range(4)]

    run(engine)
    assert statuses(call) == ["paid", "paid", "paid", "committed"]
    closed(engine, call)

    assert statuses(call) == ["paid", "paid", "paid", "released"]
    assert not Invoice.objects.filter(commitment=made[3]).exists()
    insist_books_agree(engine)


def test_a_seat_that_is_taken_after_the_decision_is_charged_at_once(engine):
    call = scenes.call(places_least=1)  # 3 seats of £2,000; £3,000 are the least
    first, second = promised(engine, call), promised(engine, call)
    run(engine)
    assert statuses(call) == ["paid", "paid"]

    promised(engine, call)
    run(engine)

    assert statuses(call) == ["paid"] * 3
    assert first.pk != second.pk


def test_an_address_that_does_not_tell_where_it_is_taxed_holds_the_invoice_up(engine, settings):
    settings.STRIPE_AUTOMATIC_TAX = True
    call, (commitment, *_) = all_promised(engine)
    customer = engine.account.store.by_id[customer_of(commitment).stripe_id]
    customer["address"] = None

    run(engine)
    assert statuses(call) == ["due", "paid", "paid"]
    assert "where the company is taxed" in words(mail("seat-not-paid")[0])
    customer["address"] = {"country": "GB", "line1": "1 Bell Lane", "postal_code": "E1 7LA"}
    knowing.tell(commitment.company)
    run(engine)

    assert statuses(call) == ["paid"] * 3
    insist_books_agree(engine)


def test_an_invoice_of_another_site_on_the_account_is_left_alone(engine):
    all_promised(engine)
    other = gateway.create_customer(params={"name": "Other", "email": "o@example.org"}, key="o")
    asked = {"customer": other["id"], "currency": "gbp", "metadata": {"commitment": "1"}}
    draft = gateway.create_invoice(params=asked, key="i")
    item = {"customer": other["id"], "invoice": draft["id"], "amount": 500, "currency": "gbp"}
    gateway.create_invoice_item(params=item, key="t")
    gateway.finalise_invoice(draft["id"], key="f")

    handlers.refresh(draft["id"])
    engine.deliver()

    assert not Invoice.objects.filter(stripe_id=draft["id"]).exists()


def test_everybody_is_told_once_that_it_comes_about_and_once_that_it_is_paid(engine):
    all_promised(engine, cards=[GOOD, None, GOOD])
    run(engine)
    run(engine)

    assert (len(mail("seat-decided")), len(mail("seat-paid"))) == (3, 2)
    assert len(mail("invoice-sent")) == 1
    for one in Message.objects.all():
        assert one.body.count("sponsorship") == 0, one.body


def customer_of(commitment):
    return Customer.objects.get(company=commitment.company, currency=commitment.currency)
