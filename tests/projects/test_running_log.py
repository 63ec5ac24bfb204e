"""Who did what to a project."""

import pytest

from funding.office import clock
from funding.projects import editing
from funding.projects.models import Activity, Maintainer, Tier, Update
from tests import factories

pytestmark = pytest.mark.django_db


def log(project):
    return list(Activity.objects.filter(project=project).values_list("by__name", "did"))


def test_the_newest_line_comes_first_with_its_time(project, user, signed_in, at_the_beginning):
    editing.note(project, user, "did the first thing")
    editing.note(project, None, "did the second thing")

    page = signed_in.get("/maintain/harbour/log/").content.decode()

    assert page.index("The site</strong> did the second") < page.index(
        "Ada</strong> did the first"
    )
    assert "5 January 2026, 10:00 UTC" in page


def test_a_line_harms_nobody(project, user, signed_in):
    editing.note(project, user, "<script>alert(1)</script>")

    assert "<script>alert" not in signed_in.get("/maintain/harbour/log/").content.decode()


def test_the_log_of_another_project_is_not_shown(project, signed_in):
    editing.note(factories.project(), None, "did something secret")

    assert "secret" not in signed_in.get("/maintain/harbour/log/").content.decode()


@pytest.mark.parametrize("count", [1, 50])
def test_the_log_takes_the_same_few_queries(project, signed_in, count, django_assert_num_queries):
    for number in range(count):
        editing.note(project, factories.user(), f"did {number}")
    signed_in.get("/maintain/harbour/log/")

    with django_assert_num_queries(5):
        signed_in.get("/maintain/harbour/log/")


def test_the_log_has_pages(project, user, signed_in):
    for number in range(51):
        editing.note(project, user, f"did thing {number}.")

    page = signed_in.get("/maintain/harbour/log/?page=2").content.decode()

    assert "did thing 0." in page
    assert "did thing 1." not in page


SEEN = {"owner": {"see", "spend", "run"}, "treasurer": {"see", "spend"}, "editor": {"see"}}


@pytest.mark.parametrize("role", SEEN)
def test_everybody_sees_the_lines_about_what_they_may_do(project, user, role, client):
    for deed in ("see", "spend", "run"):
        editing.note(project, user, f"did what is for {deed}.", deed=deed)
    member = factories.maintainer(project, role)
    client.force_login(member.user)

    page = client.get("/maintain/harbour/log/").content.decode()

    seen = {deed for deed in ("see", "spend", "run") if f"what is for {deed}." in page}
    assert seen == SEEN[role]


def test_money_and_invitations_are_not_for_an_editor(project, client):
    factories.grant(project)
    factories.payment(project, 3333, supplier="A lawyer")
    factories.invitation(project, "grace@example.org")
    member = factories.maintainer(project, "editor")
    client.force_login(member.user)

    page = client.get("/maintain/harbour/log/").content.decode()

    assert "lawyer" not in page
    assert "g***@" not in page


def test_whom_a_line_is_about_is_told_by_the_name_they_have_now(project, user):
    grace = factories.user(name="Grace {about}")
    editing.note(project, user, "made {about} an editor", about=grace)
    editing.note(project, user, "added the tier {about}")

    assert [line.told for line in Activity.objects.all()] == [
        "added the tier {about}", "made Grace {about} an editor",
    ]  # fmt: skip


# What staff do


@pytest.fixture
def staff(admin_client):
    admin_client.get("/admin/")
    return admin_client


def tier_form(tier, **values):
    shown = {"project": tier.project_id, "name": tier.name, "description": "", "position": 0,
             "monthly": tier.monthly, "yearly": tier.yearly, "audience": tier.audience}  # fmt: skip
    inlines = {"benefits-TOTAL_FORMS": 0, "benefits-INITIAL_FORMS": 0}
    return {**shown, **inlines, "seats": "", "closed_at_0": "", "closed_at_1": "", **values}


def test_what_staff_change_stands_in_the_log(project, staff, admin_user):
    tier = factories.tier(project, name="Mast")

    staff.post(f"/admin/projects/tier/{tier.pk}/change/", tier_form(tier, monthly=5))
    staff.post(f"/admin/projects/tier/{tier.pk}/change/", tier_form(tier, monthly=5000))

    line = Activity.objects.get()
    assert line.by == admin_user
    assert line.did == "edited the tier “Mast of Harbour” as staff: Changed Monthly price."


def test_what_staff_add_and_delete_stands_in_the_log(project, staff):
    new = Tier(project=project, name="Keel", monthly=1000, yearly=10000)
    staff.post("/admin/projects/tier/add/", tier_form(new))
    told = Update.objects.create(project=project, title="T", body="B", author=factories.user())
    many = {"action": "delete_selected", "_selected_action": told.pk, "post": "yes"}

    staff.post("/admin/projects/update/", many)

    said = [did for _, did in log(project)]
    assert said == ["deleted the update “T” as staff", "added the tier “Keel of Harbour” as staff"]


def test_money_that_staff_record_stands_in_the_log_once(project, staff, admin_user):
    day = clock.today().isoformat()

    staff.post("/admin/projects/grant/add/", {
        "project": project.pk, "funder": "F", "amount": 5000, "received_on": day,
        "starts_on": day, "ends_on": day,
    })  # fmt: skip

    assert [line.did for line in Activity.objects.all()] == ["recorded a grant of £50.00 by “F”"]
    assert Activity.objects.get().by == admin_user


def test_staff_who_change_a_role_name_nobody_and_end_what_was_asked(project, user, staff):
    factories.maintainer(project, "owner")
    asked, _ = factories.invitation(project, by=user)

    staff.post(
        f"/admin/projects/project/{project.pk}/change/", member_form(project, role="editor")
    )

    assert log(project)[0][1].endswith("Changed Role for maintainer “one of the team”.")
    asked.refresh_from_db()
    assert asked.withdrawn_at is not None


def member_form(project, **change):
    owner = project.maintainers.first()
    names = ["name", "slug", "summary", "description", "currency", "day_rate", "licence",
             "website", "repository", "status"]  # fmt: skip
    form = {name: getattr(project, name) for name in names}
    for prefix in ("languages", "people", "goals", "maintainers"):
        form |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    form |= {"maintainers-TOTAL_FORMS": 1, "maintainers-INITIAL_FORMS": 1}
    row = {"id": owner.pk, "project": project.pk, "user": owner.user_id, "role": "owner", **change}
    return form | {f"maintainers-0-{name}": value for name, value in row.items()}


@pytest.mark.parametrize("change", [{"role": "editor"}, {"DELETE": "on"}])
def test_staff_too_leave_a_project_with_an_owner(project, staff, change):
    form = member_form(project, **change)

    answer = staff.post(f"/admin/projects/project/{project.pk}/change/", form)

    assert answer.status_code == 200
    assert "A project has an owner" in answer.content.decode()
    assert Maintainer.objects.get().role == "owner"
