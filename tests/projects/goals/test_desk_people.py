"""Whose time the money of a project pays."""

from decimal import Decimal

import pytest

from funding.office import clock
from funding.projects import staffing
from funding.projects.forms import PersonForm
from funding.projects.models import Activity, FundedPerson, PaymentOut
from funding.projects.recording import record_payment_out
from tests import factories
from tests.projects.goals.rungs import BASE, errors, typed

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def put_person(client, project, one=None, **values):
    form = PersonForm(instance=one or FundedPerson(project=project))
    address = f"{BASE}/people/{one.pk if one else 'add'}/"
    return client.post(address, typed(form) | values)


def names(project):
    return list(project.people.that_stay().values_list("name", flat=True))


def test_somebody_new_comes_last_and_stands_on_the_page(signed_in, project, client):
    factories.person(project, "T. Carter")

    put_person(signed_in, project, name="Ada", days="2.5", does="Releases")

    assert names(project) == ["T. Carter", "Ada"]
    assert "2.5 days a week · Releases" in client.get("/projects/harbour/").content.decode()
    assert Activity.objects.get().did == "added the person “Ada”"


def test_somebodys_days_are_edited(signed_in, project):
    factories.person(project)

    put_person(signed_in, project, project.people.get(), days="1")

    assert project.people.get().days == 1
    assert Activity.objects.get().did == "changed the person “T. Carter”: days a week"


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "\u202e"), ("days", ""), ("days", "0"), ("days", "0.09"),
     ("days", "99.5"), ("days", "-2"), ("days", "2,5"), ("does", "x" * 121), ("does", "\u202e")],
    ids=lambda text: ascii(text[:12]),
)  # fmt: skip
def test_somebody_who_cannot_be_is_refused_at_the_field(signed_in, project, field, value):
    response = put_person(signed_in, project, **{"name": "Ada", "days": "1", field: value})

    assert response.status_code == 422
    assert field in errors(response)
    assert not FundedPerson.objects.exists()


def test_people_change_places(signed_in, project):
    for name in ("A", "B", "C"):
        factories.person(project, name)
    one = project.people.get(name="C")

    signed_in.post(f"{BASE}/people/{one.pk}/move/", {"way": "up"})

    assert names(project) == ["A", "C", "B"]


def test_more_time_than_all_goals_ask_for_is_said(signed_in, project):
    factories.person(project, days=Decimal("7.5"))

    page = signed_in.get(f"{BASE}/people/").content.decode()

    assert "1.5 days a week more than all goals ask for" in page


def test_as_much_time_as_goals_is_not_remarked_upon(project):
    factories.person(project, days=6)

    assert staffing.days_without_goal(project) == 0


def test_without_goals_there_is_nothing_to_compare_with(project):
    factories.person(project, days=6)
    project.goals.all().delete()

    assert staffing.days_without_goal(project) == 0


def paid(project):
    one = factories.person(project)
    factories.grant(project, amount=1)
    record_payment_out(PaymentOut(project=project, person=one, amount=1, paid_on=clock.today()))
    return one


def test_who_was_never_paid_is_forgotten(signed_in, project):
    one = factories.person(project)
    page = signed_in.get(f"{BASE}/people/{one.pk}/remove/").content.decode()

    signed_in.post(f"{BASE}/people/{one.pk}/remove/")

    assert "nothing of them is kept" in page
    assert not FundedPerson.objects.exists()


def test_removing_the_last_of_a_published_project_says_what_the_page_says_then(signed_in, project):
    one, words = factories.person(project), "Nobody else is named"
    path = f"{BASE}/people/{one.pk}/remove/"

    assert words in signed_in.get(path).content.decode()
    factories.person(project, "Grace")
    assert words not in signed_in.get(path).content.decode()


def test_who_was_paid_is_hidden_and_stays_in_the_books(signed_in, project, client):
    one = paid(project)
    page = signed_in.get(f"{BASE}/people/{one.pk}/remove/").content.decode()

    signed_in.post(f"{BASE}/people/{one.pk}/remove/")

    assert "stays in the books" in page
    assert FundedPerson.objects.get().left_at is not None
    assert "T. Carter</strong>" not in client.get("/projects/harbour/").content.decode()
    assert signed_in.get(f"{BASE}/people/{one.pk}/").status_code == 404


def test_a_person_of_another_project_is_not_found(signed_in, project):
    other = factories.person(factories.project())

    for path in ("", "move/", "remove/"):
        address = f"{BASE}/people/{other.pk}/{path}"
        assert signed_in.post(address, {"way": "up"}).status_code == 404
    assert FundedPerson.objects.filter(pk=other.pk).exists()
