"""One card for all of a company's sponsorships."""

import pytest

from sponsors.billing import handlers
from sponsors.billing.models import Subscription
from sponsors.sponsorships.models import Sponsorship, Status
from tests import factories, scenarios, world

NEW = "5555555555554444"


@pytest.fixture
def company(engine, user):
    """On two tiers of one project, each paid with a card of its own."""
    made = factories.company(user)
    tier = factories.tier()
    for one in (tier, factories.tier(tier.project)):
        scenarios.settled(engine, made, one, by=user)
    return made


def customer():
    return Subscription.objects.first().customer


def cards(engine):
    """The last digits that each subscription is charged on next."""
    store = engine.account.store.by_id
    default = store[customer().stripe_id]["invoice_settings"]["default_payment_method"]
    names = [store[one.stripe_id]["default_payment_method"] for one in Subscription.objects.all()]
    return [store[name or default]["card"]["last4"] for name in names]


def test_a_new_card_pays_for_everything_though_each_had_one_of_its_own(engine, company):
    assert cards(engine) == ["4242", "4242"]

    engine.replace_card(customer().stripe_id, NEW, everywhere=False)
    engine.deliver()

    assert cards(engine) == ["4444", "4444"]


def test_the_old_card_is_asked_no_more_at_the_renewal(engine, company):
    """Update the level that failed, or the old card goes on being charged."""
    engine.replace_card(customer().stripe_id, "4000000000000341")
    world.days(engine, 32)
    assert set(Sponsorship.objects.values_list("status", flat=True)) == {Status.PAST_DUE}

    engine.replace_card(customer().stripe_id, NEW, everywhere=False)
    world.days(engine, 4)

    assert set(Sponsorship.objects.values_list("status", flat=True)) == {Status.ACTIVE}


def test_a_card_given_later_to_one_of_them_is_left_alone(engine, company):
    engine.replace_card(customer().stripe_id, NEW, everywhere=False)
    engine.deliver()
    engine.advance_by(60)
    third = factories.tier(Sponsorship.objects.first().project)

    scenarios.settled(engine, company, third, by=company.memberships.get().user)
    handlers.refresh(customer().stripe_id)

    assert cards(engine) == ["4444", "4444", "4242"]


def test_a_customer_of_somebody_else_is_none_of_ours(engine, company):
    before = engine.account.number("req")

    assert handlers.refresh("cus_of_another_site")
    assert engine.account.number("req") == before + 1


def test_a_lost_answer_is_made_good_by_the_next_look(engine, company):
    engine.faults.add(
        "POST /v1/subscriptions/{subscription_exposed_id}", "timeout_before", times=3
    )

    engine.replace_card(customer().stripe_id, NEW, everywhere=False)
    engine.deliver()
    handlers.refresh(customer().stripe_id)

    assert cards(engine) == ["4444", "4444"]


def test_the_button_leads_to_the_page_for_the_card_alone_and_back(engine, company, signed_in):
    home = f"/companies/{company.slug}/home/"
    assert ">Card<" in signed_in.get(home).content.decode()

    there = signed_in.post(f"/companies/{company.slug}/card/GBP/")

    assert there.status_code == 302
    session = list(engine.account.store.kinds["billing_portal.session"].values())[-1]
    assert session["flow"]["type"] == "payment_method_update"
    assert session["flow"]["after_completion"]["redirect"]["return_url"].endswith(home)
    assert signed_in.post(f"/companies/{company.slug}/card/EUR/").status_code == 404


def test_when_stripe_does_not_answer_the_button_says_so(engine, company, signed_in):
    engine.faults.add("POST /v1/billing_portal/sessions", "timeout_before", times=3)

    page = signed_in.post(f"/companies/{company.slug}/card/GBP/", follow=True)

    assert "does not answer" in page.content.decode()
