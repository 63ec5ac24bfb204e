"""What is offered: tiers, their prices and promises, and what those who bought one keep."""

import pytest
from django.db import IntegrityError
from django.db.models import F

from funding.office import clock
from funding.projects import offering
from funding.projects.forms import TierForm
from funding.projects.models import Activity, Benefit, Funding, Tier
from sponsors.sponsorships.models import Sponsorship
from tests import factories, scenarios
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]

BASE = "/maintain/harbour/tiers"
MAST = {"name": "Mast", "monthly": "300", "yearly": "3000", "audience": "anyone"}


@pytest.fixture
def tier(project):
    return Tier.objects.get(pk=factories.tier(project, name="Basic", benefits=()).pk)


def typed(one):
    form = TierForm(instance=one)
    values = {field.html_name: field.value() for field in form}
    return {name: "" if value is None else value for name, value in values.items()}


def put(client, project, one=None, **values):
    one = one or Tier(project=project)
    return client.post(f"{BASE}/{one.pk or 'add'}/", typed(one) | values)


def errors(response):
    return response.context["form"].errors


def names(project):
    return list(project.tiers.values_list("name", flat=True))


def promises(one):
    return list(one.benefits.values_list("kind", "text", "hours"))


def test_a_tier_is_typed_in_major_units_and_stands_on_the_page(signed_in, project, client):
    put(signed_in, project, **MAST, seats="3", description="For those who sail.")

    page = client.get("/projects/harbour/").content.decode()
    one = Tier.objects.get()
    assert (one.monthly, one.yearly, one.seats) == (30000, 300000, 3)
    assert "£300 <small>a month" in page
    assert "3 of 3 left" in page
    assert Activity.objects.get().did == "added the tier “Mast”"


def test_one_price_is_enough(signed_in, project):
    put(signed_in, project, **MAST | {"monthly": ""})

    assert (Tier.objects.get().monthly, Tier.objects.get().yearly) == (None, 300000)


def test_a_price_in_a_currency_without_cents(signed_in, user):
    yen = factories.project(slug="yen", currency="JPY", maintainer=user)

    signed_in.post("/maintain/yen/tiers/add/", typed(Tier(project=yen)) | MAST | {"yearly": ""})

    assert Tier.objects.get().monthly == 300


WRONG = [
    ("monthly", "0"), ("monthly", "1000000000000"), ("monthly", "12,5"), ("monthly", "1e3"),
    ("monthly", "-5"), ("monthly", "$300"), ("monthly", "£300"), ("monthly", "0.49"),
    ("monthly", "1.001"), ("monthly", "1000000"), ("monthly", "٣٠٠"), ("yearly", "0"),
    ("yearly", "299"), ("yearly", "x"), ("seats", "0"), ("seats", "-1"), ("seats", "1.5"),
    ("seats", "9" * 30), ("name", ""), ("name", "\u202e"), ("name", "x" * 61),
    ("audience", "cats"), ("description", "x" * 241), ("description", "\u202e"), ("kinds", ["own"]), ("kinds", ["x"]),
    ("hours", "0"), ("hours", "161"), ("hours", "x"), ("docs_where", "In the sidebar"),
    ("own", "x" * 121), ("own", "x\n" * 13), ("own", "\u202e"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), WRONG, ids=lambda text: ascii(text[:14]))
def test_a_tier_that_cannot_be_is_refused_at_its_field(signed_in, project, tier, field, value):
    before = list(Tier.objects.values())

    for one in (None, tier):
        response = put(signed_in, project, one, **MAST | {field: value})

        assert response.status_code == 422
        assert list(errors(response)) == [field]
    assert list(Tier.objects.values()) == before
    assert not Benefit.objects.exists()


def test_a_tier_without_any_price_is_refused(signed_in, project):
    response = put(signed_in, project, **MAST | {"monthly": "", "yearly": ""})

    assert errors(response)["monthly"] == ["Give it a price a month, a price a year, or both."]


def test_two_tiers_do_not_share_a_name(signed_in, project, tier):
    response = put(signed_in, project, **MAST | {"name": "BASIC"})

    assert "name" in errors(response)


def test_two_projects_may(signed_in, project):
    factories.tier(name="Mast")

    assert put(signed_in, project, **MAST).status_code == 302


def test_there_is_room_for_twenty(signed_in, project):
    for _ in range(20):
        factories.tier(project, benefits=())

    assert put(signed_in, project, **MAST).status_code == 422


# What it promises


def test_promises_are_of_a_kind_and_in_words(signed_in, project):
    put(
        signed_in, project, **MAST, kinds=["logo", "docs", "support"], hours="2",
        docs_where="Named in the documentation’s sidebar", own="A postcard\r\n\r\n A song ",
    )  # fmt: skip

    assert promises(Tier.objects.get()) == [
        ("logo", "Your logo on the project’s page", None),
        ("docs", "Named in the documentation’s sidebar", None),
        ("support", "Priority support: an answer within the next working day", None),
        ("hours", "2 hours of the maintainers’ time each month", 2),
        ("own", "A postcard", None),
        ("own", "A song", None),
    ]


def test_promises_come_back_as_they_were_typed(signed_in, project):
    said = {"kinds": ["docs", "call"], "hours": "1", "own": "A postcard\nA song"}
    put(signed_in, project, **MAST, **said)

    form = TierForm(instance=Tier.objects.get())

    assert form["kinds"].value() == ["docs", "call"]
    assert (form["hours"].value(), form["docs_where"].value()) == (1, "")
    assert form["own"].value() == "A postcard\nA song"


def test_promises_are_taken_back(signed_in, project):
    put(signed_in, project, **MAST, kinds=["logo"], own="A song")

    put(signed_in, project, Tier.objects.get(), kinds=[], own="")

    assert promises(Tier.objects.get()) == []
    assert Activity.objects.first().did == (
        "changed the tier “Mast”: what it promises, more, in your own words"
    )


def test_promises_that_nobody_touched_are_not_written_anew(signed_in, project):
    put(signed_in, project, **MAST, kinds=["logo"], own="A\r\nB")
    before = list(Benefit.objects.values_list("pk", flat=True))

    put(signed_in, project, Tier.objects.get(), monthly="301", own="A\r\nB")

    assert list(Benefit.objects.values_list("pk", flat=True)) == before
    assert Activity.objects.first().did == "changed the tier “Mast”: price a month in GBP"


def test_of_two_who_promise_the_second_is_told(signed_in, project, tier):
    stale = typed(tier)
    put(signed_in, project, tier, kinds=["logo", "call"])

    response = signed_in.post(f"{BASE}/{tier.pk}/", stale | {"own": "A song"})

    assert errors(response)["kinds"] == [
        "Now stands: Your logo on the project’s page, A call with the maintainers each quarter"
    ]
    assert "A song" in response.content.decode()
    assert [kind for kind, _, _ in promises(tier)] == ["logo", "call"]


# What was sold stays as it was


def test_those_who_have_it_keep_price_and_promises(engine, signed_in, project):
    put(signed_in, project, **MAST, kinds=["logo"])
    one = Tier.objects.get()
    sold = scenarios.paid(engine, tier=one)
    one.refresh_from_db()
    page = signed_in.get(f"{BASE}/{one.pk}/").content.decode()

    put(signed_in, project, one, monthly="500", kinds=["call"])

    sold = Sponsorship.objects.get(pk=sold.pk)
    assert "1 place is taken or held. What was bought stays as it is: price, benefits." in page
    assert sold.amount == 30000
    assert [benefit["kind"] for benefit in sold.benefits] == ["logo"]
    assert scenarios.chosen(tier=Tier.objects.get()).sponsorship.amount == 50000


def test_places_are_never_fewer_than_are_taken(signed_in, project, tier):
    Tier.objects.update(seats=5, taken=3)
    one = Tier.objects.get()

    assert "3 places are taken" in str(errors(put(signed_in, project, one, seats="2")))
    assert put(signed_in, project, one, seats="3").status_code == 302
    assert put(signed_in, project, Tier.objects.get(), seats="").status_code == 302


def test_a_seat_that_is_taken_while_somebody_edits_is_not_forgotten(signed_in, project, tier):
    stale = typed(tier)
    Tier.objects.update(taken=4)

    signed_in.post(f"{BASE}/{tier.pk}/", stale | {"monthly": "200"})

    assert (Tier.objects.get().taken, Tier.objects.get().monthly) == (4, 20000)


@pytest.mark.django_db(transaction=True)
def test_selling_and_editing_at_once_neither_oversells_nor_breaks(user, project):
    factories.tier(project, name="Basic", seats=6, benefits=())
    deeds = ["sell", "edit"] * 6

    def anyone():
        one = Tier.objects.get()
        if deeds.pop() == "sell":
            return Tier.objects.filter(pk=one.pk, taken__lt=6).update(taken=F("taken") + 1)
        form = TierForm(typed(one) | {"seats": "3"}, instance=one)
        return offering.put(form, project=project, by=user)

    answers = together(anyone, threads=12)

    assert not [
        one for one in answers
        if isinstance(one, Exception) and not isinstance(one, IntegrityError)
    ]  # fmt: skip
    assert Tier.objects.get().taken <= Tier.objects.get().seats


def test_a_tier_is_closed_after_it_is_said_what_that_means(signed_in, project, tier, client):
    Tier.objects.update(taken=2)

    page = signed_in.get(f"{BASE}/{tier.pk}/close/").content.decode()
    signed_in.post(f"{BASE}/{tier.pk}/close/")

    assert "2 places are taken or held. Whoever bought one keeps it" in page
    assert not Tier.objects.get().is_open
    assert "Basic" not in client.get("/projects/harbour/").content.decode()
    assert Activity.objects.get().did == "closed the tier “Basic”"


@pytest.mark.parametrize("deed", ["close", "remove"])
def test_the_last_tier_of_a_published_project_says_what_the_page_says_then(
    signed_in, project, tier, deed
):
    path, words = f"{BASE}/{tier.pk}/{deed}/", "It is the last tier on offer"

    assert words in signed_in.get(path).content.decode()
    factories.tier(project)
    assert words not in signed_in.get(path).content.decode()


def test_closing_twice_closes_once(signed_in, project, tier):
    signed_in.post(f"{BASE}/{tier.pk}/close/")
    closed_at = Tier.objects.get().closed_at

    signed_in.post(f"{BASE}/{tier.pk}/close/")

    assert Tier.objects.get().closed_at == closed_at
    assert Activity.objects.count() == 1


def test_a_tier_is_opened_again(signed_in, project, tier, client):
    Tier.objects.update(closed_at=clock.now())

    signed_in.post(f"{BASE}/{tier.pk}/reopen/")

    assert Tier.objects.get().is_open
    assert "Basic" in client.get("/projects/harbour/").content.decode()


def test_tiers_change_places(signed_in, project, tier):
    for name in ("B", "C"):
        factories.tier(project, name=name)
    one = project.tiers.get(name="C")

    signed_in.post(f"{BASE}/{one.pk}/move/", {"way": "up"})

    assert names(project) == ["Basic", "C", "B"]


def test_a_new_tier_comes_last(signed_in, project):
    for name in ("A", "B"):
        put(signed_in, project, **MAST | {"name": name})

    assert names(project) == ["A", "B"]


def test_what_nobody_ever_took_can_be_removed(signed_in, project):
    one = factories.tier(project, name="Basic")

    page = signed_in.get(f"{BASE}/{one.pk}/remove/").content.decode()
    signed_in.post(f"{BASE}/{one.pk}/remove/")

    assert "Nobody has ever taken it" in page
    assert not Tier.objects.exists()
    assert not Benefit.objects.exists()


def test_what_was_ever_bought_cannot(engine, signed_in, project):
    one = factories.tier(project, name="Basic")
    scenarios.chosen(tier=one)
    Sponsorship.objects.update(status="abandoned")
    Tier.objects.update(taken=0)

    page = signed_in.get(f"{BASE}/{one.pk}/remove/").content.decode()
    response = signed_in.post(f"{BASE}/{one.pk}/remove/", follow=True)

    assert "stays in the books" in page
    assert "Close it instead" in response.content.decode()
    assert Tier.objects.exists()


def test_a_tier_of_another_project_is_not_found(signed_in, project):
    other = factories.tier()

    for path in ("", "move/", "close/", "reopen/", "remove/"):
        assert signed_in.post(f"{BASE}/{other.pk}/{path}", {"way": "up"}).status_code == 404
    assert Tier.objects.get().is_open


def test_more_tiers_ask_no_more_questions(signed_in, project, tier, django_assert_max_num_queries):
    signed_in.get(f"{BASE}/")
    for _ in range(15):
        factories.tier(project)

    with django_assert_max_num_queries(6):
        signed_in.get(f"{BASE}/")


def test_every_change_moves_the_version(signed_in, project, tier):
    versions = [Funding.objects.get().version]
    for path, values in (("", typed(tier) | {"monthly": "99"}), ("close/", {}), ("reopen/", {})):
        signed_in.post(f"{BASE}/{tier.pk}/{path}", values)
        versions.append(Funding.objects.get().version)

    assert versions == sorted(set(versions))
