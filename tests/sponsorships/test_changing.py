"""Races for the last seat of a tier that sponsorships want to become, on both databases."""

import pytest

from funding.office import clock
from funding.projects.models import Tier
from sponsors.billing import ending, switching
from sponsors.billing.models import Subscription
from sponsors.sponsorships import beginning, changing, checks, refusals
from sponsors.sponsorships.changing import Billed, Wish
from sponsors.sponsorships.lifecycle import Terms
from sponsors.sponsorships.models import Change, Interval, Sponsorship, Status
from tests import factories, scenarios, world
from tests.racing import together

pytestmark = pytest.mark.database


@pytest.fixture
def running(transactional_db):
    with world.engine() as engine:
        yield engine


def wish(tier):
    return Wish(tier, Interval.MONTH, tier.price("month"))


def less(project, **more):
    return factories.tier(project, monthly=4000, yearly=None, **more)


def ask(sponsorship, tier):
    return changing.ask(
        sponsorship_id=sponsorship.pk, wish=wish(tier), quote=None, by=sponsorship.bought_by,
        now=clock.now(),
    )  # fmt: skip


def test_of_several_that_want_the_last_seat_one_gets_it(running):
    tier = factories.tier()
    rows = [scenarios.settled(running, tier=tier) for _ in range(4)]
    one = less(tier.project, seats=1)
    waiting = iter(rows)

    answers = together(lambda: ask(next(waiting), one), threads=4)

    assert sum(isinstance(answer, Change) for answer in answers) == 1
    assert sum(isinstance(answer, refusals.TierFull) for answer in answers) == 3
    assert Tier.objects.get(pk=one.pk).taken == 1
    assert list(checks.breaches()) == []


def test_a_double_click_leaves_one_change_and_one_seat(running):
    sponsorship = scenarios.settled(running)
    tier = less(sponsorship.project)

    answers = together(lambda: ask(sponsorship, tier), threads=6)

    assert sum(isinstance(answer, Change) for answer in answers) == 1
    assert sum(isinstance(answer, refusals.ChangeUnderWay) for answer in answers) == 5
    assert Tier.objects.get(pk=tier.pk).taken == 1


def test_buying_a_tier_and_changing_to_it_at_once_leaves_the_company_there_once(running):
    sponsorship = scenarios.settled(running)
    tier = less(sponsorship.project)
    company, by = sponsorship.company, sponsorship.bought_by
    terms = Terms(Interval.MONTH, tier.price("month"))
    deeds = iter(
        [
            lambda: ask(sponsorship, tier),
            lambda: beginning.begin(
                company=company, tier=tier, terms=terms, by=by, now=clock.now()
            ),
        ]
    )

    answers = together(lambda: next(deeds)(), threads=2)

    assert sum(isinstance(answer, refusals.AlreadySponsoring) for answer in answers) == 1
    assert Tier.objects.get(pk=tier.pk).taken == 1
    assert list(checks.breaches()) == []


def test_what_stripe_says_is_written_once_by_however_many(running):
    sponsorship = scenarios.settled(running)
    tier = less(sponsorship.project)
    ask(sponsorship, tier)
    said = Billed(tier_id=tier.pk, interval="month", amount=4000)

    together(
        lambda: changing.follow(sponsorship_id=sponsorship.pk, billed=said, now=clock.now()),
        threads=6,
    )

    assert Change.objects.get().status == Change.Status.DONE
    assert sponsorship.moves.filter(cause__startswith="Changed from").count() == 1
    assert sorted(Tier.objects.values_list("taken", flat=True)) == [0, 1]
    assert list(checks.breaches()) == []


def test_ending_and_planning_at_once_leave_one_of_the_two_or_neither_half(running):
    sponsorship = scenarios.settled(running)
    tier = less(sponsorship.project)
    by = sponsorship.bought_by
    deeds = iter(
        [
            lambda: switching.change(
                sponsorship=sponsorship, wish=wish(tier), quote=None, by=by, now=clock.now()
            ),
            lambda: ending.cancel(sponsorship),
        ]
    )

    together(lambda: next(deeds)(), threads=2)
    running.deliver()
    running.advance_by(300)
    switching.sweep(now=clock.now())
    running.deliver()

    row, change = Sponsorship.objects.get(), Change.objects.first()
    live = change is not None and change.is_live
    assert (row.status == Status.CANCELLING) != live or not live
    assert bool(Subscription.objects.get().schedule_id) == live
    assert Tier.objects.get(pk=tier.pk).taken == int(live)
    assert list(checks.breaches()) == []
