"""Invoices of no subscription: drafted empty, given an item, finalised and asked of a saved card."""

import pytest
import stripe

DAY = 86400


def saved(world, card="4242424242424242"):
    """A card that somebody saved for later; its payment method."""
    session = world.setup_session()
    if world.engine.pay_checkout(session.id, card=card).status == "requires_action":
        assert world.engine.authenticate(session.setup_intent).ok
    return world.client.v1.setup_intents.retrieve(session.setup_intent).payment_method


def drafted(world, **more):
    customer = more.pop("customer", None) or world.customer.id
    draft = world.client.v1.invoices.create(
        {"customer": customer, "currency": "eur", "metadata": {"seat": "7"}, **more}
    )
    world.client.v1.invoice_items.create(
        {
            "customer": customer,
            "invoice": draft.id,
            "amount": 200000,
            "currency": "eur",
            "description": "A seat",
        }
    )
    return draft.id


def paid(world, method, **more):
    customer = world.client.v1.payment_methods.retrieve(method).customer
    name = drafted(world, customer=customer, default_payment_method=method, **more)
    world.client.v1.invoices.finalize_invoice(name)
    return name, world.client.v1.invoices.pay(name)


def test_a_draft_bills_its_items_and_belongs_to_no_subscription(world):
    invoice = world.client.v1.invoices.retrieve(drafted(world))

    assert (invoice.status, invoice.billing_reason, invoice.parent) == ("draft", "manual", None)
    assert (invoice.total, invoice.auto_advance) == (200000, False)
    line = invoice.lines.data[0]
    assert line.parent.type == "invoice_item_details"
    assert line.description == "A seat"


def test_a_draft_that_does_not_advance_stays_one(world):
    name = drafted(world)

    world.engine.advance_by(3 * DAY)

    assert world.client.v1.invoices.retrieve(name).status == "draft"


def test_a_saved_card_is_charged_with_nobody_there(world):
    _, invoice = paid(world, saved(world))

    assert (invoice.status, invoice.amount_paid) == ("paid", 200000)
    world.engine.advance_by(120)
    assert [one["amount"] for one in world.engine.truth()["balance_transactions"]] == [200000]
    assert world.engine.ignored == []


def test_a_declined_card_leaves_it_open_and_is_not_tried_again(world):
    method = saved(world, card="4000000000000341")  # can be saved, and is declined when charged

    with pytest.raises(stripe.CardError):
        paid(world, method)
    world.engine.advance_by(30 * DAY)

    invoice = world.client.v1.invoices.list({"customer": method_owner(world, method)}).data[0]
    assert (invoice.status, invoice.attempt_count) == ("open", 1)
    assert invoice.hosted_invoice_url


def test_a_bank_that_wants_to_see_somebody_says_so(world):
    method = saved(world, card="4000002760003184")

    with pytest.raises(stripe.CardError) as refused:
        paid(world, method)

    assert refused.value.code == "invoice_payment_intent_requires_action"


def test_its_page_takes_another_card(world):
    method = saved(world, card="4000000000000341")
    with pytest.raises(stripe.CardError):
        paid(world, method)
    invoice = world.client.v1.invoices.list({"customer": method_owner(world, method)}).data[0]

    assert world.engine.pay_invoice(invoice.id, "4242424242424242").ok

    assert world.client.v1.invoices.retrieve(invoice.id).status == "paid"


def test_one_that_is_sent_waits_until_its_day(world):
    name = drafted(world, collection_method="send_invoice", days_until_due=30)
    world.client.v1.invoices.finalize_invoice(name)
    world.engine.advance_by(40 * DAY)

    invoice = world.client.v1.invoices.retrieve(name)

    assert (invoice.status, invoice.due_date) == ("open", invoice.created + 30 * DAY)


def test_a_draft_can_be_thrown_away_and_nothing_else(world):
    name, other = drafted(world), drafted(world)
    world.client.v1.invoices.finalize_invoice(other)

    assert world.client.v1.invoices.delete(name).deleted
    with pytest.raises(stripe.InvalidRequestError, match="only delete draft"):
        world.client.v1.invoices.delete(other)

    assert [one.id for one in world.client.v1.invoices.list().data] == [other]
    world.client.v1.invoices.void_invoice(other)


def test_days_are_needed_for_what_is_sent(world):
    with pytest.raises(stripe.InvalidRequestError, match="must specify"):
        world.client.v1.invoices.create(
            {"customer": world.customer.id, "collection_method": "send_invoice"}
        )


def method_owner(world, method):
    return world.client.v1.payment_methods.retrieve(method).customer
