"""Sessions of Checkout: what they take, setting up, leaving and expiring."""

import pytest
import stripe

from sandbox.clock import DAY, HOUR, MINUTE


def test_without_a_customer_one_is_made(world):
    session = world.session(customer="", customer_email="new@example.org")

    world.engine.pay_checkout(session.id, name="New")
    session = world.reread(session)
    customer = world.client.v1.customers.retrieve(session.customer)

    assert (customer.email, customer.name) == ("new@example.org", "New")
    assert session.customer_details.email == "new@example.org"


def test_what_is_typed_goes_to_the_customer_if_that_was_asked_for(world):
    session = world.session(customer_update={"name": "auto", "address": "auto"})

    world.engine.pay_checkout(session.id, name="Ada Lovelace", country="GB")
    customer = world.client.v1.customers.retrieve(world.customer.id)

    assert (customer.name, customer.address.country) == ("Ada Lovelace", "GB")


def test_a_tax_number_is_kept_with_the_session_and_the_invoice(world):
    session = world.session(tax_id_collection={"enabled": True}, customer_update={"name": "auto"})

    world.engine.pay_checkout(session.id, country="DE", tax_id="DE123456789")
    session = world.reread(session)
    invoice = world.client.v1.invoices.retrieve(session.invoice)

    assert session.customer_details.tax_ids[0].value == "DE123456789"
    assert invoice.customer_tax_ids[0].type == "eu_vat"


def test_what_the_sandbox_does_not_know_is_not_passed_over_in_silence(world):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        world.session(subscription_data={"trial_period_days": 14})

    assert refusal.value.param == "subscription_data[trial_period_days]"


def test_parameters_that_nothing_comes_of_are_noted(world):
    world.session(allow_promotion_codes=True)
    assert world.engine.ignored == []
    world.session(phone_number_collection={"enabled": True})

    assert world.engine.ignored == ["POST /v1/checkout/sessions: phone_number_collection"]


def test_an_anchor_is_at_most_a_period_away(world):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        world.session(subscription_data={"billing_cycle_anchor": world.engine.now() + 40 * DAY})

    assert refusal.value.param == "subscription_data[billing_cycle_anchor]"


def test_what_costs_nothing_needs_no_payment(world):
    free = world.new_price(0)
    session = world.session(line_items=[{"price": free.id, "quantity": 1}])

    assert world.engine.pay_checkout(session.id).ok
    session = world.reread(session)

    assert session.payment_status == "no_payment_required"
    assert world.client.v1.invoices.retrieve(session.invoice).status == "paid"


def test_setting_up_saves_a_card_and_takes_nothing(world):
    session = world.setup_session()
    assert session.setup_intent.startswith("seti_")

    world.engine.pay_checkout(session.id)
    intent = world.client.v1.setup_intents.retrieve(session.setup_intent)

    assert intent.status == "succeeded"
    assert world.reread(session).payment_status == "no_payment_required"
    methods = world.client.v1.customers.payment_methods.list(world.customer.id).data
    assert [method.id for method in methods] == [intent.payment_method]
    assert world.engine.truth()["balance_transactions"] == []


def test_setting_up_asks_for_authentication_when_the_card_does(world):
    session = world.setup_session()

    assert world.engine.pay_checkout(session.id, card="4000002500003155").next.startswith(
        "http://localhost/c/3ds/seti_"
    )
    assert world.engine.authenticate(session.setup_intent).ok
    assert world.reread(session).status == "complete"


def test_a_single_payment_makes_no_subscription(world):
    price = {"currency": "eur", "unit_amount": 500, "product_data": {"name": "Mug"}}
    session = world.client.v1.checkout.sessions.create(
        {
            "mode": "payment",
            "line_items": [{"price_data": price, "quantity": 2}],
            "success_url": "https://site.test/done",
        }
    )

    world.engine.pay_checkout(session.id, email="b@example.org")
    session = world.reread(session)

    assert (session.amount_total, session.payment_status) == (1000, "paid")
    assert world.client.v1.payment_intents.retrieve(session.payment_intent).amount_received == 1000
    assert session.subscription is None


def test_a_session_expires_after_a_day(world):
    session = world.session()

    world.engine.advance_by(DAY)

    assert world.reread(session).status == "expired"
    assert "checkout.session.expired" in world.types()
    assert not world.engine.pay_checkout(session.id).ok


def test_a_session_can_be_made_to_expire_earlier(world):
    session = world.session(expires_at=world.engine.now() + 30 * MINUTE)

    world.engine.advance_by(31 * MINUTE)

    assert world.reread(session).status == "expired"


def test_a_session_can_be_expired_once(world):
    session = world.session()
    assert world.client.v1.checkout.sessions.expire(session.id).status == "expired"

    with pytest.raises(stripe.InvalidRequestError):
        world.client.v1.checkout.sessions.expire(session.id)


@pytest.mark.parametrize("seconds", [60, 26 * HOUR])
def test_the_expiry_lies_within_a_day(world, seconds):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        world.session(expires_at=world.engine.now() + seconds)

    assert refusal.value.param == "expires_at"


def test_a_session_that_was_left_stays_open(world):
    session = world.session()

    assert world.engine.cancel_checkout(session.id) == "https://site.test/back"
    assert world.reread(session).status == "open"


def test_a_customer_has_one_currency(world):
    world.subscribed()
    dollars = world.new_price(1000, currency="usd")

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        world.session(line_items=[{"price": dollars.id, "quantity": 1}])

    assert "You cannot combine currencies on a single customer" in refusal.value.user_message


def test_an_anchor_later_in_the_month_makes_the_first_period_cheaper(world):
    anchor = world.engine.now() + 10 * DAY
    session = world.session(subscription_data={"billing_cycle_anchor": anchor})
    world.engine.pay_checkout(session.id)
    session = world.reread(session)
    invoice = world.client.v1.invoices.retrieve(session.invoice)
    item = world.subscription(session.subscription)["items"].data[0]

    # Ten of the thirty-one days from 25 December to 25 January.
    assert invoice.total == 323
    assert item.current_period_end == anchor


def test_of_two_open_pages_in_two_currencies_only_one_can_be_paid(world):
    dollars = world.new_price(1000, currency="usd")
    other = world.session(line_items=[{"price": dollars.id, "quantity": 1}])
    world.subscribed()

    outcome = world.engine.pay_checkout(other.id)

    assert "You cannot combine currencies" in outcome.message
    assert len(world.client.v1.charges.list().data) == 1


def test_a_page_that_is_paid_after_its_anchor_costs_a_whole_period(world):
    session = world.session(subscription_data={"billing_cycle_anchor": world.engine.now() + HOUR})
    world.engine.advance_by(2 * HOUR)

    world.engine.pay_checkout(session.id)

    invoice = world.client.v1.invoices.retrieve(world.reread(session).invoice)
    assert (invoice.total, invoice.status) == (1000, "paid")


def test_setting_up_needs_a_currency(world):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        world.client.v1.checkout.sessions.create(
            {"mode": "setup", "success_url": "https://site.test/"}
        )

    assert refusal.value.param == "currency"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "/done", "nonsense", "https://"])
def test_addresses_have_to_be_whole(world, url):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        world.session(success_url=url)

    assert refusal.value.code == "url_invalid"
