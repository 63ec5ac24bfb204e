"""Names in addresses: what something is called becomes a part of its page's address, once."""

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.text import slugify

LONGEST = 50
RESERVED = frozenset({"new", "edit", "admin", "help", "home"})


def free(model: type[Model], name: str) -> str:
    """An address that nothing of this model has yet, as near to the name as can be. Names without
    a Latin letter get the model's own word."""
    stem = slugify(name)[:LONGEST].strip("-") or str(model._meta.verbose_name)
    taken = set(
        model._default_manager.filter(slug__startswith=stem).values_list("slug", flat=True)
    )
    if stem not in taken | RESERVED:
        return stem
    number = 2
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"


def save_new(row: Model, name: str) -> None:
    """Save a new row under an address of its own. Of two who ask at once for the same, the second
    gets the next."""
    model = type(row)
    for _ in range(5):
        row.slug = free(model, name)  # type: ignore[attr-defined]
        try:
            with transaction.atomic():
                row.save(force_insert=True)
            return
        except IntegrityError:
            if not model._default_manager.filter(slug=row.slug).exists():  # type: ignore[attr-defined]
                raise  # another rule refused it
    raise RuntimeError(f"No address is free for {name}.")
