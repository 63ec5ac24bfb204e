"""What a database's tables are like, in whatever order their columns came."""

from django.db import connection

LEFT = {
    "cache", "django_migrations",  # made by commands
    "auth_group_permissions",  # Django's own migrations number its rows otherwise than its models
}  # fmt: skip


def described() -> dict[str, list[str]]:
    look = connection.introspection
    with connection.cursor() as cursor:
        return {
            name: sorted([*_columns(look, cursor, name), *_constraints(look, cursor, name)])
            for name in sorted(set(look.table_names(cursor)) - LEFT)
        }


def _columns(look, cursor, name):
    for column in look.get_table_description(cursor, name):
        yield f"{column.name}: {column.type_code} {column.display_size} {column.null_ok}"


def _constraints(look, cursor, name):
    """By what they hold: names that Django makes up may differ."""
    for called, one in look.get_constraints(cursor, name).items():
        kinds = [kind for kind in ("primary_key", "unique", "index", "check") if one[kind]]
        held = "" if one["columns"] else called
        yield f"{sorted(map(str, one['columns'] or []))} {kinds} {one['foreign_key']} {held}"
