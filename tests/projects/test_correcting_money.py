"""Grants and payments out that are taken back or corrected."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command

from funding.ledger.models import Entry
from funding.projects import checks, recording
from funding.projects.models import Grant, PaymentOut, Project
from funding.projects.page import Page
from tests import factories, world
from tests.projects.treasury import DECEMBER, JANUARY, a_grant, a_payment, desk, held, log

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.database,
    pytest.mark.usefixtures("at_the_beginning"),
]


TODAY = world.BEGINNING.date()


def right(values):
    """As the form of the right values is sent."""
    return {f"right-{name}": value for name, value in values.items()}


def page_of(project):
    return Page(Project.objects.with_page_parts().get(pk=project.pk), today=TODAY)


def months(project):
    """(received, paid out) by month, as everybody sees it."""
    return {
        month.start: (month.received.amount, month.paid_out.amount)
        for month in page_of(project).months
    }


def test_what_never_happened_is_taken_back_and_its_month_comes_right(project, signed_in):
    factories.grant(project, on=DECEMBER)
    wrong = factories.payment(project, on=DECEMBER)

    signed_in.post(
        desk(f"payments/{wrong.pk}/correct/"), {"because": "Typed twice", "what": "never"}
    )

    assert months(project) == {DECEMBER: (500000, 0)}
    assert held(project) == 500000
    assert log(project)[0] == "took back a payment of £30.00 to “A host”: Typed twice"
    assert list(checks.breaches()) == []


def test_a_grant_that_is_taken_back_was_never_received(project, signed_in):
    wrong = factories.grant(project, on=DECEMBER)
    factories.grant(project, 1000, on=JANUARY)

    signed_in.post(desk(f"grants/{wrong.pk}/correct/"), {"because": "B", "what": "never"})

    assert months(project) == {JANUARY: (1000, 0)}
    page = page_of(project)
    assert [grant.amount for grant in page.running_grants] == [1000]
    assert page.held.amount == 1000


def test_the_right_values_are_recorded_with_it(project, person, signed_in):
    factories.grant(project, on=DECEMBER)
    wrong = factories.payment(project, on=JANUARY)
    values = a_payment(person=person.pk, supplier="", amount="45", paid_on="2025-12-01")

    signed_in.post(
        desk(f"payments/{wrong.pk}/correct/"),
        {"because": "The wrong person", "what": "other", **right(values)},
    )

    assert months(project) == {DECEMBER: (500000, 4500)}
    assert [share.label for share in page_of(project).shares] == ["T. Carter"]
    assert held(project) == 495500
    assert PaymentOut.objects.that_hold().get().person == person
    call_command("check_books")


def test_a_grants_days_are_corrected_with_the_same_amount(project, signed_in):
    wrong = factories.grant(project, on=date(2026, 1, 2))
    values = a_grant(amount="5000", ends_on="2026-06-30")

    signed_in.post(
        desk(f"grants/{wrong.pk}/correct/"), {"because": "B", "what": "other", **right(values)}
    )

    assert Grant.objects.that_hold().get().ends_on == date(2026, 6, 30)
    assert held(project) == 500000


def test_the_form_of_the_right_values_is_filled_in(project, signed_in):
    factories.grant(project)
    wrong = factories.payment(project, 3050)

    page = signed_in.get(desk(f"payments/{wrong.pk}/correct/")).content.decode()

    assert 'value="A host"' in page
    assert 'value="30.50"' in page
    assert 'value="2026-01-05"' in page


def unmended(project, signed_in, **values):
    factories.grant(project)
    wrong = factories.payment(project, on=date(2026, 1, 2))
    sent = {"because": "B", "what": "other", **right(a_payment(amount="31")), **values}

    answer = signed_in.post(desk(f"payments/{wrong.pk}/correct/"), sent)

    wrong.refresh_from_db()
    assert answer.status_code == 422
    assert wrong.taken_back is None
    assert Entry.objects.count() == 2
    return answer.content.decode()


@pytest.mark.parametrize(
    "values",
    [{"because": ""}, {"because": "x" * 201}, {"what": "perhaps"}, {"right-amount": "0"},
     {"right-paid_on": "2026-01-06"}, {"right-supplier": ""}, {"right-person": "x"}],
)  # fmt: skip
def test_a_correction_that_is_to_be_mended_changes_nothing(project, signed_in, values):
    page = unmended(project, signed_in, **values)

    assert 'aria-invalid="true"' in page


def test_right_values_of_more_than_is_held_change_nothing(project, signed_in):
    assert "Only what is held" in unmended(project, signed_in, **{"right-amount": "5000.01"})


def test_right_values_that_are_the_wrong_ones_change_nothing(project, signed_in):
    same = right(a_payment(kind="work", reference=""))

    page = unmended(project, signed_in, **same)

    assert "Nothing is different from what was recorded" in page
    assert "recorded already" not in page


def test_all_that_was_paid_out_may_be_corrected_within_what_is_held(project, signed_in):
    factories.grant(project, 3000)
    wrong = factories.payment(project, 3000)

    signed_in.post(
        desk(f"payments/{wrong.pk}/correct/"),
        {"because": "B", "what": "other", **right(a_payment(amount="29"))},
    )

    assert held(project) == 100


def test_what_was_taken_back_is_not_corrected_again(project, user, signed_in):
    factories.grant(project)
    wrong = factories.payment(project)
    recording.correct(wrong, because="B", by=user)
    sent = {"because": "Again", "what": "never"}

    seen = signed_in.get(desk(f"payments/{wrong.pk}/correct/"))
    answer = signed_in.post(desk(f"payments/{wrong.pk}/correct/"), sent, follow=True)

    assert seen.url == desk("payments/")
    assert "taken back already" in answer.content.decode()
    assert held(project) == 500000


def test_another_projects_money_is_not_here(project, signed_in):
    other = factories.project()
    grant = factories.grant(other)

    for method in (signed_in.get, signed_in.post):
        path = desk(f"grants/{grant.pk}/correct/")
        assert method(path, {"because": "B", "what": "never"}).status_code == 404
    assert held(other) == 500000


def test_everybody_sees_the_correction_at_once(project, user, client):
    wrong = factories.grant(project, on=JANUARY)
    assert "£5,000" in client.get(project.get_absolute_url()).content.decode()

    recording.correct(wrong, because="B", by=user)

    assert "£5,000" not in client.get(project.get_absolute_url()).content.decode()


def test_days_to_come_are_not_recorded_before_they_come(project, signed_in):
    tomorrow = TODAY + timedelta(days=1)

    answer = signed_in.post(desk("grants/new/"), a_grant(received_on=tomorrow.isoformat()))

    assert "still to come" in answer.content.decode()
