"""Invoices that are sent, money outside Stripe, tax."""

import pytest
import stripe

DAY = 86400
LONDON = {"country": "GB", "line1": "1 Bell Lane", "postal_code": "E1 7LA", "city": "London"}
BERLIN = {"country": "DE", "line1": "Am Markt 1", "postal_code": "10115", "city": "Berlin"}


def sent(world, *, days=30, price=None, **more):
    return world.client.v1.subscriptions.create(
        {
            "customer": world.customer.id,
            "items": [{"price": (price or world.price).id}],
            "collection_method": "send_invoice",
            **({"days_until_due": days} if days else {}),
            **more,
        }
    )


def newest(world, subscription):
    return world.invoices(subscription.id)[0]


def live(world, address=LONDON):
    world.client.v1.customers.update(world.customer.id, {"address": address})


def test_a_subscription_that_sends_is_active_while_its_invoice_is_a_draft(world):
    subscription = sent(world)

    assert subscription.status == "active"
    assert newest(world, subscription).status == "draft"


def test_the_first_invoice_is_finalised_after_an_hour_and_due_after_the_days(world):
    subscription = sent(world, days=14)
    world.engine.advance_by(3700)

    invoice = newest(world, subscription)
    assert (invoice.status, invoice.attempted) == ("open", False)
    assert invoice.due_date == invoice.created + 14 * DAY


def test_a_renewal_is_sent_again_and_charged_to_nobody(world):
    subscription = sent(world)
    world.engine.advance_by(3700)
    world.client.v1.invoices.pay(newest(world, subscription).id, {"paid_out_of_band": True})

    world.engine.advance_by(31 * DAY + 3700)

    assert [one.status for one in world.invoices(subscription.id)] == ["open", "paid"]
    assert world.engine.truth()["balance_transactions"] == []


def test_days_are_needed_for_what_is_sent_and_refused_for_what_is_charged(world):
    with pytest.raises(stripe.InvalidRequestError, match="must specify"):
        sent(world, days=None)
    with pytest.raises(stripe.InvalidRequestError, match="can only be set"):
        world.client.v1.subscriptions.create(
            {
                "customer": world.customer.id,
                "items": [{"price": world.price.id}],
                "days_until_due": 3,
            }
        )


def test_custom_fields_stand_on_the_invoice_as_they_are_when_it_is_drafted(world):
    field = {"name": "PO number", "value": "PO-1"}
    subscription = sent(world, invoice_settings={"custom_fields": [field]})
    world.client.v1.subscriptions.update(
        subscription.id,
        {"invoice_settings": {"custom_fields": [{"name": "PO number", "value": "PO-2"}]}},
    )
    world.engine.advance_by(31 * DAY + 3700)

    values = [one.custom_fields[0].value for one in world.invoices(subscription.id)]
    assert values == ["PO-2", "PO-1"]


def test_a_custom_field_of_141_characters_is_refused(world):
    with pytest.raises(stripe.InvalidRequestError, match="at most 140"):
        sent(world, invoice_settings={"custom_fields": [{"name": "PO", "value": "1" * 141}]})


def test_a_late_invoice_makes_the_subscription_past_due_and_is_tried_on_no_card(world):
    subscription = sent(world, days=3)
    world.engine.advance_by(4 * DAY)

    invoice = newest(world, subscription)
    assert world.subscription(subscription.id).status == "past_due"
    assert (invoice.attempt_count, invoice.next_payment_attempt) == (0, None)


def test_a_late_invoice_that_is_paid_makes_it_active_again(world):
    subscription = sent(world, days=3)
    world.engine.advance_by(4 * DAY)

    assert world.engine.pay_invoice(newest(world, subscription).id, "4242424242424242").ok

    assert world.subscription(subscription.id).status == "active"
    world.engine.advance_by(120)
    assert world.engine.truth()["balance"]["pending"][0]["amount"] == 941


def test_a_declined_card_on_the_page_of_a_sent_invoice_plans_no_retries(world):
    subscription = sent(world)
    world.engine.advance_by(3700)
    invoice = newest(world, subscription)

    assert not world.engine.pay_invoice(invoice.id, "4000000000000002").ok

    again = newest(world, subscription)
    assert (again.status, again.next_payment_attempt) == ("open", None)
    assert world.subscription(subscription.id).status == "active"


def test_a_bank_transfer_pays_it_when_it_arrives(world):
    subscription = sent(world)
    world.engine.advance_by(3700)
    invoice = newest(world, subscription)

    assert world.engine.order_transfer(invoice.id).ok
    assert newest(world, subscription).status == "open"
    world.engine.advance_by(3 * DAY + 120)

    assert newest(world, subscription).status == "paid"
    charge = world.client.v1.charges.list({}).data[0]
    assert charge.payment_method_details.type == "customer_balance"


def test_what_is_transferred_too_much_stays_outside_of_the_balance(world):
    subscription = sent(world)
    world.engine.advance_by(3700)
    invoice = newest(world, subscription)

    world.engine.transfer(invoice.id, 1500)
    world.engine.advance_by(120)

    assert newest(world, subscription).amount_paid == 1000
    assert [one["amount"] for one in world.engine.truth()["balance_transactions"]] == [1000]


def test_paid_outside_moves_no_money_and_closes_its_payment_intent(world):
    subscription = sent(world)
    world.engine.advance_by(3700)
    paid = world.client.v1.invoices.pay(
        newest(world, subscription).id, {"paid_out_of_band": True, "expand": ["payments"]}
    )

    assert (paid.status, paid.amount_paid_off_stripe) == ("paid", 1000)
    intent = paid.payments.data[0].payment.payment_intent
    assert world.client.v1.payment_intents.retrieve(intent).status == "canceled"
    assert world.engine.truth()["balance_transactions"] == []


def test_written_off_it_may_still_be_paid(world):
    subscription = sent(world, days=3)
    world.engine.advance_by(4 * DAY)
    invoice = world.client.v1.invoices.mark_uncollectible(newest(world, subscription).id)
    assert invoice.status == "uncollectible"

    assert world.engine.pay_invoice(invoice.id, "4242424242424242").ok

    assert newest(world, subscription).status == "paid"


def test_sending_announces_it_and_finalises_a_draft(world):
    subscription = sent(world)
    assert world.client.v1.invoices.send_invoice(newest(world, subscription).id).status == "open"
    assert "invoice.sent" in world.types()


# Tax


@pytest.mark.parametrize(
    ("address", "number", "tax", "reason"),
    [
        (LONDON, None, 200, "standard_rated"),
        (BERLIN, None, 190, "standard_rated"),
        (BERLIN, ("eu_vat", "DE123456789"), 0, "reverse_charge"),
        ({"country": "GR"}, ("eu_vat", "EL094259216"), 0, "reverse_charge"),
        (BERLIN, ("eu_vat", "FR40303265045"), 190, "standard_rated"),
        ({"country": "US", "postal_code": "10001"}, None, 0, "not_collecting"),
    ],
)
def test_tax_is_by_the_address_and_the_number(world, address, number, tax, reason):
    live(world, address)
    if number:
        values = {"type": number[0], "value": number[1]}
        world.client.v1.customers.tax_ids.create(world.customer.id, values)

    invoice = newest(world, sent(world, automatic_tax={"enabled": True}))

    assert (invoice.total, invoice.total_excluding_tax) == (1000 + tax, 1000)
    assert invoice.total_taxes[0].taxability_reason == reason
    assert invoice.lines.data[0].taxes[0].amount == invoice.total_taxes[0].amount == tax
    assert invoice.automatic_tax.status == "complete"


@pytest.mark.parametrize("address", [{"line1": "Somewhere"}, {"country": "US"}, {"country": "CA"}])
def test_without_a_usable_address_nothing_is_sold_with_tax(world, address):
    live(world, address)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sent(world, automatic_tax={"enabled": True})
    assert refused.value.code == "customer_tax_location_invalid"


def test_a_renewal_without_a_usable_address_stays_a_draft_and_says_so(world):
    live(world)
    subscription = sent(world, automatic_tax={"enabled": True})
    world.engine.advance_by(3700)
    live(world, "")

    world.engine.advance_by(31 * DAY + 7300)

    invoice = newest(world, subscription)
    assert (invoice.status, invoice.automatic_tax.status) == ("draft", "requires_location_inputs")
    assert invoice.last_finalization_error.code == "customer_tax_location_invalid"
    assert "invoice.finalization_failed" in world.types()
    live(world)
    assert world.client.v1.invoices.finalize_invoice(invoice.id).total == 1200


@pytest.mark.parametrize(
    ("kind", "value"), [("eu_vat", "nonsense"), ("gb_vat", "12"), ("us_ein", "x")]
)
def test_a_tax_number_that_is_none_is_refused(world, kind, value):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        world.client.v1.customers.tax_ids.create(world.customer.id, {"type": kind, "value": value})
    assert refused.value.code == "tax_id_invalid"


def test_a_tax_number_comes_and_goes(world):
    numbers = world.client.v1.customers.tax_ids
    made = numbers.create(world.customer.id, {"type": "eu_vat", "value": "DE123456789"})
    assert [one.id for one in numbers.list(world.customer.id).data] == [made.id]

    assert numbers.delete(world.customer.id, made.id).deleted

    assert numbers.list(world.customer.id).data == []
    with pytest.raises(stripe.InvalidRequestError):
        numbers.delete(world.customer.id, made.id)


def test_checkout_charges_the_tax_of_the_address_typed_there(world):
    session = world.session(automatic_tax={"enabled": True}, customer_update={"address": "auto"})
    assert session.automatic_tax.status == "requires_location_inputs"

    world.engine.pay_checkout(session.id, country="FR")

    session = world.reread(session)
    assert (session.amount_total, session.total_details.amount_tax) == (1200, 200)
    assert world.invoices(session.subscription)[0].amount_paid == 1200
    world.engine.advance_by(120)
    assert [one["amount"] for one in world.engine.truth()["balance_transactions"]] == [1200]


def test_checkout_refuses_tax_and_tax_numbers_that_would_reach_no_customer(world):
    with pytest.raises(stripe.InvalidRequestError, match="valid address"):
        world.session(automatic_tax={"enabled": True})
    with pytest.raises(stripe.InvalidRequestError, match="business name"):
        world.session(tax_id_collection={"enabled": True})


def test_a_number_typed_at_checkout_reverses_the_charge(world):
    session = world.session(
        automatic_tax={"enabled": True},
        tax_id_collection={"enabled": True},
        customer_update={"address": "auto", "name": "auto"},
    )
    assert not world.engine.pay_checkout(session.id, country="DE", tax_id="nonsense").ok

    world.engine.pay_checkout(session.id, country="DE", tax_id="DE123456789")

    assert world.reread(session).amount_total == 1000
