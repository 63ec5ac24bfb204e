"""What each request may carry, read from the typed parameters of the installed stripe package.

Each description is read when an operation is first asked for, and kept.
"""

from __future__ import annotations

import re
import sys
import types
import typing
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

import stripe
import stripe.params
import typing_extensions
from stripe._request_options import RequestOptions

from sandbox.errors import StripeError, invalid, missing
from sandbox.parameters import Form

OPTIONS = frozenset(RequestOptions.__annotations__)
LITERALS = (typing.Literal, typing_extensions.Literal)
UNIONS = (typing.Union, types.UnionType)
NUMBERED = re.compile(r"\d+")


class Parameter(NamedTuple):
    hint: Any
    required: bool


class Checked(NamedTuple):
    value: Any
    problems: list[StripeError]


def parameters(name: str) -> type | None:
    """The parameters' class by the name it has under `stripe.params`; '' means that none fit."""
    if not name:
        return None
    found: Any = stripe.params
    for step in name.split("."):
        found = getattr(found, step)
    return typing.cast(type, found)


@cache
def fields(cls: type) -> dict[str, Parameter]:
    names = {"StripeContext": object, "Mapping": Mapping}
    module = vars(sys.modules[cls.__module__])
    hints = typing.get_type_hints(cls, {**module, **names}, include_extras=True)
    optional: frozenset[str] = getattr(cls, "__optional_keys__", frozenset())
    found = {}
    for name, hint in hints.items():
        if name in OPTIONS:
            continue
        loose = typing.get_origin(hint) in (typing.NotRequired, typing_extensions.NotRequired)
        bare = typing.get_args(hint)[0] if loose else hint
        # A trailing underscore keeps a name such as `from` out of Python's way.
        found[name.removesuffix("_")] = Parameter(bare, not loose and name not in optional)
    return found


def check(cls: type | None, form: Form) -> Form:
    """The parameters with their types, or Stripe's complaint about the first that is wrong."""
    checked = _structure(cls, form, "")
    if checked.problems:
        raise checked.problems[0]
    return typing.cast(Form, checked.value)


def _structure(cls: type | None, form: Any, path: str) -> Checked:
    if not isinstance(form, dict):
        return _wrong(form, invalid("Invalid object", path))
    known = fields(cls) if cls is not None else {"expand": Parameter(list[str], False)}
    values: Form = {}
    problems: list[StripeError] = []
    for name, part in form.items():
        place = f"{path}[{name}]" if path else name
        if name not in known:
            problems.append(_unknown(place))
            continue
        values[name], found = _value(known[name].hint, part, place)
        problems += found
    for name, parameter in known.items():
        if parameter.required and name not in form:
            problems.append(missing(f"{path}[{name}]" if path else name))
    return Checked(values, problems)


def _unknown(place: str) -> StripeError:
    return invalid(f"Received unknown parameter: {place}", place, "parameter_unknown")


def _wrong(value: Any, problem: StripeError) -> Checked:
    return Checked(value, [problem])


def _value(hint: Any, value: Any, path: str) -> Checked:
    origin = typing.get_origin(hint)
    if origin in UNIONS:
        return _any_of(typing.get_args(hint), value, path)
    if origin in LITERALS:
        return _literal(typing.get_args(hint), value, path)
    if origin is list:
        return _list(typing.get_args(hint)[0], value, path)
    if origin is dict or origin is Mapping or origin is types.MappingProxyType:
        return _mapping(typing.get_args(hint)[1], value, path)
    if isinstance(hint, type) and issubclass(hint, dict):
        return _structure(hint, value, path)
    return _plain(hint, value, path)


def _any_of(hints: tuple[Any, ...], value: Any, path: str) -> Checked:
    choices = [hint for hint in hints if "UntypedStripeObject" not in str(hint)]
    if any(typing.get_origin(hint) in LITERALS and hint not in EMPTY for hint in choices):
        # Generated enumerations are open for reading; a request has to name a known value.
        choices = [hint for hint in choices if hint is not str]
    attempts = [_value(hint, value, path) for hint in choices if hint is not type(None)]
    return min(attempts, key=lambda checked: _unlikeness(checked, value))


def _unlikeness(checked: Checked, value: Any) -> tuple[int, bool]:
    """Among alternatives that all fail, the one of the same form as the value tells most."""
    same_form = isinstance(value, dict) == isinstance(checked.value, (dict, list))
    general = any(problem.code is None for problem in checked.problems)
    return len(checked.problems), not same_form or general


EMPTY = (typing.Literal[""], typing_extensions.Literal[""])


def _literal(choices: tuple[Any, ...], value: Any, path: str) -> Checked:
    if isinstance(value, str):
        for choice in choices:
            if value == str(choice).lower() or value == choice:
                return Checked(choice, [])
    allowed = ", ".join(str(choice) for choice in choices[:12])
    last = path.rsplit("[", 1)[-1].rstrip("]")
    return _wrong(value, invalid(f"Invalid {last}: must be one of {allowed}", path))


def _list(inner: Any, value: Any, path: str) -> Checked:
    if value == "":
        return Checked([], [])
    if not isinstance(value, dict) or not all(NUMBERED.fullmatch(key) for key in value):
        return _wrong(value, invalid("Invalid array", path))
    found = [_value(inner, value[key], f"{path}[{key}]") for key in sorted(value, key=int)]
    return Checked([entry.value for entry in found], [p for e in found for p in e.problems])


def _mapping(inner: Any, value: Any, path: str) -> Checked:
    if not isinstance(value, dict):
        return _wrong(value, invalid("Invalid object", path))
    found = {key: _value(inner, part, f"{path}[{key}]") for key, part in value.items()}
    return Checked(
        {key: entry.value for key, entry in found.items()},
        [problem for entry in found.values() for problem in entry.problems],
    )


def _plain(hint: Any, value: Any, path: str) -> Checked:
    if not isinstance(value, str):
        return _wrong(value, invalid(f"Invalid {NAMES.get(hint, 'value')}", path))
    if hint not in CONVERSIONS:
        return Checked(value, [])
    try:
        return Checked(CONVERSIONS[hint](value), [])
    except (ValueError, ArithmeticError):
        name = NAMES[hint]
        code = f"parameter_invalid_{name}"
        return _wrong(value, invalid(f"Invalid {name}: {value[:80]}", path, code))


def _integer(value: str) -> int:
    if not re.fullmatch(r"-?\d{1,15}", value, re.ASCII):
        raise ValueError(value)
    return int(value)


def _boolean(value: str) -> bool:
    return {"true": True, "false": False}[value] if value in ("true", "false") else _refuse(value)


def _refuse(value: str) -> bool:
    raise ValueError(value)


def _decimal(value: str) -> str:
    if not Decimal(value).is_finite():
        raise ValueError(value)
    return value


NAMES = {int: "integer", bool: "boolean", float: "number", Decimal: "decimal", str: "string"}
CONVERSIONS: dict[Any, Callable[[str], Any]] = {
    int: _integer,
    bool: _boolean,
    float: float,
    Decimal: _decimal,
}
