"""People: one row for an e-mail address, however it is written."""

import pytest
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import IntegrityError, connection, transaction

from funding.accounts.models import User
from tests import factories
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_person_is_known_by_e_mail_address():
    user = User.objects.create_user("ada@example.org", name="Ada")

    assert User.objects.get_by_natural_key("ada@example.org") == user


def test_a_person_without_a_password_cannot_sign_in_with_one():
    user = User.objects.create_user("ada@example.org")

    assert not user.has_usable_password()


def test_a_password_is_kept_as_a_hash():
    user = User.objects.create_user("ada@example.org", "correct horse battery")

    assert user.check_password("correct horse battery")
    assert "correct" not in user.password


def test_a_person_may_nothing_by_itself():
    user = factories.user()

    assert (user.is_active, user.is_staff, user.is_superuser) == (True, False, False)


def test_who_runs_the_site_may_use_the_admin():
    user = User.objects.create_superuser("root@example.org", "correct horse battery")

    assert (user.is_staff, user.is_superuser) == (True, True)


def test_the_domain_of_an_address_is_kept_in_small_letters():
    assert factories.user("Ada@EXAMPLE.org").email == "Ada@example.org"


@pytest.mark.parametrize("again", ["ada@example.org", "ADA@example.org", "Ada@Example.Org"])
def test_an_address_belongs_to_one_person_however_it_is_written(again):
    factories.user("ada@example.org")

    with pytest.raises(IntegrityError), transaction.atomic():
        factories.user(again)

    assert User.objects.count() == 1


def test_the_database_itself_refuses_a_second_row_for_an_address():
    factories.user("ada@example.org")
    other = factories.user("bob@example.org")

    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_user SET email = %s WHERE id = %s", ["ADA@EXAMPLE.ORG", other.pk]
        )


@pytest.mark.parametrize("written", ["ada@example.org", "ADA@EXAMPLE.ORG"])
def test_a_person_is_found_however_the_address_is_written(written):
    user = factories.user("ada@example.org")

    assert User.objects.get_by_natural_key(written) == user


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_sign_up_with_one_address_one_is_made():
    spellings = iter(["ada@example.org", "Ada@example.org"] * 10)

    together(lambda: User.objects.create_user(next(spellings)))

    assert User.objects.count() == 1


@pytest.mark.parametrize(("name", "text"), [("Ada", "Ada"), ("", "ada@example.org")])
def test_a_person_is_called_by_name_or_else_by_address(name, text):
    user = factories.user("ada@example.org", name=name)

    assert str(user) == user.get_short_name() == text


def test_limits_are_kept_where_every_process_sees_them():
    assert isinstance(caches["default"], DatabaseCache)
