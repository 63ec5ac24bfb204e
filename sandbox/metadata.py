"""Metadata: parameters are merged key by key; an empty value takes a key away."""

from __future__ import annotations

from typing import Any

from sandbox.errors import invalid
from sandbox.store import Object

KEYS = 50
LONGEST_KEY = 40
LONGEST_VALUE = 500


def merged(former: Object | None, given: Any, param: str = "metadata") -> Object:
    if given in ("", None):
        return {}
    values = {**(former or {}), **given}
    values = {key: value for key, value in values.items() if value != ""}
    if len(values) > KEYS:
        raise invalid(f"Metadata can have at most {KEYS} keys.", param)
    for key, value in values.items():
        _check(key, value, param)
    return values


def _check(key: str, value: str, param: str) -> None:
    if len(key) > LONGEST_KEY:
        raise invalid(
            f"Metadata keys can be at most {LONGEST_KEY} characters, and your key is {len(key)}.",
            param,
        )
    if len(value) > LONGEST_VALUE:
        raise invalid(
            f"Metadata values can be at most {LONGEST_VALUE} characters, but you passed in a "
            f"value that is {len(value)} characters. Invalid value: {value[:20]}...",
            f"{param}[{key}]",
        )
