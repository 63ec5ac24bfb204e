"""A person puts a company on the site once, however often the form is sent."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from sponsors.companies import access, registering
from sponsors.companies.models import Company, Membership
from tests import factories
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def kestrel(**values):
    defaults = {
        "kind": "organisation", "display_name": "Kestrel", "legal_name": "Kestrel plc",
        "country": "GB", "billing_email": "pay@kestrel.example",
    }  # fmt: skip
    return Company(**{**defaults, **values})


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_twenty_times_at_once_makes_one_company():
    person = factories.user()

    answers = together(lambda: registering.register(company=kestrel(), by=person))

    assert {answer.pk for answer in answers} == {Company.objects.get().pk}
    assert Membership.objects.count() == 1


def test_two_people_may_register_companies_of_the_same_name():
    for person in (factories.user(), factories.user()):
        registering.register(company=kestrel(), by=person)

    assert Company.objects.count() == 2


def test_a_person_is_one_individual():
    person = factories.user()

    first = factories.individual(person, display_name="Ada")
    second = factories.individual(person, display_name="Ada L.")

    assert first == second


def test_the_database_refuses_an_organisation_without_a_legal_name():
    with pytest.raises(IntegrityError, match="legal_name"), transaction.atomic():
        kestrel(legal_name="").save()


def test_a_company_that_is_not_valid_is_not_saved():
    with pytest.raises(ValidationError, match="country"):
        registering.register(company=kestrel(country="XX"), by=factories.user())

    assert not Company.objects.exists()


def test_only_its_members_may_act_for_a_company():
    company = factories.company()
    member = company.memberships.get().user

    assert access.may(member, "sponsor", company)
    assert not access.may(factories.user(is_staff=True, is_superuser=True), "sponsor", company)
    assert access.companies_for(factories.user(), "sponsor") == []
