"""The ladder of goals: added, edited, moved and removed."""

from decimal import Decimal

import pytest

from funding.projects import rungs
from funding.projects.forms import GoalForm
from funding.projects.models import Activity, Funding, Goal
from tests import factories
from tests.projects.goals.rungs import BASE, errors, typed
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def order(project):
    return list(project.goals.values_list("title", flat=True))


def version(project):
    return Funding.objects.get(pk=project.pk).version


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
