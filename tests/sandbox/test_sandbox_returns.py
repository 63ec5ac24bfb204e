"""Money that goes back: refunds, credit notes, disputes, and settlement in another currency."""

import pytest
import stripe

DAY = 86400


def paid(world, card="4242424242424242"):
    """A charge whose fee is known, and its invoice."""
    subscription = world.subscribed(card=card)
    world.engine.advance_by(120)
    charge = world.client.v1.charges.list({"limit": 1}).data[0]
    return charge, world.invoices(subscription)[0]


def net(world):
    return world.engine.truth()["currencies"]["eur"]


def test_a_refund_that_fails_weeks_later_brings_the_money_back(world):
    charge, _ = paid(world, card="4000000000005126")
    before = net(world)
    refund = world.client.v1.refunds.create({"charge": charge.id})
    assert (refund.status, net(world)) == ("succeeded", before - 1000)

    world.engine.advance_by(22 * DAY)

    refund = world.client.v1.refunds.retrieve(refund.id)
    assert (refund.status, refund.failure_reason) == ("failed", "expired_or_canceled_card")
    assert refund.failure_balance_transaction and net(world) == before
    assert world.client.v1.charges.retrieve(charge.id).amount_refunded == 0
    assert world.types()[-2:] == ["refund.updated", "refund.failed"]


def test_a_refund_can_be_pending_for_a_while(world):
    charge, _ = paid(world, card="4000000000007726")
    refund = world.client.v1.refunds.create({"charge": charge.id})
    assert refund.status == "pending"

    world.engine.advance_by(3 * DAY)

    assert world.client.v1.refunds.retrieve(refund.id).status == "succeeded"


def test_only_a_refund_that_waits_for_somebody_can_be_canceled(world):
    charge, _ = paid(world)
    done, waits = (world.engine.refund(charge.id, 100, needs_action=one) for one in (False, True))
    before = net(world)

    with pytest.raises(stripe.InvalidRequestError, match="cannot be canceled"):
        world.client.v1.refunds.cancel(done)

    assert world.client.v1.refunds.cancel(waits).status == "canceled"
    assert net(world) == before + 100


def test_a_credit_note_for_a_paid_invoice_makes_a_refund(world):
    charge, invoice = paid(world)

    note = world.client.v1.credit_notes.create(
        {"invoice": invoice.id, "amount": 400, "refund_amount": 400}
    )

    assert note.type == "post_payment"
    refund = world.client.v1.refunds.list({"payment_intent": charge.payment_intent}).data[0]
    assert (note.refunds[0].refund, refund.amount) == (refund.id, 400)
    with pytest.raises(stripe.InvalidRequestError, match="must equal"):
        world.client.v1.credit_notes.create({"invoice": invoice.id, "amount": 100})
    with pytest.raises(stripe.InvalidRequestError, match="remaining 600"):
        world.client.v1.credit_notes.create({"invoice": invoice.id, "amount": 601})
    with pytest.raises(stripe.InvalidRequestError, match="open invoices"):
        world.client.v1.credit_notes.void_credit_note(note.id)


def test_a_credit_note_for_an_open_invoice_lowers_what_is_owed_until_it_is_void(world):
    paid(world)
    world.engine.replace_card(world.customer.id, "4000000000000341")
    world.engine.advance_by(32 * DAY)
    invoice = world.client.v1.invoices.list({"status": "open"}).data[0]

    note = world.client.v1.credit_notes.create({"invoice": invoice.id, "amount": 300})

    assert world.client.v1.invoices.retrieve(invoice.id).amount_remaining == 700
    world.client.v1.credit_notes.void_credit_note(note.id)
    assert world.client.v1.invoices.retrieve(invoice.id).amount_remaining == 1000
    world.client.v1.credit_notes.create({"invoice": invoice.id, "amount": 1000})
    invoice = world.client.v1.invoices.retrieve(invoice.id)
    assert (invoice.status, invoice.amount_paid) == ("paid", 0)


def test_the_tax_in_credit_notes_sums_to_the_tax_of_their_invoice(world):
    _, invoice = paid(world)
    tax = {"amount": 167, "tax_behavior": "exclusive", "tax_rate_details": None,
           "taxability_reason": "standard_rated", "taxable_amount": 833,
           "type": "tax_rate_details"}  # fmt: skip
    world.engine.account.store.by_id[invoice.id]["total_taxes"] = [tax]

    notes = [
        world.client.v1.credit_notes.create(
            {"invoice": invoice.id, "amount": amount, "refund_amount": amount}
        )
        for amount in (333, 333, 334)
    ]

    assert sum(note.total_taxes[0].amount for note in notes) == 167
    assert all(n.total_excluding_tax + n.total_taxes[0].amount == n.total for n in notes)


def test_the_card_of_a_dispute_loses_the_money_and_a_fee(world):
    charge, _ = paid(world, card="4000000000000259")
    before = net(world)

    world.engine.advance_by(2 * 3600)

    dispute = world.client.v1.disputes.list({"payment_intent": charge.payment_intent}).data[0]
    assert (dispute.status, dispute.amount) == ("needs_response", 1000)
    assert [one.net for one in dispute.balance_transactions] == [-2500]
    assert net(world) == before - 2500
    assert world.client.v1.charges.retrieve(charge.id).disputed
    with pytest.raises(stripe.InvalidRequestError) as refused:
        world.client.v1.refunds.create({"charge": charge.id})
    assert refused.value.code == "charge_disputed"


def test_an_inquiry_moves_no_money_until_it_is_escalated(world):
    charge, _ = paid(world, card="4000000000001976")
    before = net(world)
    world.engine.advance_by(2 * 3600)
    dispute = world.client.v1.disputes.list({"charge": charge.id}).data[0]
    assert (dispute.status, net(world)) == ("warning_needs_response", before)

    world.engine.escalate_dispute(dispute.id)

    assert world.client.v1.disputes.retrieve(dispute.id).status == "needs_response"
    assert net(world) == before - 2500


@pytest.mark.parametrize(("evidence", "verdict", "comes_back"), [
    ("winning_evidence", "won", 1000), ("losing_evidence", "lost", 0),
])  # fmt: skip
def test_an_answer_decides_a_dispute(world, evidence, verdict, comes_back):
    charge, _ = paid(world)
    dispute = world.engine.dispute(charge.id)
    before = net(world)
    answer = {"evidence": {"uncategorized_text": evidence}}
    assert world.client.v1.disputes.update(dispute, answer).status == "under_review"

    world.engine.advance_by(61 * DAY)

    assert world.client.v1.disputes.retrieve(dispute).status == verdict
    renewals = 2 * (1000 - 59)
    assert net(world) == before + comes_back + renewals


def test_a_dispute_without_an_answer_is_lost_on_its_day(world):
    charge, _ = paid(world)
    dispute = world.engine.dispute(charge.id)

    world.engine.advance_by(9 * DAY)

    assert world.client.v1.disputes.retrieve(dispute).status == "lost"


def test_a_dispute_that_is_not_contested_is_closed_once(world):
    charge, _ = paid(world)
    dispute = world.engine.dispute(charge.id)

    assert world.client.v1.disputes.close(dispute).status == "lost"
    with pytest.raises(stripe.InvalidRequestError, match="already closed"):
        world.client.v1.disputes.close(dispute)


def test_a_charge_can_be_settled_in_another_currency(world):
    world.engine.account.settings.settles_in = {"eur": ("gbp", "0.8")}
    charge, _ = paid(world)
    settled = world.client.v1.balance_transactions.retrieve(
        world.client.v1.charges.retrieve(charge.id).balance_transaction
    )

    assert (settled.currency, settled.amount, settled.exchange_rate) == ("gbp", 800, 0.8)
    assert settled.fee == 53
    world.client.v1.refunds.create({"charge": charge.id})
    assert world.engine.truth()["currencies"] == {"gbp": -53}
