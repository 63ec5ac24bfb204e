"""Stripe's bracketed form: `items[0][price]=price_1` becomes lists and dictionaries."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

from sandbox import errors

Form = dict[str, Any]

BRACKETS = re.compile(r"\[([^\[\]]*)\]")
DEPTH = 12


def decode(raw: str) -> Form:
    """Every leaf is a string; numbered keys stay keys until a type says that they make a list."""
    root: Form = {}
    try:
        pairs = parse_qsl(raw, keep_blank_values=True, max_num_fields=5000)
    except ValueError:
        raise errors.invalid("The request has too many parameters.") from None
    for name, value in pairs:
        _place(root, _steps(name), value)
    return root


def _steps(name: str) -> list[str]:
    head, bracket, tail = name.partition("[")
    steps = [head, *BRACKETS.findall(bracket + tail)]
    if len(steps) > DEPTH:
        raise errors.invalid(f"Invalid parameter name: {name[:80]}")
    return steps


def _place(root: Form, steps: list[str], value: str) -> None:
    node = root
    for step in steps[:-1]:
        key = step or str(len(node))
        if not isinstance(node.get(key), dict):
            node[key] = {}
        node = node[key]
    node[steps[-1] or str(len(node))] = value
