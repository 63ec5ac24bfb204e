"""The admin, by which staff edit projects for the time being."""

from datetime import date

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db.models.signals import pre_save

from funding.ledger import balances, posting
from funding.ledger.models import Account, Entry
from funding.ledger.money import Money
from funding.projects import checks, recording
from funding.projects.models import Funding, Goal, Grant, PaymentOut, Project, Tier
from tests import factories
from tests.ledger import books

pytestmark = pytest.mark.django_db


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


def version(project):
    return Funding.objects.get(pk=project.pk).version


def held(project):
    return balances.of(posting.project(project.pk, Account.Kind.HELD), project.currency)


def grant(project, /, **values):
    days = {"received_on": "2026-03-04", "starts_on": "2026-03-04", "ends_on": "2026-12-31"}
    return {"project": project.pk, "funder": "F", "amount": 500000, **days, **values}


def payment(project, /, **values):
    if not held(project):
        funds = Grant(project=project, funder="F", amount=500000, received_on=date(2026, 1, 1),
                      starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))  # fmt: skip
        recording.record_grant(funds)
    what = {"kind": "work", "paid_on": "2026-03-04", "amount": 3000, "supplier": "A host"}
    return {"project": project.pk, "person": "", "reference": "", **what, **values}


def no_inlines(*prefixes):
    counts = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}
    return {f"{prefix}-{name}": count for prefix in prefixes for name, count in counts.items()}


def tier_form(tier, **values):
    shown = {
        "project": tier.project_id, "name": tier.name, "description": tier.description,
        "position": tier.position, "monthly": tier.monthly, "yearly": tier.yearly,
        "audience": tier.audience, "seats": tier.seats or "", "closed_at_0": "",
        "closed_at_1": "",
    }  # fmt: skip
    return {**shown, **no_inlines("benefits"), **values}


def project_form(project, **values):
    names = ["name", "slug", "summary", "description", "currency", "day_rate", "licence",
             "website", "repository", "status"]  # fmt: skip
    shown = {name: getattr(project, name) for name in names}
    return {**shown, **no_inlines("languages", "maintainers", "people", "goals"), **values}


# Money


def test_a_grant_that_staff_record_is_in_the_books(staff, project):
    before = version(project)

    assert staff("projects/grant/add/", **grant(project)) == {}

    assert held(project) == Money(500000, "GBP")
    assert Grant.objects.get().entry.kind == Entry.Kind.GRANT
    assert version(project) > before


def test_a_payment_out_that_staff_record_is_in_the_books(staff, project):
    before = version(project)

    assert staff("projects/paymentout/add/", **payment(project)) == {}

    assert held(project) == Money(497000, "GBP")
    assert PaymentOut.objects.get().entry.kind == Entry.Kind.PAYMENT_OUT
    assert version(project) > before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", 0), ("amount", -5), ("amount", 10**8), ("amount", "5.50"), ("amount", "ten"),
        ("funder", ""), ("funder", "x" * 121), ("project", 0), ("received_on", "2026-02-30"),
        ("ends_on", "2026-03-03"), ("starts_on", ""),
    ],
)  # fmt: skip
def test_a_bad_value_of_a_grant_names_its_field_and_books_nothing(staff, project, field, value):
    errors = staff("projects/grant/add/", **grant(project, **{field: value}))

    assert list(errors) == [field]
    assert not Entry.objects.filter(kind=Entry.Kind.PAYMENT_OUT).exists()


@pytest.mark.parametrize(
    ("field", "value"), [("amount", 0), ("amount", 10**8), ("kind", "gift"), ("paid_on", "soon")]
)
def test_a_bad_value_of_a_payment_names_its_field_and_books_nothing(staff, project, field, value):
    errors = staff("projects/paymentout/add/", **payment(project, **{field: value}))

    assert list(errors) == [field]
    assert not Entry.objects.filter(kind=Entry.Kind.PAYMENT_OUT).exists()


def test_a_payment_to_nobody_says_what_to_do(staff, project):
    errors = staff("projects/paymentout/add/", **payment(project, supplier=""))

    assert errors == {"__all__": ["Name either a funded person or a supplier, not both."]}


def test_a_project_pays_its_own_people_only(staff, project):
    stranger = factories.person(factories.project())

    errors = staff("projects/paymentout/add/", **payment(project, supplier="", person=stranger.pk))

    assert list(errors) == ["person"]
    assert not Entry.objects.filter(kind=Entry.Kind.PAYMENT_OUT).exists()


@pytest.mark.parametrize("kind", ["grant", "paymentout"])
def test_money_that_was_recorded_is_changed_and_deleted_by_nobody(
    staff, admin_client, project, kind
):
    staff("projects/grant/add/", **grant(project))
    staff("projects/paymentout/add/", **payment(project))
    row = {"grant": Grant, "paymentout": PaymentOut}[kind].objects.get()

    assert admin_client.get(f"/admin/projects/{kind}/").status_code == 200
    assert admin_client.get(f"/admin/projects/{kind}/{row.pk}/change/").status_code == 200
    for door in ("change", "delete"):
        answer = admin_client.post(f"/admin/projects/{kind}/{row.pk}/{door}/", {"amount": 1})
        assert answer.status_code == 403


# Tiers


def test_a_seat_that_is_taken_while_a_tier_is_edited_stays_taken(staff):
    tier = factories.tier(seats=3)

    def take_a_seat(**_):
        Tier.objects.filter(pk=tier.pk).update(taken=1)

    pre_save.connect(take_a_seat, sender=Tier)
    assert staff(f"projects/tier/{tier.pk}/change/", **tier_form(tier, name="Gold")) == {}
    pre_save.disconnect(take_a_seat, sender=Tier)

    tier.refresh_from_db()
    assert (tier.name, tier.taken) == ("Gold", 1)


def test_what_was_not_changed_in_a_tier_stays(staff):
    tier = factories.tier(monthly=10000)

    staff(f"projects/tier/{tier.pk}/change/", **tier_form(tier, monthly=12000))

    tier.refresh_from_db()
    assert (tier.monthly, tier.yearly) == (12000, 100000)


def test_fewer_seats_than_are_taken_are_refused(staff):
    tier = factories.tier(seats=3, taken=3)

    errors = staff(f"projects/tier/{tier.pk}/change/", **tier_form(tier, seats=2))

    assert errors == {"seats": ["More seats are taken than that."]}


def test_a_tier_without_a_price_is_refused(staff):
    tier = factories.tier()

    errors = staff(f"projects/tier/{tier.pk}/change/", **tier_form(tier, monthly="", yearly=""))

    assert errors == {"__all__": ["A tier has a monthly price, a yearly price, or both."]}


def test_a_tier_stays_with_its_project(staff):
    tier = factories.tier()
    other = factories.project(currency="USD")

    staff(f"projects/tier/{tier.pk}/change/", **tier_form(tier, project=other.pk))

    assert Tier.objects.get().project_id == tier.project_id


def test_a_change_of_a_tier_moves_the_version(staff):
    tier = factories.tier()
    before = version(tier.project)

    staff(f"projects/tier/{tier.pk}/change/", **tier_form(tier, name="Gold"))

    assert version(tier.project) > before


def test_a_tier_that_is_deleted_moves_the_version(staff):
    tier = factories.tier()
    before = version(tier.project)

    staff(f"projects/tier/{tier.pk}/delete/", post="yes")

    assert not Tier.objects.exists()
    assert version(tier.project) > before


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


def test_the_day_a_grant_came_is_kept(staff, project):
    staff("projects/grant/add/", **grant(project))

    assert Grant.objects.get().received_on == date(2026, 3, 4)
