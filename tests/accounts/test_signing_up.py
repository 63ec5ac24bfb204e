"""Signing up, from the form through the mail to the session."""

import pytest
from django.core import mail

from funding.accounts import adapter
from funding.accounts.models import User
from funding.accounts.signup import SignupForm
from tests.accounts.codes import AFTER, CONFIRM_ADDRESS, code, enter, sign_up, who

pytestmark = pytest.mark.django_db


def test_the_form_asks_for_a_name_first():
    assert SignupForm.field_order == ["name", "email"]


def test_who_signs_up_is_sent_a_code(client):
    answer = sign_up(client)

    assert answer.headers["Location"] == CONFIRM_ADDRESS
    assert mail.outbox[-1].to == ["ada@example.org"]
    assert code()
    assert not who(client).is_authenticated


def test_with_the_code_one_is_signed_in_and_the_name_is_kept(client):
    sign_up(client)

    answer = enter(client, code(), CONFIRM_ADDRESS)

    assert answer.headers["Location"] == AFTER
    assert who(client) == User.objects.get(email="ada@example.org", name="Ada L.")


def test_who_has_just_signed_up_is_not_asked_once_more_who_they_are(client):
    sign_up(client)
    enter(client, code(), CONFIRM_ADDRESS)

    assert client.get("/accounts/export/").status_code == 200


def test_who_signed_up_needs_no_password(client):
    sign_up(client)

    assert not User.objects.get().has_usable_password()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 81),
        ("email", ""),
        ("email", "ada"),
        ("email", "a@b\nc.org"),
        ("email", "a@" + ".".join(["İ" * 9] * 22) + ".com"),
    ],
)
def test_a_bad_value_names_its_field(client, field, value):
    answer = sign_up(client, **{field: value})

    assert list(answer.context["form"].errors) == [field]
    assert not User.objects.exists()


def test_a_wrong_code_does_not_confirm_an_address(client):
    sign_up(client)

    answer = enter(client, "AAAA-AAAA", CONFIRM_ADDRESS)

    assert answer.context["form"].errors == {"code": [adapter.WRONG_CODE]}
    assert not who(client).is_authenticated
