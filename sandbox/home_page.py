"""The sandbox's front page: the clock, open checkouts, troubles, and ways into everything."""

from __future__ import annotations

from sandbox import checkout, faults, money, periods
from sandbox.api import Response
from sandbox.clock import DAY
from sandbox.deliveries import MODES
from sandbox.looking_page import kinds
from sandbox.markup import Markup, button, choice, field, page, redirect, table, tag
from sandbox.visit import Visit, minute

STEPS = {"day": "Advance a day", "month": "Advance a month", "quarter": "Advance three months"}


def home(visit: Visit) -> Response:
    return page(
        "Home",
        tag("h1", "Sandbox"),
        tag("p", "An offline Stripe for trying things out."),
        _clock(visit),
        _checkouts(visit),
        _objects(visit),
        _faults(visit),
        _webhooks(visit),
    )


def _clock(visit: Visit) -> Markup:
    buttons = [button(label, "/clock", name="step", value=step) for step, label in STEPS.items()]
    return tag(
        "section", tag("h2", "Clock"), tag("p", "It is ", minute(visit.engine.now())), *buttons
    )


def advance(visit: Visit) -> Response:
    now = visit.engine.now()
    step = visit.form.get("step")
    targets = {
        "day": now + DAY,
        "month": periods.add_months(now, 1),
        "quarter": periods.add_months(now, 3),
    }
    if visit.method == "POST" and step in targets:
        visit.engine.advance(targets[step])
    return redirect("/")


def _checkouts(visit: Visit) -> Markup:
    rows: list[list[object]] = [
        [
            tag("a", session["id"][:24] + "…", href=f"/c/pay/{session['id']}"),
            session["mode"],
            money.shown(session["amount_total"] or 0, session["currency"]),
            minute(session["expires_at"]),
        ]
        for session in checkout.open_sessions(visit.engine.account)[:20]
    ]
    head = ["Session", "Mode", "Amount", "Expires"]
    listed = table(head, rows, caption="Waiting to be paid") if rows else tag("p", "None.")
    return tag("section", tag("h2", "Open checkout sessions"), listed)


def _objects(visit: Visit) -> Markup:
    entries = [
        tag("li", tag("a", kind, href=f"/objects/{kind}"), f" ({number})")
        for kind, number in kinds(visit).items()
    ]
    return tag(
        "section",
        tag("h2", "Objects and deliveries"),
        tag("ul", *entries, class_="columns"),
        tag("p", tag("a", "Deliveries of webhooks", href="/deliveries")),
    )


def _faults(visit: Visit) -> Markup:
    waiting = [
        tag("li", f"{fault.kind}, {fault.times} times, for {fault.operation}")
        for fault in visit.engine.faults.waiting
    ]
    options = {kind: kind.replace("_", " ") for kind in faults.KINDS}
    form = tag(
        "form",
        field("Operation", "operation", "*", required=True),
        choice("Fault", "kind", options),
        field("Times", "times", "1", type="number", min="1", max="1000"),
        tag("button", "Add"),
        method="post",
        action="/faults",
        class_="card narrow",
    )
    return tag(
        "section",
        tag("h2", "Faults of the API"),
        tag("ul", *waiting) if waiting else tag("p", "None are waiting."),
        button("Clear all", "/faults", name="clear", value="1") if waiting else None,
        form,
    )


def change_faults(visit: Visit) -> Response:
    if visit.method == "POST":
        if "clear" in visit.form:
            visit.engine.faults.clear()
        elif visit.form.get("kind") in faults.KINDS:
            operation = visit.form.get("operation") or "*"
            visit.engine.faults.add(operation, visit.form["kind"], _times(visit) or 1)
    return redirect("/")


def _times(visit: Visit) -> int | None:
    typed = visit.form.get("times", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else None


def _webhooks(visit: Visit) -> Markup:
    troubles = visit.engine.knobs.troubles
    waiting = [
        tag("li", f"{trouble.mode}, {trouble.times or 'all'}, {', '.join(trouble.types) or '*'}")
        for trouble in troubles
    ]
    form = tag(
        "form",
        choice("Trouble", "mode", {mode: mode for mode in MODES}),
        field("Times (empty: until cleared)", "times", "1"),
        field("Event types (empty: all)", "types"),
        tag("button", "Add"),
        method="post",
        action="/webhooks",
        class_="card narrow",
    )
    return tag(
        "section",
        tag("h2", "Troubles with webhooks"),
        tag("ul", *waiting) if waiting else tag("p", "None."),
        button("Clear all", "/webhooks", name="clear", value="1") if waiting else None,
        form,
    )


def change_webhooks(visit: Visit) -> Response:
    if visit.method == "POST":
        if "clear" in visit.form:
            visit.engine.knobs.clear()
        elif visit.form.get("mode") in MODES:
            types = visit.form.get("types", "").replace(",", " ").split()
            visit.engine.knobs.add(visit.form["mode"], times=_times(visit), types=types)
    return redirect("/")
