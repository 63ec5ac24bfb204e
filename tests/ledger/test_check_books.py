"""check_books: each thing that must never be false about the books is found when it is."""

import pytest
from django.core.management import call_command
from django.db import connection

from funding.ledger import rollups
from funding.ledger.models import Account, Entry, Transfer
from tests.ledger.books import (
    BANK,
    FEES,
    HELD,
    NOON,
    STRIPE,
    entry,
    execute,
    gbp,
    guards_off,
    jpy,
    leg,
    usd,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def check(capsys, settings):
    """Run it over the ledger alone: its exit code and what it said."""
    settings.BOOK_CHECKS = ["funding.ledger.checks.breaches"]

    def run() -> tuple[int, str]:
        try:
            call_command("check_books")
        except SystemExit as end:
            return end.code, capsys.readouterr().out
        return 0, capsys.readouterr().out

    return run


def test_empty_books_are_right(check):
    assert check() == (0, "The books are right.\n")


def test_books_that_posting_wrote_are_right(check):
    entry(leg(gbp(970), debit=STRIPE), leg(gbp(30), debit=FEES))
    entry(leg(gbp(30), debit=HELD, credit=FEES))
    entry(leg(usd(5)), leg(jpy(5)))

    assert check() == (0, "The books are right.\n")


def test_every_check_of_the_site_passes_on_nothing(capsys):
    call_command("check_books")

    assert capsys.readouterr().out == "The books are right.\n"


def test_fees_that_nobody_bears_are_named_with_their_sum(check):
    entry(leg(gbp(970), debit=STRIPE), leg(gbp(30), debit=FEES))

    code, said = check()

    assert (code, said) == (1, "£0.30 of card fees are borne by nobody.\n")


def test_fees_that_were_borne_twice_are_named(check):
    entry(leg(gbp(30), debit=HELD, credit=FEES))

    assert check() == (1, "-£0.30 of card fees are borne by nobody.\n")


def test_fees_are_counted_in_each_currency(check):
    entry(leg(gbp(30), debit=FEES), leg(usd(30), credit=FEES, debit=HELD))

    code, said = check()

    assert code == 1
    assert "£0.30 of card fees" in said
    assert "-US$0.30 of card fees" in said


def test_an_entry_that_moves_nothing_is_named(check):
    Entry.objects.create(reference="txn_9", kind="grant", occurred_at=NOON, posted_at=NOON, legs=0)

    assert check() == (1, "Entry txn_9 was written with 0 transfers and has 0.\n")


def test_a_transfer_that_was_put_into_an_old_entry_is_named(check):
    made = entry(leg(gbp(100), debit=BANK, credit=STRIPE), reference="txn_9", kind="correction")
    late = made.transfers.get()
    late.pk = None
    late.save(force_insert=True)
    rollups.rebuild()

    assert check() == (1, "Entry txn_9 was written with 1 transfers and has 2.\n")


def test_a_guard_that_is_gone_is_named(check):
    of_table = " ON ledger_entry" if connection.vendor == "postgresql" else ""
    execute(f"DROP TRIGGER ledger_entry_no_delete{of_table}")

    code, said = check()

    assert code == 1
    assert "ledger_entry_no_delete is gone" in said


def spoilt(column, value):
    """One transfer, and then its column is something else."""
    made = entry(leg(gbp(100)), leg(usd(100))).transfers.get(currency="GBP")
    with guards_off():
        execute(f"UPDATE ledger_transfer SET {column} = %s WHERE id = %s", value, made.pk)
    return made


@pytest.mark.parametrize(
    ("column", "value"),
    [("amount", 0), ("amount", -100), ("currency", "USD"), ("occurred_at", NOON.replace(hour=13))],
)
def test_a_transfer_that_was_spoilt_is_named(check, column, value):
    transfer = spoilt(column, value)

    code, said = check()

    assert code == 1
    assert said.startswith(f"Transfer {transfer.pk} is not a positive amount")


@pytest.mark.parametrize("amount", [1.5, "ten"])
def test_an_amount_that_is_no_whole_number_is_named(check, amount):
    if connection.vendor != "sqlite":
        pytest.skip("A column of PostgreSQL has a type.")
    transfer = spoilt("amount", amount)

    code, said = check()

    assert code == 1
    assert f"Transfer {transfer.pk} " in said


def test_a_transfer_from_an_account_to_itself_is_named(check):
    transfer = entry(leg(gbp(100))).transfers.get()
    with guards_off():
        execute("UPDATE ledger_transfer SET credit_id = debit_id")

    code, said = check()

    assert code == 1
    assert f"Transfer {transfer.pk} " in said


@pytest.mark.parametrize("side", ["debit_id", "credit_id"])
def test_a_transfer_into_an_account_of_another_currency_is_named(check, side):
    kind = {"debit_id": BANK.kind, "credit_id": HELD.kind}[side]
    transfer = entry(leg(gbp(100)), leg(usd(100))).transfers.get(currency="GBP")
    foreign = Account.objects.get(kind=kind, currency="USD").pk
    with guards_off():
        execute(f"UPDATE ledger_transfer SET {side} = %s WHERE id = %s", foreign, transfer.pk)

    code, said = check()

    assert code == 1
    assert f"Transfer {transfer.pk} " in said


def test_an_entry_whose_transfers_were_deleted_is_named(check):
    made = entry(leg(gbp(100)), reference="txn_9")
    with guards_off():
        execute("DELETE FROM ledger_transfer WHERE entry_id = %s", made.pk)
    rollups.rebuild()

    assert check() == (1, "Entry txn_9 was written with 1 transfers and has 0.\n")


def test_every_breach_has_its_sentence_and_they_are_counted(capsys):
    for reference in ("txn_8", "txn_9"):
        Entry.objects.create(
            reference=reference, kind="grant", occurred_at=NOON, posted_at=NOON, legs=0
        )

    with pytest.raises(SystemExit):
        call_command("check_books")

    said = capsys.readouterr()
    lines = [
        f"Entry {name} was written with 0 transfers and has 0." for name in ("txn_8", "txn_9")
    ]
    assert said.out.splitlines() == lines
    assert said.err == "The books are wrong: 2 breaches.\n"


def test_checking_changes_nothing(check):
    entry(leg(gbp(30), debit=FEES))
    check()
    check()

    assert Transfer.objects.count() == 1
