"""What may be written where everybody reads it: names that can be seen, addresses that lead to a page,
and cells that are words."""

import unicodedata
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

# Joins letters and emoji that belong together; every other invisible character may mislead.
_JOINERS = {"\u200c", "\u200d"}


def visible_text(text: str) -> None:
    """Refuses names that turn the text around them, or in which there is nothing to see."""
    if any(unicodedata.category(c) in {"Cc", "Cf", "Co"} for c in text if c not in _JOINERS):
        raise ValidationError("Leave out the characters that cannot be seen.")
    if not any(unicodedata.category(c)[0] in "LNS" for c in text):
        raise ValidationError("A name has at least one letter or digit.")


def public_address(address: str) -> None:
    """Refuses addresses that are no web page, or that carry a user and a password."""
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc:
        raise ValidationError("Give the address of a web page: https://example.org.")


def harmless(cell: str) -> str:
    """A cell that a spreadsheet reads as words. What begins like a formula could do things on the
    desk of who opens it; amounts are numbers and stay."""
    is_number = cell.removeprefix("-").replace(".", "", 1).isdecimal()
    begins = cell.lstrip()[:1]
    return f"'{cell}" if not is_number and begins in {*"=+-@|%", "\t", "\r"} and begins else cell
