"""Names in addresses: what something is called becomes a part of its page's address, once."""

from collections.abc import Set
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.utils.text import slugify

LONGEST = 50
RESERVED = frozenset({"new", "edit", "admin", "help", "home"})


def free(
    model: type[Model],
    name: str,
    *,
    among: "QuerySet[Any] | None" = None,
    reserved: Set[str] = RESERVED,
) -> str:
    """An address that nothing of this model has yet (or nothing `among` its rows), as near to the
    name as can be. Names without a Latin letter get the model's own word."""
    stem = slugify(name)[:LONGEST].strip("-") or str(model._meta.verbose_name)
    rows = model._default_manager.all() if among is None else among
    taken = set(rows.filter(slug__startswith=stem).values_list("slug", flat=True))
    if stem not in taken | reserved:
        return stem
    number = 2
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"


def save_new(
    row: Model,
    name: str,
    *,
    among: "QuerySet[Any] | None" = None,
    reserved: Set[str] = RESERVED,
) -> None:
    """Save a new row under an address of its own. Of two who ask at once for the same, the second
    gets the next."""
    model = type(row)
    rows = model._default_manager.all() if among is None else among
    for _ in range(5):
        row.slug = free(model, name, among=rows, reserved=reserved)  # type: ignore[attr-defined]
        try:
            with transaction.atomic():
                row.save(force_insert=True)
            return
        except IntegrityError:
            if not rows.filter(slug=row.slug).exists():  # type: ignore[attr-defined]
                raise  # another rule refused it
    raise RuntimeError(f"No address is free for {name}.")
