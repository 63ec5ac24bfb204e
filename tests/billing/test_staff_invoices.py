"""Invoices as the people who run the site see them."""

import pytest
from django.test import Client

from funding.office import clock
from sponsors.billing import attention, overdue, writing_off
from sponsors.billing.models import BankPayment, Invoice
from tests import factories, scenarios, world
from tests.certainty import certain

LIST = "/staff/invoices/"


@pytest.fixture
def staff(engine):
    client = Client()
    client.force_login(factories.user(is_staff=True))
    return certain(client)


def address(deed):
    return f"{LIST}{Invoice.objects.get().pk}/{deed}/"


def typed(**other):
    return {"amount": "100.00", "reference": "BACS 77", "received_on": "2026-01-05", **other}


def test_open_invoices_stand_there_and_late_ones_by_themselves(engine, staff):
    scenarios.ordered(engine, net_days=14)
    assert "PO-1" in staff.get(LIST).content.decode()
    assert "PO-1" not in staff.get(LIST + "?show=overdue").content.decode()

    world.days(engine, 15)

    assert "PO-1" in staff.get(LIST + "?show=overdue").content.decode()


@pytest.mark.parametrize(
    ("words", "found"), [("po-1", True), ("Company", True), ("nobody", False), ("\x00'%", False)]
)
def test_they_are_found_by_number_and_company(engine, staff, words, found):
    invoice = scenarios.ordered(engine).invoices.get()
    answer = staff.get(LIST, {"q": words, "show": "nonsense", "page": "x"})
    assert (invoice.hosted_url in answer.content.decode()) == found


def test_the_list_asks_no_more_for_more_invoices(engine, staff, django_assert_max_num_queries):
    for _ in range(4):
        scenarios.ordered(engine)
    with django_assert_max_num_queries(9):
        staff.get(LIST)


def test_money_is_written_down_on_its_page(engine, staff):
    scenarios.ordered(engine)
    assert staff.post(address("money"), typed()).status_code == 302
    assert BankPayment.objects.get().amount == 10000
    assert Invoice.objects.get().status == "paid"


@pytest.mark.parametrize(
    "wrong",
    [{"amount": "99.99"}, {"amount": "100,00"}, {"amount": ""}, {"reference": ""},
     {"reference": "x" * 141}, {"received_on": "2026-13-01"}, {"received_on": "2030-01-01"}],
)  # fmt: skip
def test_what_is_wrong_is_told_and_kept(engine, staff, wrong):
    scenarios.ordered(engine)
    assert staff.post(address("money"), typed(**wrong)).status_code == 422
    assert not BankPayment.objects.exists()


def test_writing_off_says_first_what_it_means(engine, staff):
    scenarios.ordered(engine)
    page = staff.get(address("write-off")).content.decode()
    assert "The sponsorship ends now" in page
    assert Invoice.objects.get().status == "open"

    staff.post(address("write-off"))

    assert Invoice.objects.get().status == "uncollectible"
    assert "Nothing to write off" in staff.get(address("write-off")).content.decode()


def test_what_waits_is_told_where_staff_begin(engine, staff):
    scenarios.ordered(engine, net_days=14)
    world.days(engine, 15)

    counts = {task.title: task.count for task in attention.tasks(now=clock.now())}

    assert counts["Invoices that are overdue"] == 1
    assert "Invoices that are overdue" in staff.get("/staff/").content.decode()


def test_while_stripe_is_silent_writing_off_changes_nothing(engine, staff):
    scenarios.ordered(engine)
    engine.faults.add("DELETE /v1/subscriptions/{subscription}", "error_before", times=3)
    staff.post(address("write-off"))
    assert Invoice.objects.get().status == "open"


def test_a_company_that_lapsed_can_still_have_its_invoice_written_off(engine):
    scenarios.ordered(engine, net_days=14)
    world.days(engine, 20)
    overdue.note(now=clock.now())
    assert writing_off.write_off(Invoice.objects.get()).status == "uncollectible"
