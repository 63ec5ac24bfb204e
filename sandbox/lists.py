"""Stripe's lists: newest first, in pages that are asked for by the id at their edge."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from sandbox import errors
from sandbox.account import Account
from sandbox.parameters import Form
from sandbox.store import Object

Test = Callable[[Object], bool]

LIMIT = 10


def page(
    account: Account,
    kind: str,
    params: Form,
    url: str,
    *,
    source: Iterable[Object] | None = None,
    test: Test | None = None,
) -> Object:
    """A page of all objects of a kind, or of `source`, which has to be newest first."""
    found = account.store.newest_first(kind) if source is None else source
    tests = [test] if test else []
    if "created" in params:
        tests.append(between("created", params["created"]))
    if params.get("ending_before"):
        items = [item for item in found if all(check(item) for check in tests)]
        return cut(items, kind, params, url)
    return _next(found, tests, kind, params, url)


def _next(found: Iterable[Object], tests: list[Test], kind: str, params: Form, url: str) -> Object:
    """A page looks only as far as it reaches: a hundred thousand objects are a thousand pages."""
    limit, after = _limit(params), params.get("starting_after")
    rest = iter(found)
    if after and not any(item["id"] == after for item in rest):
        raise errors.no_such(kind, after, "starting_after")
    items = [*islice((item for item in rest if all(check(item) for check in tests)), limit + 1)]
    return _list(items[:limit], len(items) > limit, url)


def cut(items: list[Object], kind: str, params: Form, url: str) -> Object:
    limit = _limit(params)
    after, before = params.get("starting_after"), params.get("ending_before")
    if after and before:
        raise errors.invalid(
            "You can only provide one of `starting_after` and `ending_before`.", "starting_after"
        )
    if before:
        newer = items[: _position(items, kind, before, "ending_before")]
        return _list(newer[-limit:], len(newer) > limit, url)
    older = items[_position(items, kind, after, "starting_after") + 1 :] if after else items
    return _list(older[:limit], len(older) > limit, url)


def whole(items: list[Object], url: str) -> Object:
    """A list inside an object, which shows at most ten."""
    return _list(items[:LIMIT], len(items) > LIMIT, url)


def _list(data: list[Object], has_more: bool, url: str) -> Object:
    return {"object": "list", "data": data, "has_more": has_more, "url": url}


def _limit(params: Form) -> int:
    limit = int(params.get("limit", LIMIT))
    if limit < 1:
        raise errors.invalid(
            "This value must be greater than or equal to 1.", "limit", "parameter_invalid_integer"
        )
    if limit > 100:
        raise errors.invalid(
            f"This value must be less than or equal to 100 (it currently is '{limit}').",
            "limit",
            "parameter_invalid_integer",
        )
    return limit


def _position(items: list[Object], kind: str, identifier: str, param: str) -> int:
    for position, item in enumerate(items):
        if item["id"] == identifier:
            return position
    raise errors.no_such(kind, identifier, param)


COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    "gt": lambda value, bound: value > bound,
    "gte": lambda value, bound: value >= bound,
    "lt": lambda value, bound: value < bound,
    "lte": lambda value, bound: value <= bound,
}


def between(field: str, bounds: Any) -> Test:
    if not isinstance(bounds, dict):
        return lambda item: bool(item[field] == bounds)
    return lambda item: all(COMPARISONS[name](item[field], at) for name, at in bounds.items())


def having(params: Form, *names: str) -> Test:
    """Those whose fields are as the parameters of the same name ask."""
    asked = {name: params[name] for name in names if name in params}
    return lambda item: all(item[name] == value for name, value in asked.items())
