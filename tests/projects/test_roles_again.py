"""A role that is taken away between the door and the deed."""

import pytest
from django.test import Client

from funding.projects import access, recording, team
from funding.projects.models import Activity, Goal, Maintainer, PaymentOut, Project, Tier, Update
from tests import factories
from tests.certainty import certain

pytestmark = [pytest.mark.django_db, pytest.mark.database]

A_PAYMENT = {"supplier": "Me", "amount": "10", "kind": "work", "paid_on": "2026-01-02"}
A_GRANT = {
    "funder": "Me", "amount": "10", "received_on": "2026-01-02", "starts_on": "2026-01-02",
    "ends_on": "2026-12-31",
}  # fmt: skip
DEEDS = [
    ("treasurer", "payments/new/", A_PAYMENT),
    ("treasurer", "grants/new/", A_GRANT),
    ("treasurer", "payments/{payment}/correct/", {"because": "It was not", "what": "never"}),
    ("editor", "people/add/", {"name": "Me", "days": "1"}),
    ("editor", "people/{person}/move/", {"way": "up"}),
    ("editor", "people/{person}/remove/", {}),
    ("editor", "goals/add/", {"title": "Mine", "days": "1"}),
    ("editor", "goals/{goal}/move/", {"way": "up"}),
    ("editor", "goals/{goal}/remove/", {}),
    ("editor", "tiers/{tier}/move/", {"way": "up"}),
    ("editor", "tiers/{tier}/close/", {}),
    ("editor", "tiers/{tier}/remove/", {}),
    ("editor", "logo/remove/", {}),
    ("editor", "updates/new/", {"title": "Mine", "body": "Text"}),
    ("editor", "updates/{update}/publish/", {}),
    ("editor", "updates/{update}/delete/", {}),
    ("owner", "archive/", {}),
]


@pytest.fixture(autouse=True)
def _today(at_the_beginning):
    pass


@pytest.fixture
def project():
    project = factories.project("Harbour", slug="harbour", logo=factories.picture())
    factories.tier(project)
    factories.tier(project)
    factories.person(project)
    factories.person(project, "A. Last")
    factories.grant(project)
    factories.payment(project)
    owner = project.maintainers.get().user
    Update.objects.create(project=project, title="T", body="B", author=owner)
    return project


def everything():
    """All rows that somebody could have changed."""
    models = (Activity, Goal, PaymentOut, Project, Tier, Update)
    return {model: list(model.objects.order_by("pk").values()) for model in models}


@pytest.mark.parametrize(("role", "path", "form"), DEEDS, ids=[deed[1] for deed in DEEDS])
def test_who_was_removed_after_the_door_does_nothing(monkeypatch, project, role, path, form):
    member = factories.maintainer(project, role)
    client = Client()
    client.force_login(member.user)
    certain(client)
    door = access.maintainer_for

    def slow_door(*args):
        maintainer = door(*args)
        Maintainer.objects.filter(pk=member.pk).delete()
        return maintainer

    monkeypatch.setattr(access, "maintainer_for", slow_door)
    path = path.format(
        person=project.people.last().pk, goal=project.goals.last().pk,
        tier=project.tiers.last().pk, update=project.updates.get().pk,
        payment=project.payments_out.get().pk,
    )  # fmt: skip
    before = everything()

    answer = client.post(f"/maintain/harbour/{path}", form)

    assert answer.status_code == 403
    assert "has changed meanwhile" in answer.content.decode()
    assert everything() == before


def test_a_treasurer_who_became_an_editor_books_nothing(project):
    member = factories.maintainer(project, "treasurer")
    wrong = project.payments_out.get()
    owner = project.maintainers.first().user
    team.change_role(maintainer=member, role="editor", by=owner)

    with pytest.raises(access.PermissionDenied):
        recording.correct(wrong, because="It was not", by=member.user)

    wrong.refresh_from_db()
    assert wrong.taken_back is None
    assert recording.held(project).amount == 497000
