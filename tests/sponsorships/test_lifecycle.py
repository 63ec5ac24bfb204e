"""Status, seats and totals, whatever is asked at once."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from funding.accounts import leaving
from funding.accounts.models import User
from funding.projects import offering
from funding.projects.models import Funding, Project, Tier
from sponsors.sponsorships import beginning, lifecycle, refusals
from sponsors.sponsorships.lifecycle import Said, Terms
from sponsors.sponsorships.models import ENDED, Interval, Sponsorship, Status
from tests import factories
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NOW = datetime(2026, 1, 5, tzinfo=UTC)
MONTH = timedelta(days=31)


def begin(tier, company=None, interval=Interval.MONTH):
    company = company or factories.company()
    by = company.memberships.get().user
    terms = Terms(interval=interval, price=tier.price(interval))
    return beginning.begin(company=company, tier=tier, terms=terms, by=by, now=NOW)


def accept(sponsorship, status, **said):
    said = Said(status=status, **said)
    lifecycle.accept(sponsorship_id=sponsorship.pk, said=said, cause="said so", now=NOW)
    sponsorship.refresh_from_db()
    return sponsorship


def active(tier=None, **paid):
    paid = {"paid_through": NOW + MONTH, "first_paid_at": NOW, **paid}
    return accept(begin(tier or factories.tier()), Status.ACTIVE, **paid)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_race_for_three_seats_three_get_one():
    tier = factories.tier(seats=3)
    companies = [factories.company() for _ in range(40)]

    answers = together(lambda: begin(tier, companies.pop()), threads=40)

    kinds = Counter(type(answer).__name__ for answer in answers)
    assert kinds == {"Sponsorship": 3, "TierFull": 37}
    assert Tier.objects.get().taken == 3


@pytest.mark.django_db(transaction=True)
def test_one_company_that_asks_many_times_at_once_gets_one_sponsorship():
    tier, company = factories.tier(seats=5), factories.company()

    answers = together(lambda: begin(tier, company))

    assert {answer.pk for answer in answers} == {Sponsorship.objects.get().pk}
    assert Tier.objects.get().taken == 1


def test_the_database_refuses_a_second_seat_of_a_company_on_a_tier():
    first = begin(factories.tier())
    again = {
        field.name: getattr(first, field.name)
        for field in Sponsorship._meta.concrete_fields
        if not field.primary_key
    }

    with pytest.raises(IntegrityError, match="sponsorship"), transaction.atomic():
        Sponsorship.objects.bulk_create([Sponsorship(**again)])


def test_the_database_refuses_more_taken_than_there_are():
    tier = factories.tier(seats=1)

    with pytest.raises(IntegrityError, match="tier_seats_not_oversold"), transaction.atomic():
        Tier.objects.filter(pk=tier.pk).update(taken=2)


def test_pending_holds_a_seat_and_counts_for_nothing():
    sponsorship = begin(factories.tier(seats=1))

    assert sponsorship.status == Status.PENDING
    assert Tier.objects.get().taken == 1
    assert Funding.objects.get().committed == 0


def test_active_counts_and_a_yearly_price_counts_as_a_twelfth():
    tier = factories.tier(monthly=10000, yearly=100000)
    active(tier)
    yearly = begin(tier, interval=Interval.YEAR)
    accept(yearly, Status.ACTIVE, paid_through=NOW + MONTH, first_paid_at=NOW)

    funding = Funding.objects.get()

    assert funding.committed == 10000 + 8333
    assert funding.sponsors == 2


@pytest.mark.parametrize("end", ENDED)
@pytest.mark.parametrize("then", [Status.ACTIVE, Status.PAST_DUE, Status.PENDING])
def test_an_end_never_reopens(end, then):
    sponsorship = accept(active(), end)

    accept(sponsorship, then, paid_through=NOW + 9 * MONTH)

    assert sponsorship.status == end
    assert Tier.objects.get().taken == 0


@pytest.mark.parametrize("status", [s for s in Status if s not in (*ENDED, Status.DRAFT)])
@pytest.mark.parametrize("then", [s for s in Status if s != Status.DRAFT])
def test_from_any_live_state_whatever_stripe_says_is_accepted(status, then):
    sponsorship = accept(active(), status)

    accept(sponsorship, then)

    assert sponsorship.status == then
    assert sponsorship.moves.last().after == then


def test_the_same_thing_said_twice_is_in_the_diary_once_and_moves_no_version():
    sponsorship = active()
    version, moves = Funding.objects.get().version, sponsorship.moves.count()

    accept(sponsorship, Status.ACTIVE, paid_through=NOW + MONTH, first_paid_at=NOW)

    assert Funding.objects.get().version == version
    assert sponsorship.moves.count() == moves


def test_what_was_paid_for_and_given_back_is_paid_for_no_longer():
    sponsorship = active()

    accept(sponsorship, Status.ACTIVE, paid_through=NOW)

    assert sponsorship.paid_through == NOW
    assert sponsorship.stands_until == NOW + timedelta(days=14)


def test_who_is_sent_an_invoice_stands_until_it_is_due_and_in_grace():
    sponsorship = begin(factories.tier())

    accept(sponsorship, Status.AWAITING_INVOICE, due_at=NOW + MONTH)

    assert sponsorship.paid_through is None
    assert sponsorship.stands_until == NOW + MONTH + timedelta(days=14)
    assert sponsorship.committed_until == NOW + MONTH


@pytest.mark.parametrize(
    ("status", "counts"),
    [
        (Status.PENDING, False), (Status.ACTIVE, True), (Status.CANCELLING, True),
        (Status.PAST_DUE, True), (Status.PAUSED, False), (Status.LAPSED, False),
    ],
)  # fmt: skip
def test_what_counts_as_committed(status, counts):
    sponsorship = accept(active(), status)

    assert bool(Funding.objects.get().committed) is counts
    assert sponsorship.counts is counts


def test_standing_is_fourteen_days_longer_than_what_is_paid_for():
    sponsorship = active()
    last = sponsorship.paid_through + timedelta(days=14)

    assert Sponsorship.objects.standing(last).exists()
    assert not Sponsorship.objects.standing(last + timedelta(seconds=1)).exists()


def test_prices_and_benefits_stay_as_they_were_bought():
    tier = factories.tier(monthly=10000, benefits=["A call"])
    sponsorship = active(tier)

    Tier.objects.update(monthly=99900, name="Dearer", closed_at=NOW)
    tier.benefits.all().delete()

    sponsorship.refresh_from_db()
    promised = [{"kind": "own", "text": "A call", "hours": None}]
    assert (sponsorship.amount, sponsorship.benefits) == (10000, promised)


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        (Status.ACTIVE, Status.CANCELLING, True),
        (Status.PAST_DUE, Status.CANCELLING, False),
        (Status.PAST_DUE, Status.CANCELLED, True),
        (Status.ACTIVE, Status.CANCELLED, False),
        (Status.CANCELLING, Status.ACTIVE, True),
        (Status.PENDING, Status.ABANDONED, True),
        (Status.PENDING, Status.ACTIVE, False),
        (Status.ACTIVE, Status.ABANDONED, False),
        (Status.CANCELLED, Status.ACTIVE, False),
        (Status.LAPSED, Status.CANCELLING, False),
    ],
)
def test_what_people_may_ask_for(before, after, allowed):
    project = Project(status=Project.Status.PUBLISHED)

    assert lifecycle.may_ask(Sponsorship(status=before, project=project), after) is allowed


def test_nobody_may_ask_that_it_goes_on_when_its_project_is_archived():
    project = Project(status=Project.Status.ARCHIVED)
    sponsorship = Sponsorship(status=Status.CANCELLING, project=project)

    assert not lifecycle.may_ask(sponsorship, Status.ACTIVE)


@pytest.mark.parametrize("amount", [1, 5, 6, 11, 12, 13, 99999999])
def test_a_twelfth_is_rounded_half_up(amount):
    tier = factories.tier(yearly=amount)

    exact_twice = amount * 2 / 12

    assert abs(lifecycle.a_month(Terms(Interval.YEAR, tier.yearly_price)) * 2 - exact_twice) <= 1


def test_who_has_left_begins_nothing():
    company = factories.company()
    user = company.memberships.get().user
    User.objects.filter(pk=user.pk).update(is_active=False)

    with pytest.raises(refusals.AccountGone):
        begin(factories.tier(), company)

    assert not Sponsorship.objects.exists()
    assert not Tier.objects.filter(taken__gt=0).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("times", range(3))
def test_of_an_account_no_seat_is_held_once_it_is_deleted(times):
    """Its deletion and a choice at once: either waits for the other."""
    user, tier = factories.user(), factories.tier()
    company = factories.individual(user)
    deeds = [lambda: leaving.leave(user=user, now=NOW), lambda: begin_as(user, company, tier)]

    together(lambda: deeds.pop()(), threads=2)

    user.refresh_from_db()
    assert bool(user.left_at) != Sponsorship.objects.filter(bought_by=user).exists()


def begin_as(user, company, tier):
    terms = Terms(interval=Interval.MONTH, price=tier.price(Interval.MONTH))
    return beginning.begin(company=company, tier=tier, terms=terms, by=user, now=NOW)


def test_a_tier_that_was_removed_meanwhile_is_refused():
    tier, company = factories.tier(), factories.company()
    offering.remove(
        Tier.objects.get(pk=tier.pk), project=tier.project, by=tier.project.maintainers.get().user
    )

    with pytest.raises(refusals.TierGone):
        begin(tier, company)
