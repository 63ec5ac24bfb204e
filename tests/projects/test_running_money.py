"""Grants and payments out as a treasurer records and lists them."""

import pytest
from django.test import Client

from funding.ledger.models import Entry
from funding.ledger.money import Money
from funding.office import clock
from funding.projects import recording
from funding.projects.models import Activity, Funding, Grant, PaymentOut
from tests import factories
from tests.projects.treasury import DECEMBER, JANUARY, a_grant, a_payment, desk, held, log
from tests.racing import together

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.database,
    pytest.mark.usefixtures("at_the_beginning"),
]


# Recording


def test_a_grant_is_typed_in_major_units_and_is_in_the_books(project, signed_in, user):
    answer = signed_in.post(desk("grants/new/"), a_grant())

    grant = Grant.objects.get()
    assert answer.url == desk("grants/")
    assert (grant.amount, grant.entry.kind) == (500050, Entry.Kind.GRANT)
    assert held(project) == 500050
    assert log(project) == ["recorded a grant of £5,000.50 by “A foundation”"]
    assert Activity.objects.get().by == user


def test_a_grant_in_yen_has_no_decimals(user, signed_in):
    project = factories.project(slug="harbour", maintainer=user, currency="JPY")

    signed_in.post(desk("grants/new/"), a_grant(amount="5000"))

    assert recording.held(project) == Money(5000, "JPY")


def test_a_payment_to_a_person_leaves_what_is_held(project, person, signed_in):
    factories.grant(project)
    before = Funding.objects.get().version

    signed_in.post(desk("payments/new/"), a_payment(person=person.pk, supplier="", kind="work"))

    payment = PaymentOut.objects.get()
    assert (payment.person, payment.amount) == (person, 3000)
    assert held(project) == 497000
    assert Funding.objects.get().version > before


def test_who_has_left_can_still_be_paid(project, person, signed_in):
    factories.grant(project)
    type(person).objects.update(left_at=clock.now())

    assert "T. Carter (left)" in signed_in.get(desk("payments/new/")).content.decode()
    signed_in.post(desk("payments/new/"), a_payment(person=person.pk, supplier=""))
    assert PaymentOut.objects.exists()


def test_the_pages_say_what_is_held(project, signed_in):
    factories.grant(project, 123456)

    for path in ("grants/", "grants/new/", "payments/", "payments/new/"):
        assert "£1,234.56" in signed_in.get(desk(path)).content.decode()


AMOUNTS = [
    "0",
    "0.00",
    "-1",
    "1000000000000",
    "1e3",
    "12,5",
    "£5",
    "$5",
    "5 EUR",
    "1.234",
    "",
    "ten",
]


@pytest.mark.parametrize("amount", AMOUNTS)
@pytest.mark.parametrize(("path", "form"), [("grants/", a_grant), ("payments/", a_payment)])
def test_a_bad_amount_is_told_at_its_field_and_books_nothing(
    project, signed_in, path, form, amount
):
    factories.grant(project, funder="B")

    answer = signed_in.post(desk(f"{path}new/"), form(amount=amount))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["amount"]
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("received_on", "2026-01-06"), ("received_on", "2026-02-30"), ("received_on", ""),
     ("ends_on", "2026-01-01"), ("starts_on", "soon"), ("funder", ""), ("funder", "x" * 121),
     ("funder", "\u202e")],
)  # fmt: skip
def test_a_bad_value_of_a_grant_is_told_at_its_field(project, signed_in, field, value):
    answer = signed_in.post(desk("grants/new/"), a_grant(**{field: value}))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("paid_on", "2026-01-06"), ("paid_on", "99999-01-01"), ("kind", "gift"), ("person", "0"),
     ("person", "x"), ("supplier", ""), ("supplier", "x" * 121), ("reference", "x" * 81)],
)  # fmt: skip
def test_a_bad_value_of_a_payment_is_told_at_its_field(project, signed_in, field, value):
    factories.grant(project)

    answer = signed_in.post(desk("payments/new/"), a_payment(**{field: value}))

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not PaymentOut.objects.exists()


def test_a_payment_goes_to_a_person_or_to_a_supplier(project, person, signed_in):
    factories.grant(project)

    answer = signed_in.post(desk("payments/new/"), a_payment(person=person.pk))

    assert "not both" in answer.content.decode()
    assert not PaymentOut.objects.exists()


def test_another_projects_person_is_not_paid(project, signed_in):
    factories.grant(project)
    stranger = factories.person(factories.project())

    answer = signed_in.post(desk("payments/new/"), a_payment(person=stranger.pk, supplier=""))

    assert "person" in answer.context["form"].errors
    assert not PaymentOut.objects.exists()


def test_no_more_than_is_held_is_paid_out(project, signed_in):
    factories.grant(project, 2999)

    answer = signed_in.post(desk("payments/new/"), a_payment())

    assert answer.status_code == 422
    assert "holds £29.99" in answer.content.decode()
    assert held(project) == 2999


@pytest.mark.parametrize(("path", "form"), [("grants/", a_grant), ("payments/", a_payment)])
def test_the_same_form_sent_twice_records_once(project, signed_in, path, form):
    factories.grant(project, funder="B")

    signed_in.post(desk(f"{path}new/"), form())
    again = signed_in.post(desk(f"{path}new/"), form())

    assert again.status_code == 422
    assert "recorded already" in again.content.decode()
    assert Entry.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("path", "form"), [("grants/", a_grant), ("payments/", a_payment)])
def test_the_same_form_sent_many_times_at_once_records_once(project, user, path, form):
    factories.grant(project, funder="B")

    def send():
        client = Client()
        client.force_login(user)
        return client.post(desk(f"{path}new/"), form()).status_code

    assert sorted(together(send, threads=6)) == [302] + [422] * 5
    assert Entry.objects.count() == 2


# Lists


def test_a_month_has_its_sum_without_what_was_taken_back(project, user, signed_in):
    factories.grant(project, on=DECEMBER)
    wrong = factories.payment(project, 1000, on=JANUARY, supplier="Wrong")
    factories.payment(project, 2000, on=JANUARY)
    factories.payment(project, 4000, on=DECEMBER)
    recording.correct(wrong, because="Typed twice", by=user)

    january, december = signed_in.get(desk("payments/")).context["months"]

    assert (january.start, january.sum.amount, len(january.rows)) == (JANUARY, 2000, 2)
    assert (december.start, december.sum.amount) == (DECEMBER, 4000)


def test_what_was_taken_back_stays_in_the_list_and_says_why(project, user, signed_in):
    wrong = factories.grant(project)
    recording.correct(wrong, because="It went to another project", by=user)

    page = signed_in.get(desk("grants/")).content.decode()

    assert "A foundation" in page
    assert "Taken back on 5 January 2026, because: It went to another project" in page
    assert f"grants/{wrong.pk}/correct/" not in page


@pytest.mark.parametrize("count", [2, 30])
@pytest.mark.parametrize(("path", "make"), [("grants/", factories.grant),
                                            ("payments/", factories.payment)])  # fmt: skip
def test_a_list_takes_the_same_few_queries(
    project, user, signed_in, path, make, count, django_assert_num_queries
):
    factories.grant(project, funder="B")
    for number in range(count):
        row = make(project, 1000 + number)
        if number % 2:
            recording.correct(row, because="Wrong", by=user)
    signed_in.get(desk(path))

    with django_assert_num_queries(8):
        signed_in.get(desk(path))


def test_a_list_has_pages(project, signed_in):
    for number in range(51):
        factories.grant(project, 1000 + number)

    page = signed_in.get(desk("grants/?page=2"))

    assert len(page.context["paginated"]) == 1
