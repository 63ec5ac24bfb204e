"""Emptying the tables between tests that commit. Django's own way empties every table one by one,
fails at the books, which refuse it, and fills the permissions anew; here the rows go that are there."""

from django.apps import apps
from django.db import connections, transaction

from funding.ledger import guards

STAYING = {"django_content_type", "auth_permission"}  # made with the tables


def empty(using: str) -> None:
    connection = connections[using]
    wanted = [table for table in _tables() if table not in STAYING]
    with connection.cursor() as cursor:
        filled = _filled(cursor, wanted)
    way = _on_sqlite if connection.vendor == "sqlite" else _on_postgres
    way(connection, filled)


def _tables() -> list[str]:
    models = apps.get_models(include_auto_created=True)
    return ["cache", *{model._meta.db_table for model in models if model._meta.managed}]


def _filled(cursor, tables: list[str]) -> list[str]:
    asked = ", ".join(f'EXISTS (SELECT 1 FROM "{table}")' for table in tables)
    cursor.execute(f"SELECT {asked}")
    return [table for table, there in zip(tables, cursor.fetchone(), strict=True) if there]


def _on_sqlite(connection, tables: list[str]) -> None:
    with connection.constraint_checks_disabled(), transaction.atomic(using=connection.alias):
        with connection.cursor() as cursor:
            for name in guards.names("sqlite"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            for table in tables:
                cursor.execute(f'DELETE FROM "{table}"')
        guards.install(using=connection.alias)


def _on_postgres(connection, tables: list[str]) -> None:
    """Those that point at each other in any order: that is looked at in the end."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for table in guards.TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for table in tables:
            cursor.execute(f'DELETE FROM "{table}"')
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in guards.TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
