"""What applicants do, and what organisers ask them."""

TABLE: dict[str, dict[str, tuple[object, ...]]] = {}


def names(town):
    return {}
