"""The admin: projects and their goals, and what is only looked at."""

import pytest
from django.contrib.contenttypes.models import ContentType

from funding.projects import checks
from funding.projects.models import Funding, Goal, Project
from tests import factories
from tests.ledger import books
from tests.projects.admin.forms import no_inlines, version

pytestmark = pytest.mark.django_db


def project_form(project, **values):
    names = ["name", "slug", "summary", "description", "currency", "day_rate", "licence",
             "website", "repository", "status"]  # fmt: skip
    shown = {name: getattr(project, name) for name in names}
    return {**shown, **no_inlines("languages", "maintainers", "people", "goals"), **values}


# Projects


def test_a_project_that_staff_add_can_be_drawn(staff, client):
    values = {"name": "New", "slug": "new", "summary": "S", "currency": "EUR", "day_rate": 100}
    blank = project_form(Project(**values, status="published"))

    assert staff("projects/project/add/", **blank) == {}

    assert Funding.objects.get(project__slug="new").filled == 10000
    assert list(checks.breaches()) == []


def test_a_change_of_the_day_rate_counts_the_week_anew(staff):
    project = factories.project(goals=[(3, "Maintenance")])
    Funding.objects.filter(pk=project.pk).update(committed=195000)
    before = version(project)
    goals = goal_forms(project)

    staff(
        f"projects/project/{project.pk}/change/", **project_form(project, day_rate=15000, **goals)
    )

    funding = Funding.objects.get(pk=project.pk)
    assert (funding.filled, funding.version > before) == (10000, True)


def goal_forms(project, **changes):
    """The goals as the form shows them; `changes` by position: a dict of fields."""
    goals = list(project.goals.all())
    form = {"goals-TOTAL_FORMS": len(goals), "goals-INITIAL_FORMS": len(goals)}
    for number, goal in enumerate(goals):
        shown = {"id": goal.pk, "project": project.pk, "position": goal.position,
                 "title": goal.title, "description": "", "days": goal.days}  # fmt: skip
        shown.update(changes.get(f"goal{number}", {}))
        form.update({f"goals-{number}-{name}": value for name, value in shown.items()})
    return form


def test_two_goals_may_change_places(staff, project):
    changes = goal_forms(project, goal0={"position": 1}, goal1={"position": 0})

    assert (
        staff(f"projects/project/{project.pk}/change/", **project_form(project, **changes)) == {}
    )

    assert [goal.title for goal in project.goals.all()] == ["Features", "Maintenance"]


def test_a_goal_may_take_the_place_of_one_that_is_deleted(staff, project):
    changes = goal_forms(project, goal0={"position": 1}, goal1={"DELETE": "on"})

    assert (
        staff(f"projects/project/{project.pk}/change/", **project_form(project, **changes)) == {}
    )

    assert [(goal.position, goal.title) for goal in Goal.objects.all()] == [(1, "Maintenance")]


@pytest.mark.parametrize(
    ("field", "value"),
    [("day_rate", 0), ("day_rate", 10**8), ("slug", "a b"), ("website", "javascript:alert(1)"),
     ("status", "gone"), ("name", "")],
)  # fmt: skip
def test_a_bad_value_of_a_project_names_its_field(staff, project, field, value):
    form = project_form(project, **{field: value}, **goal_forms(project))

    assert list(staff(f"projects/project/{project.pk}/change/", **form)) == [field]


def test_the_currency_of_a_project_stays(staff, project):
    form = project_form(project, currency="USD", **goal_forms(project))

    staff(f"projects/project/{project.pk}/change/", **form)

    project.refresh_from_db()
    assert project.currency == "GBP"


def test_a_project_cannot_be_deleted(admin_client, project):
    one = admin_client.post(f"/admin/projects/project/{project.pk}/delete/", {"post": "yes"})
    many = {"action": "delete_selected", "_selected_action": project.pk, "post": "yes"}
    admin_client.post("/admin/projects/project/", many)

    assert one.status_code == 403
    assert Project.objects.filter(pk=project.pk).exists()


# What is only looked at


@pytest.mark.parametrize("model", ["account", "entry", "transfer"])
def test_the_books_are_only_looked_at(admin_client, model):
    books.entry()
    row = ContentType.objects.get(app_label="ledger", model=model).model_class().objects.first()

    assert admin_client.get(f"/admin/ledger/{model}/").status_code == 200
    assert admin_client.get(f"/admin/ledger/{model}/{row.pk}/change/").status_code == 200
    assert admin_client.get(f"/admin/ledger/{model}/add/").status_code == 403
    for door in ("change", "delete"):
        assert admin_client.post(f"/admin/ledger/{model}/{row.pk}/{door}/").status_code == 403


def test_totals_are_only_looked_at(admin_client, project):
    path = f"/admin/projects/funding/{project.pk}"

    assert admin_client.get(f"{path}/change/").status_code == 200
    assert admin_client.post(f"{path}/change/", {"committed": 1}).status_code == 403
    assert admin_client.post(f"{path}/delete/").status_code == 403


@pytest.mark.parametrize("path", ["projects/grant/add/", "ledger/entry/", "projects/project/"])
def test_who_is_not_staff_is_sent_to_sign_in(signed_in, path):
    answer = signed_in.get(f"/admin/{path}")

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/admin/login/")
