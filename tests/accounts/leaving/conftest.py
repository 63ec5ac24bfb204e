"""Somebody with a name and a password, who may leave."""

import pytest

from tests import factories


@pytest.fixture
def ada():
    user = factories.user("ada@example.org", name="Ada Lovelace", password="correct horse battery")
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return user
