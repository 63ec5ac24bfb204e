"""Who most of these tests are about."""

import pytest
from django.test import Client

from tests import factories
from tests.certainty import certain


@pytest.fixture
def ada():
    """Somebody whose address is known and confirmed."""
    user = factories.user("ada@example.org", name="Ada")
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def adas(ada):
    client = Client()
    client.force_login(ada)
    return certain(client)
