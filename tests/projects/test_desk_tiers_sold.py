"""What those who bought a tier keep, and tiers that close, move and go."""

import pytest
from django.db import IntegrityError
from django.db.models import F

from funding.office import clock
from funding.projects import offering
from funding.projects.forms import TierForm
from funding.projects.models import Activity, Benefit, Funding, Tier
from sponsors.sponsorships.models import Sponsorship
from tests import factories, scenarios
from tests.projects.offers import BASE, MAST, errors, put, typed
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def names(project):
    return list(project.tiers.values_list("name", flat=True))


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
