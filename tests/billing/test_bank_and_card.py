"""Money at the bank that staff wrote down, and what happened to its invoice before Stripe agreed."""

import pytest
from django.core.management import call_command
from django.test import Client

from funding.ledger.models import Transfer
from funding.office import clock
from sponsors.billing import attention, banking, ending, gateway
from sponsors.billing.models import BankPayment, Invoice, Payment
from sponsors.sponsorships.models import Sponsorship
from tests import factories, scenarios
from tests.certainty import certain

pytestmark = pytest.mark.database
GOOD, PAY = "4242424242424242", "POST /v1/invoices/{invoice}/pay"


@pytest.fixture
def staff(engine):
    return factories.user(is_staff=True)


def record(by):
    invoice = Invoice.objects.get()
    seen = banking.Seen(invoice.open_amount, "BACS", clock.now().date())
    return banking.record(invoice_id=invoice.pk, seen=seen, by=by, now=clock.now())


def recorded_in_silence(engine, by):
    """It is written down; Stripe has not heard of it."""
    scenarios.ordered(engine)
    engine.faults.add(PAY, "error_before", times=5)
    record(by)
    engine.faults.clear()
    return Invoice.objects.get()


def settle(engine):
    engine.deliver()
    engine.advance_by(3600)
    banking.sweep()


def balance(kind):
    rows = Transfer.objects.all()
    plus, minus = rows.filter(credit__kind=kind), rows.filter(debit__kind=kind)
    return sum(one.amount for one in plus) - sum(one.amount for one in minus)


def waiting():
    return {task.title for task in attention.tasks(now=clock.now()) if task.count}


def test_a_card_payment_of_which_we_hear_while_the_bank_is_recorded_is_the_projects(
    engine, staff, monkeypatch
):
    scenarios.ordered(engine)
    engine.pay_invoice(Invoice.objects.get().stripe_id, GOOD)
    real = gateway.pay_outside

    def meanwhile(*args, **kwargs):
        engine.deliver()
        engine.advance_by(120)
        return real(*args, **kwargs)

    monkeypatch.setattr(gateway, "pay_outside", meanwhile)
    with pytest.raises(banking.NotRecorded):
        record(staff)
    settle(engine)

    payment = Payment.objects.get()
    assert (payment.net, payment.surplus) == (10000, 0)
    assert not BankPayment.objects.exists()
    call_command("check_books")


def test_a_card_payment_is_the_projects_though_bank_money_was_recorded_that_stripe_never_heard_of(
    engine, staff
):
    invoice = recorded_in_silence(engine, staff)
    engine.pay_invoice(invoice.stripe_id, GOOD)
    settle(engine)

    assert Payment.objects.get().surplus == 0
    assert balance("billed") == balance("bank") == 0
    assert waiting() == {"Money at the bank that was not owed"}
    with pytest.raises(SystemExit):
        call_command("check_books")


@pytest.mark.parametrize("how", ["card", "void"])
def test_staff_are_told_of_money_for_nothing_until_they_say_that_it_was_sent_back(
    engine, staff, how
):
    invoice = recorded_in_silence(engine, staff)
    if how == "card":
        engine.pay_invoice(invoice.stripe_id, GOOD)
    else:
        ending.cancel(Sponsorship.objects.with_parties().get())
    settle(engine)
    client = Client()
    client.force_login(staff)
    client = certain(client)
    assert (
        "£100.00 of it was not owed"
        in client.get("/staff/invoices/?show=not-owed").content.decode()
    )
    address = f"/staff/invoices/{invoice.pk}/sent-back/"
    assert "Was it sent back?" in client.get(address).content.decode()

    client.post(address)

    assert waiting() == set()
    assert "Nothing to send back" in client.get(address).content.decode()
    call_command("check_books")


def test_money_that_pays_its_invoice_cannot_be_said_to_be_sent_back(engine, staff):
    scenarios.ordered(engine)
    record(staff)

    with pytest.raises(banking.NotRecorded):
        banking.take_back(invoice_id=Invoice.objects.get().pk)

    assert BankPayment.objects.get().net == 10000


def test_a_credit_note_between_the_record_and_stripes_answer_leaves_the_rest_the_companys(
    engine, staff
):
    invoice = recorded_in_silence(engine, staff)
    note = {"invoice": invoice.stripe_id, "amount": 2000, "memo": "less"}
    gateway.create_credit_note(params=note, key="less")
    engine.deliver()
    settle(engine)

    assert BankPayment.objects.get().surplus.amount == 2000
    assert (balance("billed"), balance("held"), balance("bank")) == (0, 8000, -10000)
    assert balance("receivable") == 2000  # the company's
    assert waiting() == {"Money at the bank that was not owed"}
    call_command("check_books")
