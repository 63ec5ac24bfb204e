"""The people who run the site: looking is theirs, and before a deed they are asked once more."""

import pytest
from django.test import Client

from tests import factories
from tests.certainty import certain, write

LISTS = ["", "events/", "invoices/", "payments/", "disputes/", "reconciliation/"]


@pytest.fixture
def long_ago(db):
    """Somebody of the staff who signed in some hours ago."""
    client = Client()
    client.force_login(factories.user(is_staff=True))
    write(client.session, client.session["_auth_user_id"], at=0)
    return client


@pytest.mark.parametrize("page", LISTS)
def test_whoever_looks_is_not_asked_again(long_ago, page):
    assert long_ago.get(f"/staff/{page}").status_code == 200


@pytest.mark.parametrize("deed", ["events/again/", "reconciliation/run/"])
def test_whoever_does_something_is_asked_once_more(long_ago, deed):
    assert "/accounts/" in long_ago.post(f"/staff/{deed}").url
    assert certain(long_ago).post(f"/staff/{deed}").url.startswith("/staff/")
