"""The database itself refuses to change or delete what is in the books."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from funding.ledger import guards
from funding.ledger.models import Account, Entry, Transfer
from tests.ledger.books import entry, execute, gbp, leg, usd

pytestmark = [pytest.mark.django_db, pytest.mark.database]

MODELS = [Account, Entry, Transfer]
IDS = [model.__name__ for model in MODELS]
CHANGES = {Account: ("owner", "project:9"), Entry: ("memo", "Else"), Transfer: ("amount", 1)}


def contents():
    return [list(model.objects.order_by("pk").values()) for model in MODELS]


def is_refused(change):
    """Whether the database says no, and everything is as it was."""
    before = contents()
    try:
        with transaction.atomic():
            change()
    except IntegrityError:
        return contents() == before
    return False


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_a_row_cannot_be_updated_by_sql(model):
    entry()
    column, value = CHANGES[model]

    assert is_refused(lambda: execute(f"UPDATE {model._meta.db_table} SET {column} = %s", value))


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_a_row_cannot_be_deleted_by_sql(model):
    entry()

    assert is_refused(lambda: execute(f"DELETE FROM {model._meta.db_table}"))


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_a_row_cannot_be_updated_through_a_queryset(model):
    entry()
    column, value = CHANGES[model]

    assert is_refused(lambda: model.objects.update(**{column: value}))


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_rows_cannot_be_updated_in_bulk(model):
    entry()
    column, value = CHANGES[model]
    row = model.objects.first()
    setattr(row, column, value)

    assert is_refused(lambda: model.objects.bulk_update([row], [column]))


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_a_row_cannot_be_saved_again(model):
    entry()

    assert is_refused(model.objects.first().save)


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_a_row_cannot_be_written_over_by_an_upsert(model):
    entry()
    column, value = CHANGES[model]
    row = model.objects.first()
    setattr(row, column, value)
    upsert = {"update_conflicts": True, "update_fields": [column], "unique_fields": ["id"]}

    assert is_refused(lambda: model.objects.bulk_create([row], **upsert))


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_a_row_cannot_be_deleted_through_a_queryset(model):
    entry()

    assert is_refused(lambda: model.objects.all()._raw_delete("default"))


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_sqlite_cannot_replace_a_row(model):
    if connection.vendor != "sqlite":
        pytest.skip("Only SQLite knows REPLACE.")
    entry()
    table = model._meta.db_table

    assert is_refused(lambda: execute(f"REPLACE INTO {table} SELECT * FROM {table}"))


def insert_transfer(amount, currency="GBP", debit="bank", credit="held"):
    accounts = {account.kind: account.pk for account in Account.objects.filter(currency="GBP")}
    execute(
        "INSERT INTO ledger_transfer"
        " (entry_id, debit_id, credit_id, amount, currency, occurred_at)"
        " SELECT id, %s, %s, %s, %s, occurred_at FROM ledger_entry LIMIT 1",
        accounts[debit], accounts[credit], amount, currency,
    )  # fmt: skip


def test_a_right_transfer_can_be_inserted():
    entry()

    insert_transfer(5)

    assert Transfer.objects.count() == 2


@pytest.mark.parametrize("amount", [0, -1])
def test_an_amount_is_positive(amount):
    entry()

    assert is_refused(lambda: insert_transfer(amount))


@pytest.mark.parametrize("amount", ["ten", "5 pounds", 1.5, "1.5"])
def test_sqlite_takes_whole_numbers_only(amount):
    if connection.vendor != "sqlite":
        pytest.skip("A column of PostgreSQL has a type.")
    entry()

    assert is_refused(lambda: insert_transfer(amount))


def test_a_transfer_stays_in_one_currency():
    entry()

    assert is_refused(lambda: insert_transfer(5, currency="USD"))


@pytest.mark.parametrize("side", ["debit", "credit"])
def test_both_accounts_are_of_the_transfers_currency(side):
    made = entry(leg(gbp(5)), leg(usd(5)))
    sides = {"debit": ("bank", "GBP"), "credit": ("held", "GBP")}
    sides[side] = (sides[side][0], "USD")
    accounts = {name: Account.objects.get(kind=k, currency=c) for name, (k, c) in sides.items()}

    assert is_refused(
        lambda: Transfer.objects.create(
            entry=made, amount=5, currency="GBP", occurred_at=made.occurred_at, **accounts
        )
    )


def test_a_transfer_is_between_two_accounts():
    entry()

    assert is_refused(lambda: insert_transfer(5, credit="bank"))


def test_a_reference_is_in_the_books_once():
    made = entry(reference="txn_1")
    values = {"kind": made.kind, "occurred_at": made.occurred_at, "posted_at": made.posted_at}

    assert is_refused(lambda: Entry.objects.create(reference="txn_1", **values))


def test_an_account_is_opened_once():
    entry()

    assert is_refused(lambda: Account.objects.create(kind="bank", owner="", currency="GBP"))


def test_an_account_has_a_currency_of_the_site():
    assert is_refused(lambda: Account.objects.create(kind="bank", owner="", currency="XXX"))


# That they are there


def test_no_guard_is_missing_after_migrate():
    assert guards.missing() == set()


def test_putting_guards_in_place_twice_is_harmless():
    guards.install()
    guards.install()

    assert guards.missing() == set()


def drop(name):
    table = next(table for table in guards.TABLES if name.startswith(f"{table}_"))
    of_table = f" ON {table}" if connection.vendor == "postgresql" else ""
    execute(f"DROP TRIGGER {name}{of_table}")


@pytest.mark.parametrize("name", sorted(guards.names("sqlite")))
def test_a_guard_that_was_dropped_is_missed(name):
    if name not in guards.names(connection.vendor):
        pytest.skip("This database needs no such guard.")

    drop(name)

    assert guards.missing() == {name}


def test_a_guard_that_was_switched_off_is_missed():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's triggers cannot be switched off.")

    execute("ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_no_delete")

    assert guards.missing() == {"ledger_entry_no_delete"}


def test_install_puts_back_what_was_dropped():
    for name in guards.names(connection.vendor):
        drop(name)

    guards.install()

    assert guards.missing() == set()


def test_where_the_books_are_not_there_yet_nothing_is_installed():
    drop("ledger_entry_no_delete")
    execute("ALTER TABLE ledger_transfer RENAME TO elsewhere")

    guards.install()

    assert guards.missing() == {"ledger_entry_no_delete"}


@pytest.mark.django_db(transaction=True)
def test_migrate_puts_back_what_a_rebuilt_table_lost():
    if connection.vendor != "sqlite":
        pytest.skip("Only SQLite rebuilds tables.")
    field = Entry._meta.get_field("memo")
    longer = models.CharField(max_length=300, blank=True)
    longer.set_attributes_from_name("memo")
    with connection.schema_editor() as editor:
        editor.alter_field(Entry, field, longer)
        editor.alter_field(Entry, longer, field)
    assert "ledger_entry_no_update" in guards.missing()

    call_command("migrate", verbosity=0)

    assert guards.missing() == set()
