"""The day rate, the ladder and the people: what is asked for."""

from decimal import Decimal

import pytest

from funding.ledger.money import Money
from funding.office import clock
from funding.projects import rungs, staffing
from funding.projects.forms import GoalForm, PersonForm, RateForm
from funding.projects.models import Activity, FundedPerson, Funding, Goal, PaymentOut, Project
from funding.projects.recording import record_payment_out
from tests import factories
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]

BASE = "/maintain/harbour"


@pytest.fixture
def project(user):
    goals = ((3, "Maintenance"), (2, "Features"), (1, "Docs"))
    return factories.project("Harbour", slug="harbour", maintainer=user, goals=goals)


def typed(form):
    return {field.html_name: field.value() if field.value() is not None else "" for field in form}


def errors(response):
    return response.context["form"].errors


def order(project):
    return list(project.goals.values_list("title", flat=True))


def version(project):
    return Funding.objects.get(pk=project.pk).version


# The day rate


def set_rate(client, rate, **more):
    form = RateForm(instance=Project.objects.get(slug="harbour"))
    return client.post(f"{BASE}/goals/", typed(form) | {"day_rate": rate, **more})


def test_a_rate_is_typed_and_shown_in_major_units(signed_in, project):
    set_rate(signed_in, "412.50")

    page = signed_in.get(f"{BASE}/goals/").content.decode()
    assert Project.objects.get().day_rate == 41250
    assert 'value="412.50"' in page


def test_a_rate_says_what_time_costs_and_what_money_pays_for(signed_in, project):
    page = signed_in.get(f"{BASE}/goals/").content.decode()

    for said in ("£1,300", "£6,500", "£100 a month", "days a month", "£1,000 a month", "0.7 day"):
        assert said in page


def test_in_yen_the_examples_are_sums_that_somebody_gives(user):
    yen = factories.project(currency="JPY", day_rate=40000)

    assert rungs.meaning(yen).amounts == [Money(10_000, "JPY"), Money(100_000, "JPY")]


def test_looking_at_what_a_rate_means_saves_nothing(signed_in, project):
    response = set_rate(signed_in, "600", preview="1")

    page = response.content.decode()
    assert response.status_code == 200
    assert "Not saved" in page
    assert "£2,600" in page
    assert 'value="600"' in page
    assert Project.objects.get().day_rate == 30000


def test_the_week_is_counted_anew_when_the_rate_changes(signed_in, project):
    Funding.objects.update(committed=390_000)

    set_rate(signed_in, "150")

    assert Funding.objects.get().filled == 10000


@pytest.mark.parametrize("rate", ["", "0", "-1", "£300", "1e3", "12,5", "1000000000000", "0.001"])
def test_a_rate_that_cannot_be_is_refused(signed_in, project, rate):
    for more in ({}, {"preview": "1"}):
        response = set_rate(signed_in, rate, **more)

        assert response.status_code == 422
        assert "day_rate" in errors(response)
        assert Project.objects.get().day_rate == 30000


def test_two_who_change_the_rate_are_told(signed_in, project):
    stale = typed(RateForm(instance=project))
    set_rate(signed_in, "400")

    response = signed_in.post(f"{BASE}/goals/", stale | {"day_rate": "500"})

    assert errors(response)["day_rate"] == ["Now stands: 400"]
    assert Project.objects.get().day_rate == 40000


# The ladder


def goal(project, title="Maintenance"):
    return project.goals.get(title=title)


def put(client, project, one=None, **values):
    form = GoalForm(instance=one or Goal(project=project))
    address = f"{BASE}/goals/{one.pk if one else 'add'}/"
    return client.post(address, typed(form) | values)


def test_a_new_goal_stands_on_top(signed_in, project):
    put(signed_in, project, title="Releases", days="0.5")

    assert order(project) == ["Maintenance", "Features", "Docs", "Releases"]
    assert Activity.objects.get().did == "added the goal “Releases”"


def test_the_first_goal_of_all(signed_in, project):
    project.goals.all().delete()

    put(signed_in, project, title="Maintenance", days="2")

    assert goal(project).position == 0


def test_a_description_of_several_lines_is_one_text(signed_in, project):
    put(signed_in, project, goal(project), description=" Calm\r\n\r\nwater ")

    assert goal(project).description == "Calm water"


def test_a_goal_is_edited_and_the_week_counted_anew(signed_in, project):
    Funding.objects.update(committed=390_000)

    put(signed_in, project, goal(project), days="1.5")

    assert goal(project).days == Decimal("1.5")
    assert Funding.objects.get().filled == 6666
    assert Activity.objects.get().did == (
        "changed the goal “Maintenance”: days a week that it adds"
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""), ("title", "\u202e"), ("title", "x" * 81), ("description", "x" * 241), ("description", "a\u202e"),
        ("days", ""), ("days", "0"), ("days", "0.05"), ("days", "-1"), ("days", "100"),
        ("days", "2,5"), ("days", "1e400"), ("days", "NaN"), ("days", "Infinity"),
        ("days", "1.234"), ("days", "94"),
    ],
    ids=lambda text: ascii(text[:12]),
)  # fmt: skip
def test_a_goal_that_cannot_be_is_refused_at_its_field(signed_in, project, field, value):
    before = list(Goal.objects.values())

    for one in (None, goal(project, "Docs")):
        response = put(signed_in, project, one, **{"title": "A", "days": "1", field: value})

        if one and value == "94":
            return  # in the place of its one day, 94 are not too many
        assert response.status_code == 422
        assert field in errors(response)
    assert list(Goal.objects.values()) == before


def test_a_ladder_ends_somewhere(signed_in, project):
    Goal.objects.bulk_create(
        Goal(project=project, position=n, title="x", days=1) for n in range(3, 20)
    )

    assert put(signed_in, project, title="A", days="1").status_code == 422
    assert project.goals.count() == 20


def test_a_goal_of_another_project_is_not_found(signed_in, project):
    other = factories.project().goals.all()[0]

    assert signed_in.get(f"{BASE}/goals/{other.pk}/").status_code == 404
    assert move(signed_in, other, "up").status_code == 404
    assert signed_in.post(f"{BASE}/goals/{other.pk}/remove/").status_code == 404
    assert Goal.objects.filter(pk=other.pk).exists()


def test_a_number_that_no_goal_can_have_is_not_found(signed_in, project):
    assert signed_in.get(f"{BASE}/goals/{10**30}/").status_code == 404


def test_a_goal_that_somebody_removed_meanwhile_is_told_and_not_made_again(user, project):
    form = GoalForm(typed(GoalForm(instance=goal(project))), instance=goal(project))
    goal(project).delete()

    assert not rungs.put(form, project=project, by=user)
    assert "removed" in str(form.errors)


def move(client, one, way):
    return client.post(f"{BASE}/goals/{one.pk}/move/", {"way": way})


def test_a_goal_moves_up(signed_in, project):
    response = move(signed_in, goal(project, "Docs"), "up")

    assert order(project) == ["Maintenance", "Docs", "Features"]
    assert response.url == f"{BASE}/goals/?moved={goal(project, 'Docs').pk}&way=up"
    assert Activity.objects.get().did == "moved the goal “Docs” up"


def test_a_goal_moves_down(signed_in, project):
    move(signed_in, goal(project, "Maintenance"), "down")

    assert order(project) == ["Features", "Maintenance", "Docs"]


def test_moving_moves_the_version(signed_in, project):
    before = version(project)

    move(signed_in, goal(project), "down")

    assert version(project) > before


@pytest.mark.parametrize(("title", "way"), [("Maintenance", "up"), ("Docs", "down")])
def test_at_its_end_the_ladder_ends(signed_in, project, title, way):
    before = version(project)

    assert move(signed_in, goal(project, title), way).status_code == 302
    assert order(project) == ["Maintenance", "Features", "Docs"]
    assert version(project) == before


@pytest.mark.parametrize("way", ["", "left", "UP", "1", "-1", "up\n", "__class__"])
def test_a_direction_that_is_none_is_refused(signed_in, project, way):
    assert move(signed_in, goal(project), way).status_code == 400
    assert order(project) == ["Maintenance", "Features", "Docs"]


def test_the_focus_comes_back_to_the_button(signed_in, project):
    docs = goal(project, "Docs")

    page = signed_in.get(move(signed_in, docs, "up").url).content.decode()

    assert page.count(" autofocus") == 1
    assert 'value="up" autofocus>Move up<span class="visually-hidden"> Docs<' in page


def test_at_the_top_the_focus_comes_to_the_button_that_is_left(signed_in, project):
    page = signed_in.get(move(signed_in, goal(project, "Features"), "up").url).content.decode()

    assert 'value="down" autofocus>Move down<span class="visually-hidden"> Features<' in page


@pytest.mark.parametrize("nonsense", ["moved=x", "moved=%F0%9F", "moved=1&moved=2", "way=up"])
def test_an_address_that_names_no_goal_moves_no_focus(signed_in, project, nonsense):
    response = signed_in.get(f"{BASE}/goals/?{nonsense}")

    assert response.status_code == 200


@pytest.mark.django_db(transaction=True)
def test_many_who_move_at_once_leave_a_proper_order(user, project):
    ways = ["up", "down"] * 10
    goals = list(project.goals.all())

    def anyone():
        way = ways.pop()
        return rungs.move(goals[len(ways) % 3], way, project=project, by=user)

    answers = together(anyone)

    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert sorted(order(project)) == ["Docs", "Features", "Maintenance"]
    assert list(project.goals.values_list("position", flat=True)) == [0, 1, 2]


@pytest.mark.django_db(transaction=True)
def test_goals_that_are_added_at_once_stand_one_above_the_other(user, project):
    def add():
        one = Goal(project=project)
        form = GoalForm({"title": "More", "days": "1", **_mark(one)}, instance=one)
        return rungs.put(form, project=project, by=user)

    assert together(add, threads=8) == [True] * 8
    assert project.goals.count() == 11


def _mark(one):
    return {"seen": typed(GoalForm(instance=one))["seen"]}


def test_removing_a_goal_is_asked_first(signed_in, project):
    page = signed_in.get(f"{BASE}/goals/{goal(project).pk}/remove/").content.decode()

    assert "asks for 3 days a week less" in page
    assert "is reached" not in page
    assert order(project) == ["Maintenance", "Features", "Docs"]


def test_removing_one_that_is_reached_says_so(signed_in, project):
    Funding.objects.update(committed=390_000)

    page = signed_in.get(f"{BASE}/goals/{goal(project).pk}/remove/").content.decode()

    assert "This goal is reached" in page


def test_without_a_goal_the_others_stay_and_the_week_is_counted_anew(signed_in, project):
    Funding.objects.update(committed=390_000)

    signed_in.post(f"{BASE}/goals/{goal(project).pk}/remove/")

    assert order(project) == ["Features", "Docs"]
    assert Funding.objects.get().filled == 10000
    assert Activity.objects.get().did == "removed the goal “Maintenance”"


def test_the_ladder_says_what_goals_come_to_together(signed_in, project):
    page = signed_in.get(f"{BASE}/goals/").content.decode()

    assert "3 days · £3,900 a month" in page
    assert "2 days more, 5 together · £6,500 a month" in page


def test_a_longer_ladder_asks_no_more_questions(signed_in, project, django_assert_max_num_queries):
    signed_in.get(f"{BASE}/goals/")
    Goal.objects.bulk_create(
        Goal(project=project, position=n, title="x", days=1) for n in range(3, 20)
    )

    with django_assert_max_num_queries(8):
        signed_in.get(f"{BASE}/goals/")


# People


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
