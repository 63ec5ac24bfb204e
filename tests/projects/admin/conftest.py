"""A project, and staff who post forms of the admin about it."""

import pytest

from tests import factories


@pytest.fixture
def project():
    return factories.project()


@pytest.fixture
def staff(admin_client):
    """Post a form of the admin: what was answered, and what is wrong with which field."""

    def send(path, **values):
        answer = admin_client.post(f"/admin/{path}", values)
        if answer.status_code == 302:
            return {}
        assert answer.status_code == 200
        return answer.context["adminform"].form.errors

    return send
