"""Money that goes back, however it came about: what the books, the sponsorship and its people know of
it."""

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client

from funding.ledger import balances, posting
from funding.ledger.models import Account, Entry
from funding.office import clock, outbox
from funding.office.models import Message
from funding.projects.models import Funding
from sponsors.billing import disputing, ending, gateway, handlers, renewals
from sponsors.billing.models import (
    CreditNote,
    Deferral,
    Dispute,
    Event,
    Invoice,
    Movement,
    Payment,
    Refund,
)
from sponsors.sponsorships.models import GRACE, Sponsorship, Status
from tests import factories, scenarios, world
from tests.certainty import certain

Kind = Account.Kind
pytestmark = pytest.mark.database


def held(sponsorship):
    place = posting.project(sponsorship.project_id, Kind.HELD)
    return balances.of(place, sponsorship.currency).amount


def owed(sponsorship):
    place = posting.company(sponsorship.company_id, Kind.RECEIVABLE)
    return balances.of(place, sponsorship.currency).amount


def tax():
    return balances.of(posting.Place(Kind.TAX), "GBP").amount


def insist_books_agree(engine):
    for currency, amount in engine.truth()["currencies"].items():
        at_stripe = balances.of(posting.Place(Kind.STRIPE), currency.upper()).amount
        assert at_stripe == amount, currency
    call_command("check_books")


def charge():
    return Payment.objects.order_by("-id")[0].charge


def again():
    return Sponsorship.objects.get()


def with_tax(engine):
    """Stripe adds a fifth to what is billed for renewals: the customer sits in Great Britain."""
    engine.account.settings.country = "GB"
    subscription = next(engine.account.store.newest_first("subscription"))
    subscription["automatic_tax"] = {**subscription["automatic_tax"], "enabled": True}
    address = dict.fromkeys(("city", "line1", "line2", "state"))
    customer = engine.account.store.by_id[subscription["customer"]]
    customer["address"] = {**address, "country": "GB", "postal_code": "E1 6AN"}


def test_a_refund_made_in_the_dashboard_is_picked_up(engine):
    sponsorship = scenarios.settled(engine)
    before = held(sponsorship)

    engine.refund(charge(), 2500)
    engine.deliver()

    refund = Refund.objects.get()
    assert (refund.amount, refund.status, refund.asked) == (2500, "succeeded", None)
    assert held(sponsorship) == before - 2500
    assert Invoice.objects.get().returned == 2500
    assert again().paid_through == sponsorship.paid_through
    insist_books_agree(engine)


def test_a_payment_given_back_as_a_whole_pays_for_nothing(engine):
    sponsorship = scenarios.settled(engine)
    invoice = Invoice.objects.get()

    engine.refund(charge())
    engine.deliver()

    sponsorship = again()
    assert sponsorship.status == Status.ACTIVE
    assert sponsorship.paid_through == invoice.period_starts_at
    assert sponsorship.stands_until == invoice.period_starts_at + GRACE
    assert held(sponsorship) == -engine.account.settings.fee_fixed - 290
    insist_books_agree(engine)


def test_a_refund_that_is_pending_is_not_shown_as_failed(engine):
    sponsorship = scenarios.settled(engine, card="4000000000007726")
    engine.refund(charge())
    engine.deliver()
    assert Refund.objects.get().is_on_its_way
    assert held(sponsorship) < 0

    world.days(engine, 3)

    assert Refund.objects.get().status == "succeeded"
    assert Movement.objects.count() == 1
    insist_books_agree(engine)


def test_a_refund_that_fails_weeks_later_is_reversed_in_the_books(engine):
    staff = factories.user(is_staff=True)
    sponsorship = scenarios.settled(engine, card="4000000000005126")
    before, paid_through = held(sponsorship), sponsorship.paid_through
    engine.refund(charge())
    engine.deliver()
    assert again().paid_through < paid_through

    world.days(engine, 22)

    refund = Refund.objects.get()
    assert (refund.status, refund.failure) == ("failed", "expired_or_canceled_card")
    assert refund.failure_balance_transaction
    assert held(sponsorship) == before
    assert again().paid_through == paid_through
    assert Invoice.objects.get().returned == 0
    insist_books_agree(engine)
    outbox.send_waiting()
    failed = [one for one in mail.outbox if "could not be given back" in one.subject]
    assert sponsorship.company.billing_email in failed[0].to
    assert [one.to for one in mail.outbox if "failed" in one.subject] == [[staff.email]]


def test_a_refund_that_is_cancelled_comes_back(engine):
    sponsorship = scenarios.settled(engine)
    before = held(sponsorship)
    name = engine.refund(charge(), 1000, needs_action=True)
    engine.deliver()

    gateway.v1().refunds.cancel(name)
    engine.deliver()

    assert Refund.objects.get().status == "canceled"
    assert held(sponsorship) == before
    insist_books_agree(engine)


def test_the_tax_in_three_refunds_sums_to_the_tax_that_was_paid(engine):
    scenarios.settled(engine, tier=factories.tier(monthly=3337))
    with_tax(engine)
    world.days(engine, 33)
    whole = Payment.objects.get(charge=charge())
    assert (whole.amount, whole.net, tax()) == (4004, 3337, 667)

    for part in (1001, 1, 3002):
        engine.refund(charge(), part)
        engine.deliver()

    assert tax() == 0
    assert sum(one.net for one in Movement.objects.all()) == 3337
    insist_books_agree(engine)


def test_a_refund_takes_its_tax_from_its_credit_note(engine):
    scenarios.settled(engine)
    with_tax(engine)
    world.days(engine, 33)
    invoice = Invoice.objects.get(tax=2000)

    gateway.create_credit_note(
        params={"invoice": invoice.stripe_id, "amount": 1201, "refund_amount": 1201}, key="one"
    )
    engine.deliver()

    note, refund = CreditNote.objects.get(), Refund.objects.get()
    assert (note.net, note.tax, note.before_payment) == (1001, 200, 0)
    assert (refund.credit_note, refund.tax) == (note, 200)
    insist_books_agree(engine)


def test_a_credit_note_before_payment_lowers_what_is_owed(engine):
    sponsorship = scenarios.settled(engine)
    with_tax(engine)
    engine.replace_card(sponsorship.subscription.customer.stripe_id, "4000000000000341")
    world.days(engine, 33)
    open_ = Invoice.objects.get(status="open")
    assert owed(sponsorship) == 12000

    note = gateway.create_credit_note(
        params={"invoice": open_.stripe_id, "amount": 6000}, key="one"
    )
    engine.deliver()

    open_.refresh_from_db()
    assert (open_.credited, owed(sponsorship)) == (6000, 6000)
    insist_books_agree(engine)
    gateway.v1().credit_notes.void_credit_note(note["id"])
    engine.deliver()
    assert owed(sponsorship) == 12000
    insist_books_agree(engine)
    gateway.create_credit_note(params={"invoice": open_.stripe_id, "amount": 6000}, key="two")
    engine.replace_card(sponsorship.subscription.customer.stripe_id, "4242424242424242")
    engine.pay_invoice(open_.stripe_id)
    engine.advance_by(120)
    assert (owed(sponsorship), again().status) == (0, Status.ACTIVE)
    insist_books_agree(engine)


def test_an_invoice_that_was_credited_as_a_whole_pays_for_nothing(engine):
    sponsorship = scenarios.settled(engine)
    paid_through = sponsorship.paid_through
    engine.replace_card(sponsorship.subscription.customer.stripe_id, "4000000000000341")
    world.days(engine, 33)
    open_ = Invoice.objects.get(status="open")

    gateway.create_credit_note(params={"invoice": open_.stripe_id, "amount": 10000}, key="one")
    engine.deliver()

    assert Invoice.objects.get(pk=open_.pk).status == "paid"
    assert again().paid_through == paid_through
    assert owed(sponsorship) == 0
    insist_books_agree(engine)


def test_what_was_credited_of_an_invoice_is_not_taken_back_twice_when_it_is_void(engine):
    sponsorship = scenarios.settled(engine)
    engine.replace_card(sponsorship.subscription.customer.stripe_id, "4000000000000341")
    world.days(engine, 33)
    open_ = Invoice.objects.get(status="open")
    gateway.create_credit_note(params={"invoice": open_.stripe_id, "amount": 4000}, key="one")
    engine.deliver()

    gateway.void_invoice(open_.stripe_id, key="two")
    engine.deliver()

    assert owed(sponsorship) == 0
    insist_books_agree(engine)


def test_a_year_given_back_as_a_whole_leaves_no_month_to_come(engine):
    sponsorship = scenarios.settled(engine, tier=factories.tier(yearly=100000), interval="year")
    world.days(engine, 40)
    renewals.release_due(now=clock.now())

    engine.refund(charge())
    engine.deliver()
    renewals.release_due(now=clock.now())

    deferred = posting.project(sponsorship.project_id, Kind.DEFERRED)
    assert not balances.of(deferred, "GBP")
    assert Deferral.objects.get().next_at is None
    assert held(sponsorship) == -2930
    insist_books_agree(engine)


def test_a_part_of_a_year_given_back_leaves_the_months_to_come(engine):
    sponsorship = scenarios.settled(engine, tier=factories.tier(yearly=100000), interval="year")

    engine.refund(charge(), 30000)
    engine.deliver()

    assert held(sponsorship) == -30000
    assert Deferral.objects.get().next_at is not None
    insist_books_agree(engine)


# Disputes


def test_a_dispute_takes_the_money_and_a_fee_and_standing_follows(engine):
    staff = factories.user(is_staff=True)
    sponsorship = scenarios.settled(engine, card="4000000000000259")

    engine.advance_by(2 * 3600)

    dispute = Dispute.objects.get()
    assert (dispute.status, dispute.amount, dispute.reason) == (
        "needs_response", 10000, "fraudulent",
    )  # fmt: skip
    assert dispute.due_by > clock.now()
    assert held(sponsorship) == -320 - 1500
    assert again().stands_until == Invoice.objects.get().period_starts_at + GRACE
    insist_books_agree(engine)
    outbox.send_waiting()
    told = {one.to[0]: one for one in mail.outbox if "took back" in one.subject}
    assert set(told) == {staff.email}
    maintainer = sponsorship.project.maintainers.get().user.email
    taken = [one for one in mail.outbox if one.to == [maintainer] and "taken back" in one.subject]
    assert sponsorship.company.display_name not in taken[0].body


def test_a_dispute_that_is_won_brings_all_of_it_back_but_the_fee(engine):
    sponsorship = scenarios.settled(engine)
    before, paid_through = held(sponsorship), sponsorship.paid_through
    name = engine.dispute(charge())
    engine.deliver()

    engine.win_dispute(name)
    engine.deliver()

    dispute = Dispute.objects.get()
    assert (dispute.status, dispute.closed_at) == ("won", clock.now())
    assert held(sponsorship) == before - 1500
    assert again().paid_through == paid_through
    insist_books_agree(engine)


def test_a_fee_that_comes_back_with_a_dispute_is_the_projects(engine):
    engine.account.settings.dispute_fee_returned = True
    sponsorship = scenarios.settled(engine)
    before = held(sponsorship)
    name = engine.dispute(charge())
    engine.win_dispute(name)
    engine.deliver()

    assert held(sponsorship) == before
    insist_books_agree(engine)


def test_a_lost_dispute_leaves_the_money_gone(engine):
    sponsorship = scenarios.settled(engine)
    name = engine.dispute(charge())
    engine.lose_dispute(name)
    engine.deliver()

    assert Dispute.objects.get().status == "lost"
    assert Invoice.objects.get().returned == 10000
    assert held(sponsorship) == -320 - 1500
    insist_books_agree(engine)


def test_a_year_is_waited_for_while_its_dispute_is_open_and_not_when_it_is_lost(engine):
    sponsorship = scenarios.settled(engine, tier=factories.tier(yearly=100000), interval="year")
    name = engine.dispute(charge())
    engine.deliver()
    assert Deferral.objects.get().next_at is not None

    engine.lose_dispute(name)
    engine.deliver()

    assert Deferral.objects.get().next_at is None
    assert held(sponsorship) == -2930 - 1500
    insist_books_agree(engine)


def test_an_inquiry_moves_no_money_and_changes_no_standing(engine):
    sponsorship = scenarios.settled(engine, card="4000000000001976")
    before = held(sponsorship)

    engine.advance_by(2 * 3600)

    assert Dispute.objects.get().is_inquiry
    assert held(sponsorship) == before
    assert again().paid_through == sponsorship.paid_through
    engine.escalate_dispute(Dispute.objects.get().stripe_id)
    engine.deliver()
    assert held(sponsorship) == before - 10000 - 1500
    insist_books_agree(engine)


def test_a_dispute_after_a_refund_takes_the_rest(engine):
    sponsorship = scenarios.settled(engine)
    engine.refund(charge(), 4000)
    engine.dispute(charge())
    engine.deliver()

    assert Dispute.objects.get().amount == 6000
    assert Invoice.objects.get().returned == 10000
    assert held(sponsorship) == -320 - 1500
    insist_books_agree(engine)


def test_a_warning_of_fraud_is_noted_on_the_payment(engine):
    scenarios.settled(engine)
    engine.warn_of_fraud(charge())
    engine.deliver()

    assert Payment.objects.get().warned_at == clock.now()


# Order, repetition, loss


def test_a_refund_that_arrives_before_its_payment_is_booked_after_it(engine):
    """Made in the dashboard within the minute in which the fee is not known."""
    engine.knobs.add("drop", types=["charge.updated", "charge.succeeded"])
    sponsorship = scenarios.paid(engine)
    intent = Payment.objects.get().payment_intent
    name = gateway.payment_intent(intent)["latest_charge"]["id"]

    engine.refund(name)
    engine.deliver()

    kinds = list(Entry.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["invoice_finalised", "charge_settled", "refunded"]
    assert held(sponsorship) == -320
    insist_books_agree(engine)


def test_of_a_refund_whose_subscription_was_never_told_of_everything_is_looked_up(engine):
    engine.knobs.add("drop", types=["customer.subscription.*", "invoice.*"])
    engine.knobs.clear()
    page = scenarios.chosen()
    engine.knobs.add("drop")
    engine.pay_checkout(page.stripe_id)
    engine.advance_by(120)
    engine.knobs.clear()
    assert not Payment.objects.exists()
    name = engine.account.store.newest_first("charge").__next__()["id"]

    engine.refund(name)
    engine.deliver()

    assert Refund.objects.get().amount == 10000
    insist_books_agree(engine)


def test_a_refund_by_a_dispute_prevention_service_arrives_before_the_dispute_row(engine):
    sponsorship = scenarios.settled(engine)
    engine.knobs.add("drop", types=["charge.dispute.created", "charge.dispute.funds_withdrawn"])
    engine.refund(charge(), 1000)
    engine.dispute(charge())
    engine.deliver()
    engine.knobs.clear()

    handlers.refresh(Payment.objects.get().payment_intent)

    assert Dispute.objects.get().amount == 9000
    assert held(sponsorship) == -320 - 1500
    insist_books_agree(engine)


def test_what_went_back_is_booked_once_however_often_it_is_told(engine):
    scenarios.settled(engine)
    engine.refund(charge(), 1000)
    engine.win_dispute(engine.dispute(charge()))
    engine.deliver()
    entries, version = Entry.objects.count(), Funding.objects.get().version
    mails = outbox.Message.objects.count()

    Event.objects.update(status="new")
    for root in set(Event.objects.values_list("root", flat=True)):
        handlers.refresh(root)

    assert Entry.objects.count() == entries
    assert outbox.Message.objects.count() == mails
    assert Funding.objects.get().version >= version
    insist_books_agree(engine)


def test_a_charge_that_nothing_went_back_of_costs_no_more_calls(engine, monkeypatch):
    asked = []
    for name in ("refunds", "disputes", "credit_notes"):
        monkeypatch.setattr(gateway, name, lambda *args, name=name: asked.append(name) or [])

    scenarios.settled(engine)
    world.days(engine, 32)

    assert asked == []


def test_a_cancelled_sponsorship_stands_no_longer_when_its_month_is_given_back(engine):
    sponsorship = ending.cancel(scenarios.settled(engine))
    world.days(engine, 32)
    assert again().status == Status.CANCELLED

    engine.refund(charge())
    engine.deliver()

    assert again().stands_until < sponsorship.stands_until
    assert again().status == Status.CANCELLED
    call_command("check_books")


# Two payments for one invoice, and another currency


def pay_once_more(engine, invoice):
    """What Stripe lets happen: a second payment intent is attached to the same invoice."""
    from sandbox import charges, payments

    account = engine.account
    first = account.store.by_id[Payment.objects.get().payment_intent]
    with engine.by_hand():
        second = payments.create_intent(
            account, amount=first["amount"], currency=first["currency"], customer=first["customer"]
        )
        thing = account.new(
            "invoice_payment", "inpay", amount_requested=first["amount"], is_default=False,
            amount_paid=first["amount"], currency=first["currency"], invoice=invoice.stripe_id,
            payment={"payment_intent": second["id"], "type": "payment_intent"}, status="paid",
            status_transitions={"canceled_at": None, "paid_at": account.now()},
            _payment_intent=second["id"],
        )  # fmt: skip
        account.add(thing)
        method = account.store.by_id[first["payment_method"]]
        payments.attempt(account, second, method, off_session=True)
        charges.book(account, second["latest_charge"])
        paid = account.store.by_id[invoice.stripe_id]
        account.emit("invoice.updated", paid)
    engine.deliver()
    return Payment.objects.get(payment_intent=second["id"])


@pytest.mark.parametrize("interval", ["month", "year"])
def test_of_two_payments_for_one_invoice_the_second_is_owed_back(engine, interval):
    sponsorship = scenarios.settled(engine, interval=interval)
    invoice, before = Invoice.objects.get(), held(sponsorship)
    amount = Payment.objects.get().amount
    months = Deferral.objects.values_list("amount", flat=True)
    deferred = list(months)

    second = pay_once_more(engine, invoice)

    fee = second.fee
    assert (second.net, second.surplus) == (0, amount)
    assert owed(sponsorship) == -amount
    assert held(sponsorship) == before - fee
    assert list(months.all()) == deferred
    insist_books_agree(engine)
    engine.refund(second.charge)
    engine.deliver()
    assert owed(sponsorship) == 0
    assert Invoice.objects.get().returned == 0
    assert again().paid_through == sponsorship.paid_through
    insist_books_agree(engine)


def test_a_charge_settled_in_another_currency_is_booked_through_conversion(engine):
    engine.account.settings.settles_in = {"usd": ("eur", "0.9")}
    tier = factories.tier(factories.project(currency="USD"))

    sponsorship = scenarios.settled(engine, tier=tier)

    payment = Payment.objects.get()
    assert (payment.settled_in, payment.settled, payment.fee) == ("EUR", 9000, 291)
    assert held(sponsorship) == 10000 - 323
    conversion = posting.Place(Kind.CONVERSION)
    assert balances.of(conversion, "USD").amount == 10000 - 323
    assert balances.of(conversion, "EUR").amount == -(9000 - 291)
    insist_books_agree(engine)


def test_what_a_rate_gains_or_loses_is_the_operators(engine):
    engine.account.settings.settles_in = {"usd": ("eur", "0.9")}
    tier = factories.tier(factories.project(currency="USD"))
    sponsorship = scenarios.settled(engine, tier=tier)
    engine.account.settings.settles_in = {"usd": ("eur", "0.8")}

    engine.refund(charge(), 5000)
    name = engine.dispute(charge())
    engine.deliver()

    fee = round(1500 / 0.8)
    assert held(sponsorship) == -323 - fee
    insist_books_agree(engine)
    engine.account.settings.settles_in = {"usd": ("eur", "0.95")}
    engine.win_dispute(name)
    engine.deliver()
    assert held(sponsorship) == 5000 - 323 - fee
    insist_books_agree(engine)


def test_a_disputed_sponsorship_is_charged_again_unless_staff_end_it(engine):
    staff = factories.user(is_staff=True)
    sponsorship = scenarios.settled(engine, card="4000000000000259")
    engine.advance_by(2 * 3600)
    dispute, client = Dispute.objects.get(), Client()
    client.force_login(staff)
    certain(client)
    address = f"/staff/disputes/{dispute.pk}/end/"
    assert disputing.going_on().count() == 1
    assert address in client.get(f"/staff/disputes/{dispute.pk}/").content.decode()
    assert "is not charged again" in client.get(address).content.decode()
    told = Message.objects.get(key__startswith=f"dispute:{dispute.stripe_id}")
    assert address in told.body

    client.post(address)

    assert again().status == Status.CANCELLED
    assert disputing.going_on().count() == 0
    paid = Invoice.objects.count()
    world.days(engine, 40)
    assert Invoice.objects.count() == paid
    assert address not in client.get(f"/staff/disputes/{dispute.pk}/").content.decode()
    assert client.get(address).status_code == 302
    assert sponsorship.pk == again().pk


def test_the_company_is_told_that_a_disputed_sponsorship_goes_on(engine):
    sponsorship = scenarios.settled(engine, card="4000000000000259")
    engine.advance_by(2 * 3600)
    client = Client()
    client.force_login(sponsorship.bought_by)

    page = client.get(sponsorship.get_absolute_url()).content.decode()

    assert "it is charged again on" in page


def test_a_dispute_that_is_lost_waits_for_somebody_to_decide(engine):
    scenarios.settled(engine)
    name = engine.dispute(charge(), reason="duplicate")
    engine.deliver()
    assert disputing.going_on().count() == 0

    engine.lose_dispute(name)
    engine.deliver()

    assert disputing.going_on().count() == 1


def test_staff_decide_that_a_disputed_sponsorship_goes_on_and_why_is_kept(engine):
    scenarios.settled(engine, card="4000000000000259")
    engine.advance_by(2 * 3600)
    dispute, client = Dispute.objects.get(), Client()
    client.force_login(factories.user(is_staff=True, name="Grace"))
    certain(client)
    address, page = (f"/staff/disputes/{dispute.pk}/{end}" for end in ("go-on/", ""))
    assert address in client.get(page).content.decode()
    assert "stays as it is" in client.get(address).content.decode()

    assert client.post(address, {"why": " "}).status_code == 422
    assert disputing.going_on().count() == 1
    client.post(address, {"why": "They asked their bank by mistake"})
    client.post(address, {"why": "Another reason"})

    said = client.get(page).content.decode()
    assert disputing.going_on().count() == 0
    assert "Grace decided that the sponsorship goes on: They asked their bank by mistake" in said
    assert address not in said
    assert f"/staff/disputes/{dispute.pk}/end/" in said
    assert again().status == Status.ACTIVE
