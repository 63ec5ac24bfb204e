"""A project with texts of its own."""

import pytest

from tests import factories


@pytest.fixture
def project(user):
    return factories.project(
        "Harbour", slug="harbour", maintainer=user, languages=["Python"], licence="MIT"
    )
