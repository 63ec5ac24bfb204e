"""The bank's page for 3-D Secure, where someone agrees to a payment or does not."""

from __future__ import annotations

from sandbox.api import Response
from sandbox.checkout_page import origin
from sandbox.markup import page, redirect, tag
from sandbox.store import Object
from sandbox.typed import Outcome
from sandbox.visit import Visit, minute


def authentication(visit: Visit, intent_id: str) -> Response:
    intent = visit.engine.account.store.by_id.get(intent_id)
    if intent is None or intent["object"] not in ("payment_intent", "setup_intent"):
        return page("Not found", tag("h1", "There is nothing to authenticate"), status=404)
    if visit.method == "POST":
        outcome = visit.engine.authenticate(
            intent_id, succeed=visit.form.get("result") == "complete"
        )
        return redirect(_after(visit, intent, outcome))
    if intent["status"] != "requires_action":
        return page("Done", tag("h1", "There is nothing to authenticate any more"), status=410)
    return page(
        "3D Secure",
        tag("h1", "3D Secure test page"),
        tag("p", f"Your bank asks whether this is you. It is {minute(visit.engine.now())}."),
        tag(
            "form",
            tag("button", "Complete authentication", name="result", value="complete"),
            " ",
            tag("button", "Fail authentication", name="result", value="fail", class_="plain"),
            method="post",
            class_="card",
        ),
        goes_to=origin(_session_url(visit, intent)),
    )


def _sessions(visit: Visit, intent: Object) -> list[Object]:
    kind = "setup_intent" if intent["object"] == "setup_intent" else "_payment_intent"
    return visit.engine.account.store.where("checkout.session", kind, intent["id"])


def _session_url(visit: Visit, intent: Object) -> str | None:
    sessions = _sessions(visit, intent)
    return sessions[0]["success_url"] if sessions else None


def _after(visit: Visit, intent: Object, outcome: Outcome) -> str:
    if outcome.ok and outcome.next:
        return visit.local(outcome.next)
    for session in _sessions(visit, intent):
        return f"/c/pay/{session['id']}?failed=1"
    store = visit.engine.account.store
    for payment in store.where("invoice_payment", "_payment_intent", intent["id"]):
        invoice = store.by_id[payment["invoice"]]
        return visit.local(invoice["hosted_invoice_url"]) + ("" if outcome.ok else "?failed=1")
    return "/"
