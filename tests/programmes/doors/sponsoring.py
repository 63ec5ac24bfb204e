"""What sponsors do: seats, promises, and the page on which they see what became of it."""

TABLE: dict[str, dict[str, tuple[object, ...]]] = {}


def names(town):
    return {}
