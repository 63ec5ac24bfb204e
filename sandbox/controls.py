"""The sandbox's knobs as JSON over HTTP, under /_sandbox/."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import Any

from sandbox import checkout, expansion
from sandbox.account import ADDRESS
from sandbox.api import Response
from sandbox.engine import Engine
from sandbox.errors import StripeError

Given = dict[str, Any]
FARTHEST = 100 * 366 * 86400


class NotUnderstood(Exception):
    """The request makes no sense; the message says why."""


def clock(engine: Engine) -> Response:
    """Asked for about once a second by each process of a site: no lock, no thread."""
    now = engine.account.clock.precise()
    return reply({"now": now, "offset": engine.account.clock.offset})


def _advance(engine: Engine, given: Given) -> Response:
    if "to" in given:
        to = _number(given["to"], "to")
    elif "advance" in given:
        to = engine.now() + _number(given["advance"], "advance")
    else:
        raise NotUnderstood('Send {"advance": seconds} or {"to": seconds since 1970}.')
    if not engine.now() <= to <= engine.now() + FARTHEST:
        raise NotUnderstood("The clock goes forward only, and at most a hundred years.")
    engine.advance(to)
    return clock(engine)


def _number(value: Any, name: str) -> int:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not math.isfinite(value):
        raise NotUnderstood(f"{name} has to be a number.")
    return int(value)


def _list_faults(engine: Engine, given: Given) -> Response:
    return reply({"faults": engine.faults.listed()})


def _add_fault(engine: Engine, given: Given) -> Response:
    times = _number(given.get("times", 1), "times")
    try:
        engine.faults.add(str(given.get("operation", "*")), str(given.get("kind")), times)
    except ValueError as problem:
        raise NotUnderstood(str(problem)) from problem
    return _list_faults(engine, given)


def _clear_faults(engine: Engine, given: Given) -> Response:
    engine.faults.clear()
    return _list_faults(engine, given)


def _list_troubles(engine: Engine, given: Given) -> Response:
    return reply({"webhooks": engine.knobs.listed()})


def _add_trouble(engine: Engine, given: Given) -> Response:
    times = given.get("times")
    types = given.get("types") or []
    if not isinstance(types, list):
        raise NotUnderstood("types has to be a list of event types.")
    try:
        engine.knobs.add(
            str(given.get("mode")),
            times=None if times is None else _number(times, "times"),
            types=[str(type) for type in types],
            seconds=_number(given.get("seconds", 60), "seconds"),
        )
    except ValueError as problem:
        raise NotUnderstood(str(problem)) from problem
    return _list_troubles(engine, given)


def _clear_troubles(engine: Engine, given: Given) -> Response:
    engine.knobs.clear()
    return _list_troubles(engine, given)


def _truth(engine: Engine, given: Given) -> Response:
    return reply(engine.truth())


def _rejections(engine: Engine, given: Given) -> Response:
    return reply({"rejections": list(engine.rejections)})


def _checkouts(engine: Engine, given: Given) -> Response:
    with engine.lock:
        sessions = [expansion.visible(one) for one in checkout.open_sessions(engine.account)]
    body = json.dumps({"sessions": sessions}).replace(ADDRESS, engine.address)
    return Response(200, {"Content-Type": "application/json"}, body.encode())


def _rate(engine: Engine, given: Given) -> Response:
    if "calls_a_second" in given:
        limit = _number(given["calls_a_second"], "calls_a_second")
        engine.account.settings.calls_a_second = limit
    return reply({"calls_a_second": engine.account.settings.calls_a_second})


def _pay_out(engine: Engine, given: Given) -> Response:
    amount = given.get("amount")
    wanted = None if amount is None else _number(amount, "amount")
    return reply({"payout": engine.pay_out(str(given.get("currency")), wanted)})


CONTROLS: dict[tuple[str, str], Callable[[Engine, Given], Response]] = {
    ("GET", "clock"): lambda engine, given: clock(engine),
    ("POST", "clock"): _advance,
    ("GET", "faults"): _list_faults,
    ("POST", "faults"): _add_fault,
    ("DELETE", "faults"): _clear_faults,
    ("GET", "webhooks"): _list_troubles,
    ("POST", "webhooks"): _add_trouble,
    ("DELETE", "webhooks"): _clear_troubles,
    ("GET", "rate"): _rate,
    ("POST", "rate"): _rate,
    ("POST", "payouts"): _pay_out,
    ("GET", "truth"): _truth,
    ("GET", "rejections"): _rejections,
    ("GET", "checkout"): _checkouts,
}


def answer(engine: Engine, method: str, path: str, body: bytes) -> Response:
    name = path.removeprefix("/_sandbox/").rstrip("/")
    try:
        again = re.fullmatch(r"events/(\w+)/resend", name)
        if again is not None and method == "POST":
            engine.resend(again[1])
            return reply({"resent": again[1]})
        control = CONTROLS.get((method, name))
        if control is None:
            return reply({"error": f"There is no {method} {path}."}, 404)
        return control(engine, _given(body))
    except NotUnderstood as problem:
        return reply({"error": str(problem)}, 400)
    except StripeError as refusal:
        return reply({"error": str(refusal)}, refusal.status)


def _given(body: bytes) -> Given:
    if not body.strip():
        return {}
    try:
        given = json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise NotUnderstood("The body is not JSON.") from problem
    if not isinstance(given, dict):
        raise NotUnderstood("The body has to be an object.")
    return given


def reply(content: Given, status: int = 200) -> Response:
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    return Response(status, headers, json.dumps(content).encode())
