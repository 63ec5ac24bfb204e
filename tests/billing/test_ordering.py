"""An invoice instead of a payment page: ordered, sent, paid, late, written off."""

from contextlib import suppress

import pytest
from django.core import mail
from django.core.management import call_command

from funding.ledger import balances, posting
from funding.ledger.models import Account, Entry
from funding.ledger.money import Money
from funding.office import clock, outbox
from funding.office.models import Message
from funding.projects.models import Funding, Tier
from sponsors.billing import banking, checkout, ending, gateway, ordering, overdue, writing_off
from sponsors.billing.models import BankPayment, Call, Invoice, Order, Subscription
from sponsors.companies.models import Paperwork
from sponsors.sponsorships import refusals
from sponsors.sponsorships.lifecycle import Terms
from sponsors.sponsorships.models import PaysBy, Sponsorship, Status
from tests import factories, scenarios, world

Kind = Account.Kind
pytestmark = pytest.mark.database


def money(place, owner="", currency="GBP"):
    return balances.of(posting.Place(place, owner), currency).amount


def of_project(sponsorship, kind):
    return money(kind, f"project:{sponsorship.project_id}")


def owed(sponsorship):
    return money(Kind.RECEIVABLE, f"company:{sponsorship.company_id}")


def insist_books_agree(engine):
    for currency, amount in engine.truth()["currencies"].items():
        assert money(Kind.STRIPE, currency=currency.upper()) == amount
    call_command("check_books")


def now_(sponsorship):
    return Sponsorship.objects.get(pk=sponsorship.pk)


def the_invoice():
    return Invoice.objects.get()


def seen(invoice, *, amount=None, reference="BACS 77"):
    asked = invoice.open_amount if amount is None else Money(amount, invoice.currency)
    return banking.Seen(asked, reference, clock.today())


def record(invoice, **what):
    return banking.record(
        invoice_id=invoice.pk, seen=seen(invoice, **what), by=factories.user(is_staff=True),
        now=clock.now(),
    )  # fmt: skip


# Ordering


def test_an_order_makes_an_invoice_at_once_and_counts_apart_from_what_is_paid(engine):
    sponsorship = scenarios.ordered(engine)

    invoice = the_invoice()
    assert sponsorship.status == Status.AWAITING_INVOICE
    assert (sponsorship.pays_by, sponsorship.due_at) == (PaysBy.INVOICE, invoice.due_at)
    assert (invoice.status, invoice.is_sent, invoice.po_number) == ("open", True, "PO-1")
    funding = Funding.objects.get(project=sponsorship.project_id)
    assert (funding.committed, funding.awaiting) == (0, 10000)
    assert of_project(sponsorship, Kind.BILLED) == owed(sponsorship) == 10000
    insist_books_agree(engine)


def test_the_name_stands_from_the_invoice_until_two_weeks_after_it_is_due(engine):
    sponsorship = scenarios.ordered(engine, net_days=14)

    assert sponsorship.stands(clock.now())
    assert (sponsorship.stands_until - clock.now()).days in (27, 28)


def test_the_same_button_pressed_twice_orders_once(engine):
    company, tier = factories.payer(), factories.tier()
    scenarios.ordered(engine, company, tier)

    with pytest.raises(refusals.AlreadySponsoring):
        scenarios.ordered(engine, company, tier)

    assert Order.objects.count() == Subscription.objects.count() == 1


@pytest.mark.parametrize("kind", ["timeout_after", "error_after", "reset_before"])
def test_an_order_whose_answer_was_lost_is_made_once(engine, kind):
    engine.faults.add("POST /v1/subscriptions", kind, times=3)
    sponsorship = scenarios.ordered(engine)
    Order.objects.update(asked_at=clock.now() - ordering.LEFT_AFTER * 2)

    ordering.sweep(now=clock.now())
    engine.deliver()

    assert now_(sponsorship).status == Status.AWAITING_INVOICE
    assert len(engine.account.store.kinds["subscription"]) == 1


def test_an_order_that_waits_keeps_its_seat_and_is_not_swept_away_with_payment_pages(engine):
    engine.faults.add("POST /v1/subscriptions", "error_before", times=3)
    sponsorship = scenarios.ordered(engine)
    world.days(engine, 0.1)

    checkout.sweep(now=clock.now())

    assert now_(sponsorship).status == Status.PENDING
    assert Tier.objects.get().taken == 1


def test_what_stripe_refuses_for_good_gives_the_seat_back(engine, settings, monkeypatch):
    settings.STRIPE_AUTOMATIC_TAX = True
    company = factories.payer(country="US", papers={"postcode": ""})  # from before it was asked

    with pytest.raises(ordering.NotByInvoice):
        scenarios.ordered(engine, company)

    assert Sponsorship.objects.get().status == Status.ABANDONED
    assert Tier.objects.get().taken == 0


def test_a_payment_page_that_is_open_is_closed_before_an_invoice_is_made(engine):
    company, tier = factories.payer(), factories.tier()
    page = scenarios.chosen(company, tier)

    scenarios.ordered(engine, company, tier)

    assert not engine.pay_checkout(page.stripe_id).ok
    assert Sponsorship.objects.get().status == Status.AWAITING_INVOICE


def test_no_payment_page_opens_while_an_invoice_is_being_made(engine):
    company, tier = factories.payer(), factories.tier()
    engine.faults.add("POST /v1/subscriptions", "error_before", times=3)
    scenarios.ordered(engine, company, tier)

    with pytest.raises(checkout.PaymentOnItsWay):
        scenarios.chosen(company, tier)


@pytest.mark.parametrize(
    ("company", "po_number"),
    [
        (lambda: factories.individual(), "PO-1"),
        (lambda: factories.company(), "PO-1"),
        (lambda: factories.payer(papers={"po_required": True}), ""),
    ],
)
def test_no_invoice_for_individuals_without_an_address_or_without_a_needed_number(
    engine, company, po_number
):
    with pytest.raises(ordering.NotByInvoice):
        scenarios.ordered(engine, company(), po_number=po_number)
    assert not Sponsorship.objects.exists()


def test_an_invoice_that_is_not_paid_may_be_ended_and_is_taken_back(engine):
    sponsorship = scenarios.ordered(engine)

    ending.cancel(sponsorship)

    assert now_(sponsorship).has_ended
    assert the_invoice().status == "void"
    assert owed(sponsorship) == 0
    insist_books_agree(engine)


# Mail


def test_the_invoice_is_mailed_once_to_billing_and_accounts_payable(engine):
    company = factories.payer(papers={"addresses": ["ap@kestrel.example", "po@kestrel.example"]})
    scenarios.ordered(engine, company)
    world.days(engine, 1)
    outbox.send_waiting()

    sent = [one for one in mail.outbox if "Invoice" in one.subject]
    assert len(sent) == 1
    assert sorted(sent[0].to) == sorted(
        ["ap@kestrel.example", "po@kestrel.example", company.billing_email]
    )
    assert the_invoice().hosted_url in sent[0].body
    assert "PO-1" in sent[0].body


# Paid


def test_paid_by_card_on_its_page_it_is_active_and_booked(engine):
    sponsorship = scenarios.ordered(engine)

    assert engine.pay_invoice(the_invoice().stripe_id, "4242424242424242").ok
    engine.advance_by(120)

    assert now_(sponsorship).status == Status.ACTIVE
    assert owed(sponsorship) == of_project(sponsorship, Kind.BILLED) == 0
    assert of_project(sponsorship, Kind.HELD) == 10000 - 320
    insist_books_agree(engine)


def test_paid_by_bank_transfer_it_is_active_when_that_arrives(engine):
    sponsorship = scenarios.ordered(engine)

    engine.order_transfer(the_invoice().stripe_id)
    world.days(engine, 4)

    assert now_(sponsorship).status == Status.ACTIVE
    insist_books_agree(engine)


def test_too_much_by_bank_transfer_breaks_nothing(engine):
    sponsorship = scenarios.ordered(engine)

    engine.transfer(the_invoice().stripe_id, 12345)
    engine.advance_by(120)

    assert now_(sponsorship).status == Status.ACTIVE
    assert of_project(sponsorship, Kind.HELD) == 10000 - 320
    insist_books_agree(engine)


def test_money_at_the_bank_is_booked_once_and_held_in_full(engine):
    sponsorship = scenarios.ordered(engine)

    record(the_invoice())
    world.days(engine, 1)

    assert now_(sponsorship).status == Status.ACTIVE
    assert money(Kind.BANK) == of_project(sponsorship, Kind.HELD) == 10000
    assert owed(sponsorship) == 0
    assert Entry.objects.filter(kind=Entry.Kind.PAID_OUTSIDE).count() == 1
    insist_books_agree(engine)


def test_a_year_paid_at_the_bank_is_released_month_by_month(engine):
    sponsorship = scenarios.ordered(engine, interval="year")

    record(the_invoice())

    assert of_project(sponsorship, Kind.DEFERRED) == 100000
    assert of_project(sponsorship, Kind.HELD) == 0
    insist_books_agree(engine)


@pytest.mark.parametrize("amount", [9999, 10001, 1])
def test_an_amount_that_differs_is_not_recorded(engine, amount):
    scenarios.ordered(engine)

    with pytest.raises(banking.NotRecorded):
        record(the_invoice(), amount=amount)

    assert not BankPayment.objects.exists()
    assert the_invoice().status == "open"


def test_money_is_recorded_once_and_not_for_what_a_card_paid(engine):
    scenarios.ordered(engine)
    engine.pay_invoice(the_invoice().stripe_id, "4242424242424242")

    with pytest.raises(banking.NotRecorded):  # Stripe has not told us yet, and refuses
        record(the_invoice())

    assert not BankPayment.objects.exists()
    assert the_invoice().status == "paid"
    with pytest.raises(banking.NotRecorded):
        record(the_invoice())


@pytest.mark.parametrize("kind", ["timeout_after", "error_before", "reset_before"])
def test_money_recorded_while_stripe_is_silent_is_booked_once_by_the_sweeper(engine, kind):
    sponsorship = scenarios.ordered(engine)
    engine.faults.add("POST /v1/invoices/{invoice}/pay", kind, times=3)
    record(the_invoice())

    for _ in range(4):
        banking.sweep()
    engine.deliver()

    assert now_(sponsorship).status == Status.ACTIVE
    assert money(Kind.BANK) == 10000
    insist_books_agree(engine)


def test_paid_outside_in_the_dashboard_waits_for_somebody_to_record_the_money(engine):
    sponsorship = scenarios.ordered(engine)
    from sponsors.billing import gateway

    gateway.pay_outside(the_invoice().stripe_id, key="dashboard")
    engine.deliver()
    assert now_(sponsorship).status == Status.ACTIVE
    assert banking.unrecorded().count() == 1
    assert owed(sponsorship) == 10000
    insist_books_agree(engine)

    record(the_invoice())

    assert owed(sponsorship) == 0
    assert not banking.unrecorded().exists()
    insist_books_agree(engine)


# Late


def test_a_late_invoice_is_past_due_with_one_mail_and_one_reminder_before(engine):
    sponsorship = scenarios.ordered(engine, net_days=14)
    world.days(engine, 10)
    for _ in range(2):
        overdue.remind(now=clock.now())
    world.days(engine, 5)
    for _ in range(2):
        overdue.note(now=clock.now())

    assert now_(sponsorship).status == Status.PAST_DUE
    keys = Message.objects.filter(key__startswith="invoice-").values_list("key", flat=True)
    assert sorted(key.split(":")[0] for key in keys) == [
        "invoice-due-soon", "invoice-overdue", "invoice-sent",
    ]  # fmt: skip
    assert Funding.objects.get().committed == 10000  # within grace


def test_we_see_that_it_is_late_though_stripe_says_nothing(engine):
    sponsorship = scenarios.ordered(engine, net_days=14)
    engine.knobs.add("drop", times=99)
    world.days(engine, 15)
    assert now_(sponsorship).status == Status.AWAITING_INVOICE

    overdue.note(now=clock.now())

    assert now_(sponsorship).status == Status.PAST_DUE


def test_paid_late_it_is_active_again_and_booked_once(engine):
    sponsorship = scenarios.ordered(engine, net_days=14)
    world.days(engine, 16)

    engine.pay_invoice(the_invoice().stripe_id, "4242424242424242")
    engine.advance_by(120)

    assert now_(sponsorship).status == Status.ACTIVE
    assert of_project(sponsorship, Kind.HELD) == 10000 - 320
    insist_books_agree(engine)


def test_newer_invoices_do_not_hide_that_an_older_one_is_late(engine):
    sponsorship = scenarios.ordered(engine, net_days=60)
    world.days(engine, 62)
    overdue.note(now=clock.now())

    first = Invoice.objects.order_by("created_at").first()
    assert Invoice.objects.count() > 1
    assert now_(sponsorship).status == Status.PAST_DUE
    assert now_(sponsorship).due_at == first.due_at


# Written off


def written_off(engine, **how):
    sponsorship = scenarios.ordered(engine, net_days=14, **how)
    world.days(engine, 20)
    writing_off.write_off(the_invoice())
    engine.deliver()
    return now_(sponsorship)


def test_writing_off_ends_the_standing_and_takes_the_debt_out_of_the_books(engine):
    sponsorship = written_off(engine)

    assert sponsorship.status == Status.LAPSED
    assert not sponsorship.stands(clock.now())
    assert the_invoice().status == "uncollectible"
    assert owed(sponsorship) == of_project(sponsorship, Kind.BILLED) == 0
    insist_books_agree(engine)
    world.days(engine, 60)
    assert Invoice.objects.count() == 1  # nothing is made for it any more


@pytest.mark.parametrize("way", ["card", "bank"])
def test_what_was_written_off_and_is_paid_after_all_is_booked_once(engine, way):
    sponsorship = written_off(engine)

    if way == "card":
        assert engine.pay_invoice(the_invoice().stripe_id, "4242424242424242").ok
        engine.advance_by(120)
    else:
        record(the_invoice())
    world.days(engine, 1)

    assert the_invoice().revision == 3
    assert of_project(sponsorship, Kind.HELD) == (10000 - 320 if way == "card" else 10000)
    assert owed(sponsorship) == 0
    assert now_(sponsorship).has_ended
    insist_books_agree(engine)


def test_what_is_paid_cannot_be_written_off(engine):
    scenarios.ordered(engine)
    record(the_invoice())

    with pytest.raises(writing_off.NotWrittenOff):
        writing_off.write_off(the_invoice())


@pytest.mark.parametrize("kind", ["timeout_after", "error_after"])
def test_writing_off_may_be_asked_again_after_silence(engine, kind):
    from sponsors.billing import gateway

    sponsorship = scenarios.ordered(engine, net_days=14)
    world.days(engine, 20)
    engine.faults.add("POST /v1/invoices/{invoice}/mark_uncollectible", kind, times=3)
    with pytest.raises(gateway.GatewayError):
        writing_off.write_off(the_invoice())

    with suppress(writing_off.NotWrittenOff):  # a webhook was faster
        writing_off.write_off(the_invoice())
    engine.deliver()

    assert the_invoice().status == "uncollectible"
    assert Call.objects.filter(purpose="write_off", status="done").count() == 1
    assert now_(sponsorship).has_ended
    insist_books_agree(engine)


def test_the_price_of_an_order_is_the_one_that_was_seen(engine):
    company, tier = factories.payer(), factories.tier()
    terms = Terms(interval="month", price=tier.price("month"))
    Tier.objects.update(monthly=20000)

    with pytest.raises(refusals.PriceChanged):
        ordering.place(
            company=company, tier=tier_now(tier), terms=terms, wish=ordering.Wish(30, ""),
            by=company.memberships.get().user, now=clock.now(),
        )  # fmt: skip


def tier_now(tier):
    return Tier.objects.select_related("project").get(pk=tier.pk)


def test_paperwork_of_a_company_goes_with_it(engine):
    company = factories.payer()
    company.delete()
    assert not Paperwork.objects.exists()


def test_the_diary_calls_a_late_invoice_overdue_and_no_payment_failed(engine, client):
    sponsorship = scenarios.ordered(engine, net_days=14)
    world.days(engine, 16)
    overdue.note(now=clock.now())
    client.force_login(sponsorship.bought_by)

    page = client.get(sponsorship.get_absolute_url()).content.decode()

    assert "<strong>Invoice overdue</strong>" in page
    assert "Payment failed" not in page


@pytest.mark.parametrize("undo", ["void_invoice", "write_off_invoice"])
def test_a_first_invoice_that_is_undone_in_the_dashboard_leaves_a_way_out(engine, undo):
    sponsorship = scenarios.ordered(engine)
    getattr(gateway, undo)(Invoice.objects.get().stripe_id, key="dashboard")
    engine.deliver()

    sponsorship = now_(sponsorship)
    assert (sponsorship.status, sponsorship.due_at) == (Status.AWAITING_INVOICE, None)
    assert Funding.objects.get().awaiting == 0
    insist_books_agree(engine)

    ending.cancel(sponsorship)
    assert now_(sponsorship).has_ended
    assert Tier.objects.get().taken == 0


def test_a_first_invoice_that_is_undone_is_followed_by_that_of_the_next_period(engine):
    sponsorship = scenarios.ordered(engine)
    gateway.void_invoice(Invoice.objects.get().stripe_id, key="dashboard")
    engine.deliver()

    world.days(engine, 32)

    sponsorship = now_(sponsorship)
    assert sponsorship.status == Status.AWAITING_INVOICE
    assert sponsorship.due_at and Funding.objects.get().awaiting == 10000
    insist_books_agree(engine)
