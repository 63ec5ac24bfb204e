"""An invoice instead of a payment page: ordered, sent, and taken back."""

import pytest
from django.core import mail

from funding.office import clock, outbox
from funding.projects.models import Funding, Tier
from sponsors.billing import checkout, ending, gateway, ordering
from sponsors.billing.models import Invoice, Order, Subscription
from sponsors.companies.models import Paperwork
from sponsors.sponsorships import refusals
from sponsors.sponsorships.lifecycle import Terms
from sponsors.sponsorships.models import PaysBy, Sponsorship, Status
from tests import factories, scenarios, world
from tests.billing.agreeing import insist_books_agree
from tests.billing.orders import Kind, now_, of_project, owed, the_invoice

pytestmark = pytest.mark.database


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
