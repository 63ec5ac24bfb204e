"""Limits hold over many processes: each thread here has a connection of its own."""

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client

from tests import factories
from tests.racing import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture(autouse=True)
def _no_limits_left():
    cache.clear()


def test_of_twenty_who_ask_at_once_for_a_code_three_get_one():
    user = factories.user("ada@example.org")
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)

    answers = together(
        lambda: Client().post("/accounts/login/code/", {"email": user.email}).status_code
    )

    assert set(answers) == {200, 302}
    assert len(mail.outbox) <= 3


def test_of_thirty_passwords_tried_at_once_five_are_looked_at(monkeypatch):
    user = factories.user("ada@example.org", password="correct horse battery")
    looked_at = []
    monkeypatch.setattr(
        "funding.accounts.models.User.check_password", lambda *_: looked_at.append(1)
    )

    together(
        lambda: Client().post("/accounts/login/", {"login": user.email, "password": "x"}),
        threads=10, times=3,
    )  # fmt: skip

    assert len(looked_at) <= 5 * len(settings.AUTHENTICATION_BACKENDS)


def test_who_fills_the_cache_does_not_end_a_limit():
    settings_of = settings.CACHES["default"]
    for _ in range(4):
        Client().post("/accounts/login/code/", {"email": "ada@example.org"})

    for number in range(350):
        cache.set(f"filler-{number}", number)
    answer = Client().post("/accounts/login/code/", {"email": "ada@example.org"})

    assert settings_of["OPTIONS"]["MAX_ENTRIES"] >= 10_000
    assert answer.status_code == 200
