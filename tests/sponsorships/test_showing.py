"""What everybody may see of who sponsors what, and what nothing gives away."""

import pytest
from django.test import Client

from funding.projects.models import Benefit, Funding
from sponsors.sponsorships import checks, showing
from sponsors.sponsorships.models import Sponsorship
from tests import factories, scenarios, world


def read(path, client=None):
    answer = (client or Client()).get(path)
    return " ".join(answer.content.decode().split()) if answer.status_code == 200 else ""


def sponsor(engine, project, who, monthly=10000, visibility="public", company=None, **tier):
    company = company or factories.company(display_name=who)
    tier = factories.tier(project, monthly=monthly, **tier)
    return scenarios.paid(engine, company, tier, visibility=visibility)


def wall(project):
    standing = Sponsorship.objects.of_project(project).select_related("company__logo")
    shown = showing.wall(standing)
    return (
        [name.company.display_name for name in shown.top],
        [name.company.display_name for name in shown.others],
        shown.unnamed,
    )


def test_those_who_show_what_they_pay_stand_by_it(engine):
    project = factories.project()
    sponsor(engine, project, "Small", 2000)
    sponsor(engine, project, "Large", 10000)

    assert wall(project) == (["Large"], ["Small"], 0)


def test_who_hides_the_amount_stands_by_time_alone_however_much_it_is(engine):
    project = factories.project()
    sponsor(engine, project, "First", 100, visibility="named")
    world.days(engine, 1)
    sponsor(engine, project, "Richest", 900000, visibility="named")
    world.days(engine, 1)
    sponsor(engine, project, "Public", 5000)

    assert wall(project) == (["Public"], ["First", "Richest"], 0)


def test_a_shelf_of_hidden_amounts_is_empty(engine):
    project = factories.project()
    sponsor(engine, project, "Richest", 900000, visibility="named")

    assert wall(project) == ([], ["Richest"], 0)


def test_a_company_that_is_named_once_and_once_not_stands_by_the_first_alone(engine):
    project = factories.project()
    kestrel = factories.company(display_name="Kestrel")
    sponsor(engine, project, "", 1000, company=kestrel)
    sponsor(engine, project, "", 900000, visibility="anonymous", company=kestrel)
    sponsor(engine, project, "Other", 5000)

    assert wall(project) == (["Other"], ["Kestrel"], 1)
    assert Funding.objects.get(pk=project.pk).sponsors == 3
    assert list(checks.breaches()) == []


def test_an_amount_that_is_hidden_does_not_lift_one_that_is_shown(engine):
    project = factories.project()
    kestrel = factories.company(display_name="Kestrel")
    sponsor(engine, project, "", 900000, visibility="named", company=kestrel)
    sponsor(engine, project, "", 1000, company=kestrel)
    sponsor(engine, project, "Other", 5000)

    assert wall(project) == (["Other"], ["Kestrel"], 0)


def a_logo(project, engine, *, promised, visibility="public"):
    kinds = [Benefit(kind="logo", text="Logo here", position=1)] if promised else []
    tier = factories.tier(project)
    for benefit in kinds:
        benefit.tier = tier
        benefit.save()
    company = factories.company(display_name="Kestrel")
    company.logo = factories.picture()
    company.save()
    return scenarios.paid(engine, company, tier, visibility=visibility)


@pytest.mark.parametrize(
    ("promised", "visibility", "shown"),
    [(True, "public", True), (True, "named", True), (False, "public", False),
     (True, "anonymous", False)],
)  # fmt: skip
def test_a_logo_stands_where_it_was_promised_and_may_be_seen(engine, promised, visibility, shown):
    project = factories.project()
    sponsorship = a_logo(project, engine, promised=promised, visibility=visibility)

    html = read(project.get_absolute_url())

    assert (sponsorship.company.logo.small in html) is shown


def test_what_was_promised_when_it_was_bought_counts_not_what_the_tier_says_now(engine):
    project = factories.project()
    sponsorship = a_logo(project, engine, promised=True)
    Benefit.objects.all().delete()

    assert sponsorship.company.logo.small in read(project.get_absolute_url())


# Choosing what is seen


@pytest.fixture
def own(engine, user):
    return scenarios.paid(engine, factories.company(user, display_name="Kestrel"))


def choose(client, sponsorship, visibility="named", **values):
    return client.post(
        f"/sponsorships/{sponsorship.pk}/showing/", {"visibility": visibility} | values
    )


@pytest.mark.parametrize("visibility", ["anonymous", "named", "public"])
def test_what_is_chosen_shows_on_the_next_request(own, signed_in, visibility):
    path = own.project.get_absolute_url()
    read(path)

    choose(signed_in, own, visibility)

    assert ("Kestrel" in read(path)) is (visibility != "anonymous")
    assert Funding.objects.get().sponsors == 1
    assert list(checks.breaches()) == []


def test_mail_of_updates_is_chosen_with_it(own, signed_in):
    choose(signed_in, own)
    own.refresh_from_db()
    assert not own.wants_updates

    choose(signed_in, own, wants_updates="on")
    own.refresh_from_db()
    assert own.wants_updates


def test_a_choice_that_is_none_changes_nothing(own, signed_in):
    for nonsense in ("", "all", "PUBLIC", "\x00"):
        assert choose(signed_in, own, nonsense).status_code in (400, 422)

    own.refresh_from_db()
    assert own.visibility == "public"


def test_a_stranger_cannot_choose(own):
    stranger = Client()
    stranger.force_login(factories.user())

    assert choose(stranger, own, "anonymous").status_code == 404
    own.refresh_from_db()
    assert own.visibility == "public"


# The company's public page


def public(sponsorship, client=None):
    return read(f"/sponsors/{sponsorship.company.slug}/", client)


def test_a_public_page_says_what_is_sponsored_and_its_days(engine):
    project = factories.project("Harbour", day_rate=30000)
    sponsorship = sponsor(engine, project, "Kestrel", 130000)

    html = public(sponsorship)

    assert "Harbour" in html
    assert "£1,300 a month" in html
    assert "1 day of open-source work a week" in html


def test_an_amount_that_is_hidden_is_in_no_figure(engine):
    project = factories.project("Harbour", day_rate=30000)
    sponsorship = sponsor(engine, project, "Kestrel", 130000, visibility="named", name="Mast")

    html = public(sponsorship)

    assert "Harbour" in html
    assert "Mast" not in html  # whose price is on the project's page
    assert "£" not in html
    assert "of open-source work" not in html


def test_a_company_of_which_nothing_may_be_seen_is_not_there_but_for_its_people(own, signed_in):
    choose(signed_in, own, "anonymous")

    assert public(own) == ""
    assert "Others find nothing here" in public(own, signed_in)


def test_a_company_that_sponsors_nothing_is_not_there(at_the_beginning, db):
    assert read(f"/sponsors/{factories.company().slug}/") == ""


def test_who_stands_no_longer_is_not_there(engine, own):
    Sponsorship.objects.update(stands_until=world.BEGINNING - world.timedelta(days=1))

    assert public(own) == ""


def test_what_is_paid_and_hidden_stands_nowhere_on_the_page(engine, user):
    company = factories.company(user, display_name="Kestrel")
    shown = sponsor(engine, factories.project("Shown"), "", company=company)
    sponsor(engine, factories.project("Hidden"), "", company=company, visibility="anonymous")

    assert "Shown" in public(shown)
    assert "Hidden" not in public(shown)


def test_a_name_shown_after_a_hidden_time_says_since_when_it_is_shown(engine):
    project = factories.project("Harbour")
    before = sponsor(engine, project, "Kestrel", visibility="anonymous")
    world.days(engine, 90)
    after = sponsor(engine, project, "", company=before.company)
    Sponsorship.objects.filter(pk=after.pk).update(since=before.since)

    assert "since April 2026" in public(after)


def test_nothing_private_of_a_person_is_on_their_page(engine):
    person = factories.user("secret@example.org")
    one = factories.individual(person, display_name="Ada", billing_email="bill@example.org")
    sponsorship = scenarios.paid(engine, one)

    html = public(sponsorship)

    assert "Ada" in html
    for private in ("secret@example.org", "bill@example.org", "United Kingdom"):
        assert private not in html


def test_the_page_takes_the_same_queries_for_one_and_for_many(engine, django_assert_num_queries):
    company = factories.company()
    for _ in range(5):
        sponsor(engine, factories.project(), "", company=company)

    with django_assert_num_queries(3):  # the company, what it sponsors, its seats
        assert read(f"/sponsors/{company.slug}/")
