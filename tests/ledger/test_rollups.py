"""Rollups: the months of every account, beside the transfers and never otherwise than they."""

from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from funding.ledger import rollups
from funding.ledger.models import Account, Rollup
from tests.ledger.books import BANK, FEES, HELD, STRIPE, Kind, entry, gbp, jpy, leg, post
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def on(*day):
    return datetime(*day, 23, 59, 59, tzinfo=UTC)


def months(kind, **window):
    accounts = Account.objects.filter(kind=kind)
    return [
        (one.month.isoformat(), one.debits, one.credits)
        for one in rollups.months(accounts, **window)
    ]


def test_each_month_of_an_account_sums_what_it_was_debited_and_credited():
    entry(leg(gbp(100)), occurred_at=on(2026, 1, 31))
    entry(leg(gbp(20)), leg(gbp(3), debit=HELD, credit=BANK), occurred_at=on(2026, 2, 1))

    assert months(Kind.BANK) == [("2026-01-01", 100, 0), ("2026-02-01", 20, 3)]
    assert months(Kind.HELD) == [("2026-01-01", 0, 100), ("2026-02-01", 3, 20)]


def test_a_window_begins_with_a_month_and_ends_before_one():
    for month in range(1, 6):
        entry(leg(gbp(month)), occurred_at=on(2026, month, 7))

    found = months(Kind.BANK, since=date(2026, 2, 1), until=date(2026, 4, 1))

    assert [debits for _, debits, _ in found] == [2, 3]


def test_balances_of_a_kind_are_told_by_currency():
    entry(leg(gbp(970), debit=STRIPE), leg(gbp(30), debit=FEES), leg(jpy(5), debit=STRIPE))
    entry(leg(gbp(70), debit=BANK, credit=STRIPE))

    assert rollups.balances(Kind.STRIPE) == {"GBP": 900, "JPY": 5}


def test_what_is_posted_twice_is_counted_once():
    post(leg(gbp(5)), reference="txn_1")
    post(leg(gbp(5)), reference="txn_1")

    assert months(Kind.BANK) == [("2026-03-01", 5, 0)]


def test_what_is_rolled_back_is_in_no_month():
    with pytest.raises(RuntimeError), transaction.atomic():
        entry(leg(gbp(5)))
        raise RuntimeError

    assert not Rollup.objects.exists()


def test_one_that_differs_is_named_with_its_month():
    entry(leg(gbp(100)))
    Rollup.objects.filter(account__kind=Kind.BANK).update(debits=90)

    assert list(rollups.breaches()) == [
        "Rollup of operator bank GBP for 2026-03 lacks 10 of debits and 0 of credits: "
        "rebuild_rollups makes it anew."
    ]


def test_a_month_that_nothing_happened_in_is_named():
    entry(leg(gbp(100)))
    bank = Account.objects.get(kind=Kind.BANK)
    Rollup.objects.create(account=bank, month=date(2020, 1, 1), debits=1, credits=0)

    assert "for 2020-01 lacks -1 of debits" in "".join(rollups.breaches())


def test_rebuilding_mends_them_and_changes_nothing_else(capsys):
    entry(leg(gbp(100)), occurred_at=on(2026, 1, 31))
    entry(leg(gbp(7)), occurred_at=on(2026, 2, 28))
    before = months(Kind.HELD)
    Rollup.objects.filter(account__kind=Kind.BANK).delete()
    Rollup.objects.update(credits=1)

    call_command("rebuild_rollups")

    assert months(Kind.HELD) == before
    assert list(rollups.breaches()) == []


def test_folding_leaves_one_row_for_a_month_and_the_same_sums():
    entry(leg(gbp(100)))
    bank = Rollup.objects.get(account__kind=Kind.BANK)
    if connection.vendor == "postgresql":
        Rollup.objects.create(
            account=bank.account, month=bank.month, writer=7, debits=5, credits=0
        )
    before = months(Kind.BANK)

    rollups.fold()
    rollups.fold()

    assert months(Kind.BANK) == before
    assert list(Rollup.objects.values_list("writer", flat=True)) == [0, 0]


@pytest.mark.django_db(transaction=True)
def test_many_who_write_to_the_same_accounts_in_any_order_lose_nothing():
    """Each posts twice in one transaction, half of them the other way round: whoever held one row
    and waited for the other's would be in a deadlock."""
    forth = [leg(gbp(3), debit=STRIPE), leg(gbp(1), debit=FEES)]
    back = [leg(gbp(2), debit=HELD, credit=BANK), leg(gbp(1), debit=BANK, credit=STRIPE)]
    orders = iter([(forth, back), (back, forth)] * 200)
    entry(*forth, *back)  # the accounts are there

    def both():
        first, second = next(orders)
        with transaction.atomic():
            entry(*first)
            entry(*second)

    outcomes = together(both, threads=16, times=10)

    assert outcomes == [None] * 160
    assert rollups.balances(Kind.STRIPE) == {"GBP": 161 * 2}
    assert list(rollups.breaches()) == []


@pytest.mark.django_db(transaction=True)
def test_rebuilding_and_folding_while_many_post_lose_nothing():
    deeds = iter([lambda: entry(leg(gbp(1)))] * 8 + [rollups.rebuild, rollups.fold])
    todo = list(deeds) * 12
    turns = iter(todo)

    outcomes = together(lambda: next(turns)(), threads=10, times=12)

    assert not [one for one in outcomes if isinstance(one, Exception)]
    assert rollups.balances(Kind.BANK) == {"GBP": 96}
    assert list(rollups.breaches()) == []
