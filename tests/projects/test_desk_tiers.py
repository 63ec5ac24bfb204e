"""What is offered: tiers, their prices and promises."""

import pytest

from funding.projects.forms import TierForm
from funding.projects.models import Activity, Benefit, Tier
from tests import factories
from tests.projects.offers import BASE, MAST, errors, put, typed

pytestmark = [pytest.mark.django_db, pytest.mark.database]


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
