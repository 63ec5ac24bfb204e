"""A short child table as one JSON column of its parent's row, so that a page with many short lists
asks once for all of them.

    Project.objects.annotate(goal_rows=Rows(Goal.objects.filter(project=OuterRef("pk")).values(…)))
    rows.of(project, "goal_rows")  # [{"title": "Maintenance", "days": Decimal("3")}, …]

Numbers come back as Decimal or int, days as ISO text."""

import json
from decimal import Decimal
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet, Subquery, TextField
from django.db.models.sql.compiler import SQLCompiler


class Rows(Subquery):
    """The rows of a `values()` queryset that refers to the outer row, as JSON text."""

    output_field = TextField()

    def __init__(self, queryset: QuerySet[Any, Any]) -> None:
        super().__init__(queryset)
        self.names = [*self.query.values_select, *self.query.annotation_select]

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        template: str | None = None,
        **extra: Any,
    ) -> Any:
        if connection.vendor == "sqlite":
            pairs = ", ".join(f"'{name}', rows_.\"{name}\"" for name in self.names)
            whole = f"json_group_array(json_object({pairs}))"
        else:
            whole = "COALESCE(json_agg(rows_), '[]')::text"
        template = f"(SELECT {whole} FROM (%(subquery)s) rows_)"  # noqa: S608 - our own names
        return super().as_sql(compiler, connection, template, **extra)


def of(parent: Model, column: str) -> list[dict[str, Any]]:
    """What such a column of a row says."""
    read: list[dict[str, Any]] = json.loads(getattr(parent, column), parse_float=Decimal)
    return read
