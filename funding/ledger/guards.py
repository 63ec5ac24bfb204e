"""Triggers by which the database itself keeps the books: entries, transfers and accounts are never
changed, replaced or deleted, and a transfer moves whole minor units between accounts of its own
currency. They are put back after every migrate; `check_books` and `missing` say when one is gone."""

from django.db import connections

TABLES = ("ledger_entry", "ledger_transfer", "ledger_account")
_REFUSAL = "The ledger is only added to: {table} refuses {verb}."

_SQLITE_CURRENCY = """
CREATE TRIGGER IF NOT EXISTS ledger_transfer_currency BEFORE INSERT ON ledger_transfer
WHEN typeof(NEW.amount) <> 'integer'
  OR NEW.currency <> (SELECT currency FROM ledger_account WHERE id = NEW.debit_id)
  OR NEW.currency <> (SELECT currency FROM ledger_account WHERE id = NEW.credit_id)
BEGIN SELECT RAISE(ABORT, 'A transfer moves whole minor units of one currency.'); END
"""

# REPLACE deletes the row that is in its way, and no trigger on DELETE is told of it.
_SQLITE_REPLACE = """
CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'The ledger is only added to: {table} refuses REPLACE.'); END
"""

_POSTGRES = """
CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'The ledger is only added to: % refuses %.', TG_TABLE_NAME, TG_OP
  USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE OR REPLACE FUNCTION ledger_one_currency() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM ledger_account
             WHERE id IN (NEW.debit_id, NEW.credit_id) AND currency <> NEW.currency) THEN
    RAISE EXCEPTION 'A transfer moves whole minor units of one currency.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER ledger_transfer_currency BEFORE INSERT ON ledger_transfer
  FOR EACH ROW EXECUTE FUNCTION ledger_one_currency();
"""

# TRUNCATE empties a table without a word to triggers on its rows.
_POSTGRES_TRUNCATE = """
CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
"""


def names(vendor: str) -> set[str]:
    """The triggers that must be there."""
    verbs = ["update", "delete", "replace" if vendor == "sqlite" else "truncate"]
    return {f"{table}_no_{verb}" for table in TABLES for verb in verbs} | {
        "ledger_transfer_currency"
    }


def install(using: str = "default", **kwargs: object) -> None:
    """Put every trigger in place; harmless where it is already."""
    connection = connections[using]
    if not set(TABLES) <= set(connection.introspection.table_names()):
        return
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor):
            cursor.execute(statement)


def missing(using: str = "default") -> set[str]:
    """The triggers that should be there and are not."""
    connection = connections[using]
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return names(connection.vendor) - {row[0] for row in cursor.fetchall()}


def _statements(vendor: str) -> list[str]:
    if vendor == "sqlite":
        refusals = [_sqlite(table, verb) for table in TABLES for verb in ("UPDATE", "DELETE")]
        return [
            _SQLITE_CURRENCY,
            *refusals,
            *(_SQLITE_REPLACE.format(table=table) for table in TABLES),
        ]
    return [
        _POSTGRES,
        *(_postgres(table, verb) for table in TABLES for verb in ("UPDATE", "DELETE")),
        *(_POSTGRES_TRUNCATE.format(table=table) for table in TABLES),
    ]


def _sqlite(table: str, verb: str) -> str:
    return (
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL.format(table=table, verb=verb)}'); END"
    )


def _postgres(table: str, verb: str) -> str:
    return (
        f"CREATE OR REPLACE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION ledger_refuse();"
    )
