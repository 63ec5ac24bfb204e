"""What a database's tables are like, in whatever order their columns came."""

import re

from django.db import connection

LEFT = {
    "cache", "django_migrations",  # made by commands
    "auth_group_permissions",  # Django's own migrations number its rows otherwise than its models
}  # fmt: skip


def described() -> dict[str, list[str]]:
    read = _on_sqlite if connection.vendor == "sqlite" else _elsewhere
    with connection.cursor() as cursor:
        names = set(connection.introspection.table_names(cursor)) - LEFT
        return {name: sorted(read(cursor, name)) for name in sorted(names)}


def _elsewhere(cursor, name):
    look = connection.introspection
    for column in look.get_table_description(cursor, name):
        yield f"{column.name}: {column.type_code} {column.display_size} {column.null_ok}"
    for called, one in look.get_constraints(cursor, name).items():
        kinds = [kind for kind in ("primary_key", "unique", "index", "check") if one[kind]]
        held = "" if one["columns"] else called  # names that Django makes up may differ
        yield f"{sorted(map(str, one['columns'] or []))} {kinds} {one['foreign_key']} {held}"


def _on_sqlite(cursor, name):
    """Django reads a table's SQL for some of this, and stumbles over ours."""
    for _, called, kind, not_null, _, is_key in _pragma(cursor, "table_info", name):
        yield f"{called}: {kind} {not_null} {is_key}"
    for _, _, table, here, there, *_ in _pragma(cursor, "foreign_key_list", name):
        yield f"{here} → {table} {there}"
    for _, index, is_unique, _, is_partial in _pragma(cursor, "index_list", name):
        columns = sorted(str(row[2]) for row in _pragma(cursor, "index_info", index))
        yield f"{columns} unique {is_unique} partial {is_partial}"
    cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s", [name])
    yield from re.findall(r'CONSTRAINT "(\w+)" CHECK', cursor.fetchone()[0])


def _pragma(cursor, what, name):
    cursor.execute(f'PRAGMA {what}("{name}")')
    return cursor.fetchall()
