"""Who may not switch, to what, and that nothing is charged then."""

import pytest
from django.utils.html import escape

from funding.office import clock
from funding.projects.models import Tier
from sponsors.billing import gateway, knowing, quoting, switching
from sponsors.billing.models import Price
from sponsors.sponsorships import changing, refusals
from sponsors.sponsorships.changing import Wish
from sponsors.sponsorships.models import Change, Interval, Sponsorship, Status
from tests import factories, scenarios, world
from tests.billing.switching.wishes import FAILS, asked, new_card, newest_invoice, wish

# Who may not


def test_refused_while_past_due_with_the_reason_and_the_link_that_mends_it(
    engine, sponsorship, gold, signed_in
):
    new_card(engine, sponsorship, FAILS)
    world.days(engine, 23)
    sponsorship.refresh_from_db()

    with pytest.raises(refusals.PastDue):
        changing.insist_may_change(sponsorship, now=clock.now())
    page = signed_in.get(f"/sponsorships/{sponsorship.pk}/change/").content.decode()

    assert "Pay the open invoice first" in page
    assert escape(newest_invoice(sponsorship).hosted_url) in page
    page = signed_in.get(f"/sponsorships/{sponsorship.pk}/").content.decode()
    assert "Change tier" not in page
    assert "once the open invoice is paid" in page


def test_refused_while_cancelling_or_paused_or_archived_or_under_way(engine, sponsorship, small):
    for status in (Status.CANCELLING, Status.PAUSED, Status.PENDING, Status.AWAITING_INVOICE):
        sponsorship.status = status
        with pytest.raises(refusals.NotAllowed):
            changing.insist_may_change(sponsorship, now=clock.now())
    sponsorship.status = Status.ACTIVE
    asked(sponsorship, small)
    with pytest.raises(refusals.ChangeUnderWay):
        changing.insist_may_change(sponsorship, now=clock.now())
    sponsorship.project.status = "archived"
    with pytest.raises(refusals.ProjectNotOpen):
        changing.insist_may_change(sponsorship, now=clock.now())


def test_a_tier_that_closed_or_filled_or_is_for_others_is_refused_and_nothing_is_charged(
    engine, sponsorship, gold
):
    cost = quoting.cost(sponsorship, wish(gold), now=clock.now())
    quote = changing.Quote(cost.due.amount, cost.at)
    for fault, refusal in (
        ({"closed_at": clock.now()}, refusals.TierClosed),
        ({"closed_at": None, "seats": 0}, refusals.TierFull),
        ({"seats": None, "audience": "individuals"}, refusals.WrongAudience),
        ({"audience": "anyone", "monthly": 31000}, refusals.PriceChanged),
    ):
        Tier.objects.filter(pk=gold.pk).update(**fault)
        with pytest.raises(refusal):
            switching.change(
                sponsorship=sponsorship, wish=Wish(gold, Interval.MONTH, cost_price(gold)),
                quote=quote, by=sponsorship.bought_by, now=clock.now(),
            )  # fmt: skip
    assert not Change.objects.exists()
    assert not Price.objects.filter(tier=gold).exists()
    assert sponsorship.invoices.count() == 1


def cost_price(gold):
    """As the page showed it."""
    return gold.price("month")


def test_a_company_is_on_a_tier_once_whichever_way_it_comes_there(
    engine, sponsorship, gold, small
):
    scenarios.settled(engine, sponsorship.company, gold, by=sponsorship.bought_by)
    with pytest.raises(refusals.AlreadySponsoring):
        asked(sponsorship, gold)

    asked(sponsorship, small)
    with pytest.raises(refusals.AlreadySponsoring):
        scenarios.chosen(sponsorship.company, small, by=sponsorship.bought_by)


def test_the_tier_it_is_on_is_refused(engine, sponsorship):
    with pytest.raises(refusals.SameTerms):
        asked(sponsorship, sponsorship.tier)


# The pages


def test_what_is_paid_by_invoice_changes_with_the_period_only(sponsorship, gold):
    assert changing.comes_at_once(sponsorship, wish(gold))

    sponsorship.pays_by = "invoice"

    assert not changing.comes_at_once(sponsorship, wish(gold))


def test_who_takes_it_back_while_stripe_is_asked_is_not_told_that_it_stays(
    engine, sponsorship, gold, monkeypatch
):
    monkeypatch.setattr(knowing, "MOST_TURNS", 1)
    update, refused = gateway.update_subscription, []

    def meanwhile(name, *, params, key):
        if not refused:
            with pytest.raises(gateway.Busy) as busy:
                switching.take_back(Sponsorship.objects.get(), now=clock.now())
            refused.append(busy)
        return update(name, params=params, key=key)

    monkeypatch.setattr(gateway, "update_subscription", meanwhile)
    change = asked(sponsorship, gold)

    assert refused and change.status == Change.Status.DONE
    assert not switching.take_back(Sponsorship.objects.get(), now=clock.now())
    assert Tier.objects.get(name="Gold").taken == 1


def test_a_quote_that_is_none_for_one_that_is_not_paid_yet_is_refused(engine, signed_in, user):
    sponsorship = scenarios.chosen(factories.company(user)).sponsorship
    gold = factories.tier(sponsorship.project, name="Gold", monthly=30000)

    address = f"/sponsorships/{sponsorship.pk}/change/{gold.pk}/month/"
    answer = signed_in.post(address, {"price": "30000", "quote": "garbage"})

    assert answer.status_code == 302
