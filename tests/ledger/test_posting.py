"""Posting: the only writer of the books; a reference happens once."""

from datetime import timedelta
from itertools import count

import pytest
from django.db import IntegrityError, transaction

from funding.ledger import balances
from funding.ledger.models import Account, Entry, Transfer
from funding.ledger.posting import Place, ReferenceConflict, company, project
from funding.office import clock
from tests.ledger.books import BANK, FEES, HELD, NOON, STRIPE, Kind, entry, gbp, leg, post, usd
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_an_entry_is_written_with_its_legs():
    written, first = post(leg(gbp(970)), leg(gbp(30), debit=FEES), reference="txn_1", memo="Why")

    assert first
    assert (written.reference, written.memo, written.occurred_at) == ("txn_1", "Why", NOON)
    legs = written.transfers.values_list("debit__kind", "credit__kind", "amount", "currency")
    assert list(legs) == [("bank", "held", 970, "GBP"), ("fees", "held", 30, "GBP")]


def test_transfers_carry_their_entrys_instant():
    assert entry().transfers.get().occurred_at == NOON


def test_an_entry_says_when_it_was_written():
    with clock.stopped_at(NOON + timedelta(days=3)):
        assert entry().posted_at == NOON + timedelta(days=3)


def test_a_correction_names_what_it_corrects():
    wrong = entry()

    put_right = entry(
        leg(gbp(100), debit=HELD, credit=BANK), kind=Entry.Kind.CORRECTION, corrects=wrong
    )

    assert put_right.corrects == wrong


def test_the_same_reference_is_posted_once():
    first, _ = post(leg(gbp(5)), leg(gbp(7)), reference="txn_1")

    second, was_written = post(leg(gbp(7)), leg(gbp(5)), reference="txn_1")

    assert (second, was_written) == (first, False)
    assert Transfer.objects.count() == 2


@pytest.mark.parametrize(
    "legs",
    [
        [leg(gbp(6))],
        [leg(usd(5))],
        [leg(gbp(5)), leg(gbp(1))],
        [leg(gbp(5), debit=STRIPE)],
        [leg(gbp(5), credit=Place(Kind.HELD, "project:2"))],
        [leg(gbp(5), debit=HELD, credit=BANK)],
    ],
    ids=["amount", "currency", "more", "debit", "owner", "turned round"],
)
def test_a_reference_with_other_legs_is_refused_and_changes_nothing(legs):
    post(leg(gbp(5)), reference="txn_1")

    with pytest.raises(ReferenceConflict, match="txn_1"):
        post(*legs, reference="txn_1")

    assert [transfer.money for transfer in Transfer.objects.all()] == [gbp(5)]


def test_after_a_conflict_the_transaction_goes_on():
    post(leg(gbp(5)), reference="txn_1")
    with pytest.raises(ReferenceConflict):
        post(leg(gbp(6)), reference="txn_1")

    post(leg(gbp(6)), reference="txn_2")

    assert Entry.objects.count() == 2


def test_legs_of_nothing_are_left_out():
    written = entry(leg(gbp(5)), leg(gbp(0), debit=FEES))

    assert written.transfers.count() == 1


def test_legs_of_nothing_make_no_difference_to_what_is_the_same():
    post(leg(gbp(5)), reference="txn_1")

    _, was_written = post(leg(gbp(5)), leg(gbp(0), debit=FEES), reference="txn_1")

    assert not was_written


@pytest.mark.parametrize(
    "legs", [[], [leg(gbp(0))], [leg(gbp(-5))], [leg(gbp(5)), leg(gbp(-1), debit=FEES)]]
)
def test_an_entry_moves_positive_amounts_or_is_not_written(legs):
    with pytest.raises(ValueError, match="positive"):
        post(*legs)

    assert not Entry.objects.exists()


def test_a_leg_between_one_account_and_itself_leaves_nothing():
    with pytest.raises(IntegrityError), transaction.atomic():
        post(leg(gbp(5)), leg(gbp(5), debit=BANK, credit=BANK))

    assert not Entry.objects.exists()
    assert not Account.objects.exists()


def test_accounts_are_opened_once_and_found_again():
    entry(leg(gbp(5)), leg(gbp(6)))
    entry(leg(gbp(7)))

    assert sorted(str(account) for account in Account.objects.all()) == [
        "operator bank GBP",
        "project:1 held GBP",
    ]


def test_each_currency_has_accounts_of_its_own():
    entry(leg(gbp(5)), leg(usd(5)))

    assert Account.objects.filter(kind=Kind.BANK).count() == 2


def test_projects_and_companies_own_accounts():
    assert project(7, Kind.HELD) == Place(Kind.HELD, "project:7")
    assert company(3, Kind.RECEIVABLE) == Place(Kind.RECEIVABLE, "company:3")


def test_what_is_rolled_back_is_in_no_book():
    with pytest.raises(RuntimeError), transaction.atomic():
        post(leg(gbp(5)), reference="txn_1")
        raise RuntimeError

    assert not Entry.objects.exists()


def test_what_was_rolled_back_can_be_posted_again():
    with pytest.raises(RuntimeError), transaction.atomic():
        post(leg(gbp(5)), reference="txn_1")
        raise RuntimeError

    _, was_written = post(leg(gbp(6)), reference="txn_1")

    assert was_written


@pytest.mark.django_db(transaction=True)
def test_twenty_threads_with_one_reference_write_one_entry():
    outcomes = together(lambda: post(leg(gbp(5)), reference="txn_1")[1])

    assert sorted(outcomes) == [False] * 19 + [True]
    assert balances.of(HELD, "GBP") == gbp(5)


@pytest.mark.django_db(transaction=True)
def test_twenty_threads_that_open_the_same_accounts_open_each_once():
    together(lambda: post(leg(gbp(5)), leg(gbp(1), debit=FEES)))

    assert Account.objects.count() == 3
    assert balances.of(HELD, "GBP") == gbp(120)


@pytest.mark.django_db(transaction=True)
def test_threads_that_disagree_about_a_reference_leave_the_first_ones_entry():
    amounts = iter(range(1, 21))

    outcomes = together(lambda: post(leg(gbp(next(amounts))), reference="txn_1")[1])

    conflicts = [outcome for outcome in outcomes if isinstance(outcome, ReferenceConflict)]
    assert len(conflicts) == 19
    assert Transfer.objects.count() == 1


def test_posting_takes_the_same_few_statements_however_many_legs(django_assert_num_queries):
    places = [Place(Kind.HELD, f"project:{number}") for number in range(30)]
    entry(*(leg(gbp(1), credit=place) for place in places))

    with django_assert_num_queries(4):  # entry, accounts, transfers, rollups
        entry(*(leg(gbp(2), credit=place) for place in places))


def test_opening_accounts_takes_two_statements_more(django_assert_num_queries):
    places = [Place(Kind.HELD, f"project:{number}") for number in range(30)]

    with django_assert_num_queries(6):
        entry(*(leg(gbp(1), credit=place) for place in places))


@pytest.mark.django_db(transaction=True)
def test_who_open_the_same_accounts_in_opposite_orders_never_wait_for_each_other_in_a_ring():
    calls = count()

    def open_them():
        number = next(calls)
        places = [Place(Kind.HELD, f"project:{number // 6}-{at}") for at in range(30)]
        legs = [leg(gbp(1), credit=place) for place in places]
        entry(*(legs if number % 2 else legs[::-1]), reference=f"opening:{number}")

    assert set(together(open_them, threads=6, times=12)) == {None}
    assert Account.objects.filter(kind=Kind.HELD).count() == 12 * 30
