"""An empty database for each history, as it is after `migrate`, and what a process loses of it that
dies."""

import sqlite3

from django.db import connection

_empty: list[sqlite3.Connection] = []
_filled: set[str] = set()


def fresh() -> None:
    """Forget everything of the history before."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        _copy()
    else:
        _empty_all()


def lose() -> None:
    """A process is no more: what it had not committed is gone, and what the next one has is as new. To
    open SQLite's file anew would cost more than most of what a process does."""
    connection.run_on_commit = []
    if connection.vendor != "sqlite" or connection.connection is None:
        connection.close()
        return
    connection.connection.rollback()
    connection.connection.isolation_level = None
    connection.in_atomic_block = connection.needs_rollback = False
    connection.closed_in_transaction = False
    connection.savepoint_ids, connection.atomic_blocks = [], []
    connection.autocommit = True


def _copy() -> None:
    if not _empty:
        _empty.append(sqlite3.connect(":memory:", check_same_thread=False))
        connection.connection.backup(_empty[0])
    _empty[0].backup(connection.connection)


def _empty_all() -> None:
    """What the migrations themselves have filled stays."""
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        if not _filled:
            _filled.update(name for name in tables if _any(cursor, name))
        names = ", ".join(
            connection.ops.quote_name(name) for name in tables if name not in _filled
        )
        # The books refuse to be emptied; as a replica the server asks no trigger.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
        cursor.execute("SET session_replication_role = DEFAULT")


def _any(cursor: object, table: str) -> bool:
    cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {connection.ops.quote_name(table)})")
    return bool(cursor.fetchone()[0])
