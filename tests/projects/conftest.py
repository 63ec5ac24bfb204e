"""The project that most of these tests are about, and who runs it."""

import pytest

from tests import factories


@pytest.fixture
def project(user):
    return factories.project("Harbour", slug="harbour", maintainer=user)
