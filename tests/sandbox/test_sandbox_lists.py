"""Lists page by page, what is expanded in an answer, and metadata."""

import pytest
import stripe


def test_lists_are_newest_first_and_go_on_from_a_cursor(client):
    made = [client.v1.customers.create({"name": str(n)}).id for n in range(5)][::-1]

    first = client.v1.customers.list({"limit": 2})
    second = client.v1.customers.list({"limit": 2, "starting_after": first.data[-1].id})
    back = client.v1.customers.list({"limit": 2, "ending_before": second.data[-1].id})

    assert [one.id for one in first.data] == made[:2]
    assert [one.id for one in second.data] == made[2:4]
    assert [one.id for one in back.data] == made[1:3]
    assert (first.has_more, second.has_more, back.has_more) == (True, True, True)


def test_the_client_pages_through_everything(client):
    made = [client.v1.customers.create({"name": str(n)}).id for n in range(7)][::-1]

    found = [one.id for one in client.v1.customers.list({"limit": 3}).auto_paging_iter()]

    assert found == made


@pytest.mark.parametrize("limit", [0, 101, -1])
def test_a_page_holds_one_to_a_hundred(client, limit):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.customers.list({"limit": limit})

    assert refusal.value.param == "limit"


def test_a_cursor_has_to_exist(client):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.customers.list({"starting_after": "cus_nobody"})

    assert refusal.value.code == "resource_missing"


def test_lists_can_be_cut_by_when_things_were_made(engine, client):
    client.v1.customers.create({"name": "early"})
    engine.advance_by(100)
    late = client.v1.customers.create({"name": "late"})

    found = client.v1.customers.list({"created": {"gte": late.created}}).data
    exact = client.v1.customers.list({"created": late.created}).data

    assert [one.name for one in found] == ["late"]
    assert [one.name for one in exact] == ["late"]


def test_an_object_is_put_in_the_place_of_its_id(world):
    world.subscribed()

    invoice = world.client.v1.invoices.list({"expand": ["data.customer", "data.payments"]}).data[0]

    assert invoice.customer.name == "Ada"
    assert invoice.payments.data[0].status == "paid"


def test_parts_inside_parts_are_put_in_place(world):
    identifier = world.subscribed()
    world.engine.advance_by(60)

    subscription = world.client.v1.subscriptions.retrieve(
        identifier,
        {"expand": ["latest_invoice.payments", "items.data.price.product"]},
    )
    payment = world.client.v1.invoice_payments.list(
        {"expand": ["data.payment.payment_intent.latest_charge"]}
    ).data[0]

    assert subscription["items"].data[0].price.product.name == "Gold"
    assert subscription.latest_invoice.payments.data[0].payment.payment_intent.startswith("pi_")
    assert payment.payment.payment_intent.latest_charge.balance_transaction.startswith("txn_")


@pytest.mark.parametrize("path", ["name", "nonsense", "email.x", "invoice_settings.nonsense"])
def test_what_cannot_be_expanded_is_refused(world, path):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        world.client.v1.customers.retrieve(world.customer.id, {"expand": [path]})

    assert "cannot be expanded" in refusal.value.user_message


def test_more_than_four_levels_are_refused(world):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        world.client.v1.invoices.list({"expand": ["data.payments.data.payment.payment_intent"]})

    assert "more than 4 levels" in refusal.value.user_message


def test_line_items_are_shown_only_when_asked_for(world):
    session = world.session(expand=["line_items"])

    assert session.line_items.data[0].amount_total == 1000
    assert "line_items" not in world.reread(session)


def test_metadata_are_merged_and_an_empty_value_takes_one_away(world):
    v1 = world.client.v1
    v1.customers.update(world.customer.id, {"metadata": {"a": "1", "b": "2"}})
    customer = v1.customers.update(world.customer.id, {"metadata": {"a": "", "c": "3"}})

    assert customer.metadata.to_dict() == {"b": "2", "c": "3"}


def test_a_lookup_key_moves_to_another_price_only_if_asked(world):
    first = world.new_price(1, lookup_key="gold")
    with pytest.raises(stripe.InvalidRequestError):
        world.new_price(2, lookup_key="gold")
    second = world.new_price(3, lookup_key="gold", transfer_lookup_key=True)

    found = world.client.v1.prices.list({"lookup_keys": ["gold"]}).data

    assert [price.id for price in found] == [second.id]
    assert world.client.v1.prices.retrieve(first.id).lookup_key is None
