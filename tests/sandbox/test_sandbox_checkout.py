"""Checkout: every card, 3-D Secure and the delayed method."""

import pytest

from sandbox.clock import DAY

ORDER = [
    "checkout.session.completed",
    "customer.subscription.created",
    "invoice.created",
    "invoice.finalized",
    "payment_intent.created",
    "payment_intent.succeeded",
    "charge.succeeded",
    "invoice_payment.paid",
    "invoice.updated",
    "invoice.paid",
    "invoice.payment_succeeded",
]


def test_paying_makes_a_subscription_with_a_paid_invoice(world):
    session = world.session(
        client_reference_id="ours-1",
        subscription_data={"metadata": {"sponsorship": "7"}},
    )
    assert session.subscription is None

    outcome = world.engine.pay_checkout(session.id)
    session = world.reread(session)
    subscription = world.subscription(session.subscription)
    invoice = world.client.v1.invoices.retrieve(session.invoice)

    assert outcome.next == f"https://site.test/done?session={session.id}"
    assert (session.status, session.payment_status, session.url) == ("complete", "paid", None)
    assert session.client_reference_id == "ours-1"
    assert subscription.status == "active"
    assert subscription.metadata["sponsorship"] == "7"
    assert (invoice.status, invoice.amount_paid, invoice.amount_remaining) == ("paid", 1000, 0)
    assert invoice.parent.subscription_details.subscription == subscription.id
    assert invoice.parent.subscription_details.metadata["sponsorship"] == "7"
    assert invoice.billing_reason == "subscription_create"


def test_what_happens_is_announced_in_order(world):
    before = len(world.types())
    world.subscribed()

    assert [type for type in world.types()[before:] if type in ORDER] == ORDER


def test_the_session_is_announced_with_its_subscription(world, receiver):
    identifier = world.subscribed()
    world.engine.deliver()

    completed = [e for e in receiver.events if e["type"] == "checkout.session.completed"]

    assert completed[0]["data"]["object"]["subscription"] == identifier


@pytest.mark.parametrize(
    ("card", "message"),
    [
        ("4000000000000002", "Your card was declined."),
        ("4000000000009995", "Your card has insufficient funds."),
        ("4000000000000069", "Your card has expired."),
        ("4000000000000127", "Your card's security code is incorrect."),
        ("4000000000000341", "Your card was declined."),
        ("4000000000000119", "An error occurred while processing your card."),
        ("4242424242424241", "Your card number is incorrect."),
        ("4111111111111111", "used a non test card"),
        ("", "Your card number is incorrect."),
    ],
)
def test_a_card_that_is_declined_makes_no_subscription(world, card, message):
    session = world.session()

    outcome = world.engine.pay_checkout(session.id, card=card)

    assert outcome.status == "declined"
    assert message in outcome.message
    assert world.reread(session).status == "open"
    assert world.client.v1.subscriptions.list({"status": "all"}).data == []


def test_after_a_declined_card_another_one_pays_the_same_intent(world):
    session = world.session()
    world.engine.pay_checkout(session.id, card="4000000000000002")

    assert world.engine.pay_checkout(session.id).ok

    intents = world.client.v1.payment_intents.list().data
    charges = world.client.v1.charges.list().data
    assert [intent.status for intent in intents] == ["succeeded"]
    assert [charge.status for charge in charges] == ["succeeded", "failed"]


def test_a_declined_charge_says_why(world):
    world.engine.pay_checkout(world.session().id, card="4000000000009995")

    intent = world.client.v1.payment_intents.list().data[0]
    charge = world.client.v1.charges.list().data[0]

    assert intent.status == "requires_payment_method"
    assert intent.last_payment_error.decline_code == "insufficient_funds"
    assert charge.failure_code == "card_declined"
    assert charge.outcome.type == "issuer_declined"


@pytest.mark.parametrize("card", ["4000002500003155", "4000002760003184", "4000000000003220"])
def test_a_card_that_asks_for_authentication_pays_after_it(world, card):
    session = world.session()

    asked = world.engine.pay_checkout(session.id, card=card)
    intent = world.client.v1.payment_intents.list().data[0]
    assert asked.status == "requires_action"
    assert (intent.status, intent.next_action.type) == ("requires_action", "redirect_to_url")
    assert world.engine.authenticate(intent.id).ok

    assert world.subscription(world.reread(session).subscription).status == "active"


def test_failing_to_authenticate_leaves_the_session_open(world):
    session = world.session()
    world.engine.pay_checkout(session.id, card="4000002760003184")
    intent = world.client.v1.payment_intents.list().data[0]

    outcome = world.engine.authenticate(intent.id, succeed=False)

    assert outcome.status == "declined"
    assert world.reread(session).status == "open"
    assert world.engine.pay_checkout(session.id).ok


def test_a_card_may_be_authenticated_and_still_be_declined(world):
    session = world.session()
    world.engine.pay_checkout(session.id, card="4000008260003178")
    intent = world.client.v1.payment_intents.list().data[0]

    outcome = world.engine.authenticate(intent.id)

    assert outcome.message == "Your card has insufficient funds."


def test_a_bank_debit_is_unpaid_at_completion_and_paid_days_later(world):
    session = world.session()
    world.engine.pay_checkout(session.id, method="sepa_debit")
    session = world.reread(session)
    invoice = world.client.v1.invoices.retrieve(session.invoice)
    assert (session.status, session.payment_status, invoice.status) == (
        "complete",
        "unpaid",
        "open",
    )

    world.engine.advance_by(3 * DAY)

    assert world.reread(session).payment_status == "paid"
    assert world.client.v1.invoices.retrieve(session.invoice).status == "paid"
    assert "checkout.session.async_payment_succeeded" in world.types()


def test_a_bank_debit_may_fail_days_later(world):
    session = world.session()
    world.engine.pay_checkout(session.id, method="sepa_debit", iban="DE62370400440532013001")

    world.engine.advance_by(3 * DAY)
    session = world.reread(session)

    assert session.payment_status == "unpaid"
    assert world.subscription(session.subscription).status == "past_due"
    assert "checkout.session.async_payment_failed" in world.types()


def test_an_account_number_with_wrong_check_digits_is_refused(world):
    session = world.session()

    outcome = world.engine.pay_checkout(
        session.id, method="sepa_debit", iban="DE00370400440532013000"
    )

    assert outcome.message == "The IBAN you entered is invalid."
