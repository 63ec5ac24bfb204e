"""The customer portal's page: the card, the invoices, and canceling at the period's end."""

from __future__ import annotations

from sandbox import money, renewals
from sandbox.api import Response
from sandbox.checkout_page import card_fields, hints, origin, read_expiry
from sandbox.markup import Markup, page, redirect, table, tag
from sandbox.store import Object
from sandbox.visit import Visit, day


def portal(visit: Visit, token: str, action: str = "") -> Response:
    session = visit.engine.account.store.get("billing_portal.session", token.rpartition("_")[0])
    if session is None or not session["url"].endswith(token):
        return page("Not found", tag("h1", "There is no such portal session"), status=404)
    problem = _act(visit, session, action) if visit.method == "POST" else None
    if visit.method == "POST" and problem is None:
        return redirect(_then(session) or f"/p/session/{token}")
    return _page(visit, session, token, problem)


def _then(session: Object) -> str | None:
    """Where a page for one thing leads when that is done."""
    redirected = session["flow"] and session["flow"]["after_completion"]["redirect"]
    return str(redirected["return_url"]) if redirected else None


def _features(visit: Visit, session: Object) -> Object:
    configuration = visit.engine.account.store.by_id[session["configuration"]]
    features: Object = configuration["features"]
    return features


def _act(visit: Visit, session: Object, action: str) -> str | None:
    """What someone asked for, if the configuration allows it; the answer is what went wrong."""
    features = _features(visit, session)
    if action == "card" and features["payment_method_update"]["enabled"]:
        return _replace(visit, session)
    if action in ("cancel", "keep") and features["subscription_cancel"]["enabled"]:
        return _cancel(visit, session, wanted=action == "cancel")
    return "That is not possible here."


def _replace(visit: Visit, session: Object) -> str | None:
    problem, _ = read_expiry(visit.form.get("cardExpiry", ""), visit.engine.now())
    if problem:
        return problem
    outcome = visit.engine.replace_card(
        session["customer"],
        visit.form.get("cardNumber", ""),
        everywhere=session["flow"] is None,
    )
    return outcome.message


def _cancel(visit: Visit, session: Object, *, wanted: bool) -> str | None:
    subscriptions = _subscriptions(visit, session)
    asked = visit.form.get("subscription")
    if asked not in {subscription["id"] for subscription in subscriptions}:
        return "There is no such subscription."
    at_once = _features(visit, session)["subscription_cancel"]["mode"] == "immediately"
    visit.engine.cancel_in_portal(
        str(asked),
        wanted=wanted,
        at_once=at_once,
        feedback=visit.form.get("feedback", ""),
        comment=visit.form.get("comment", "")[:500],
    )
    return None


def _subscriptions(visit: Visit, session: Object) -> list[Object]:
    found = visit.engine.account.store.where("subscription", "customer", session["customer"])
    return [subscription for subscription in found if subscription["ended_at"] is None]


def _page(visit: Visit, session: Object, token: str, problem: str | None) -> Response:
    features = _features(visit, session)
    back = session["return_url"]
    head = (
        tag("p", tag("a", "← Back", href=back)) if back else None,
        tag("h1", "Your card" if session["flow"] else "Your billing"),
        tag("p", problem, class_="problem", role="alert") if problem else None,
    )
    if session["flow"]:
        card = _card(visit, session, token, features)
        there = origin(_then(session) or "")
        status = 402 if problem else 200
        return page("Billing", *head, card, hints(), status=status, goes_to=there)
    return page(
        "Billing",
        *head,
        _list(visit, session, token, features),
        _card(visit, session, token, features),
        _invoices(visit, session) if features["invoice_history"]["enabled"] else None,
        hints() if features["payment_method_update"]["enabled"] else None,
        status=402 if problem else 200,
    )


def _list(visit: Visit, session: Object, token: str, features: Object) -> Markup:
    entries = [
        _entry(visit, one, token, features["subscription_cancel"])
        for one in _subscriptions(visit, session)
    ]
    return tag("section", tag("h2", "Subscriptions"), *(entries or [tag("p", "None.")]))


def _entry(visit: Visit, subscription: Object, token: str, cancel: Object) -> Markup:
    end = day(renewals.period_end(subscription))
    ending = subscription["cancel_at_period_end"]
    action, label = ("keep", "Don't cancel") if ending else ("cancel", "Cancel subscription")
    control = tag(
        "form",
        *(() if ending else _reason(cancel["cancellation_reason"], subscription["id"])),
        tag("button", label, type="submit", name="subscription", value=subscription["id"]),
        method="post",
        action=f"/p/session/{token}/{action}",
    )
    names = [_named(visit, item) for item in subscription["items"]["data"]]
    return tag(
        "div",
        tag("p", ", ".join(names)),
        tag("p", f"Ends on {end}" if ending else f"Renews on {end}", class_="faint"),
        control if cancel["enabled"] else None,
        class_="card",
    )


def _reason(asks: Object, subscription_id: str) -> tuple[Markup, ...]:
    """Why somebody cancels, if the configuration asks that."""
    if not asks["enabled"]:
        return ()
    offered = {"": "No reason", **{one: one.replace("_", " ") for one in asks["options"]}}
    options = [tag("option", text, value=value) for value, text in offered.items()]
    reason, comment = f"feedback-{subscription_id}", f"comment-{subscription_id}"
    return (
        tag("label", "Reason", for_=reason),
        tag("select", *options, name="feedback", id=reason),
        tag("label", "Comment", for_=comment),
        tag("input", type="text", name="comment", id=comment, maxlength=500),
    )


def _named(visit: Visit, item: Object) -> str:
    price = item["price"]
    product = visit.engine.account.store.by_id[price["product"]]
    amount = money.shown(price["unit_amount"] * item["quantity"], price["currency"])
    return f"{product['name']}, {amount} per {price['recurring']['interval']}"


def _card(visit: Visit, session: Object, token: str, features: Object) -> Markup:
    store = visit.engine.account.store
    customer = store.by_id[session["customer"]]
    names = [one["default_payment_method"] for one in _subscriptions(visit, session)]
    names.append(customer["invoice_settings"]["default_payment_method"])
    methods = {name: store.by_id[name] for name in names if name}
    lines = [tag("p", _method(method)) for method in methods.values()]
    form = tag(
        "form",
        card_fields(),
        tag(
            "button",
            "Save card",
            type="submit",
            class_="wide",
            data_testid="hosted-payment-submit-button",
        ),
        method="post",
        action=f"/p/session/{token}/card",
        class_="card narrow",
    )
    allowed = features["payment_method_update"]["enabled"]
    return tag(
        "section",
        tag("h2", "Payment method"),
        *(lines or [tag("p", "None.")]),
        form if allowed else None,
    )


def _method(method: Object) -> str:
    details = method[method["type"]]
    if method["type"] == "sepa_debit":
        return f"Bank debit ending in {details['last4']}"
    brand = details["brand"].capitalize()
    return f"{brand} ending in {details['last4']}, {details['exp_month']}/{details['exp_year']}"


def _invoices(visit: Visit, session: Object) -> Markup:
    found = visit.engine.account.store.where("invoice", "customer", session["customer"])[::-1]
    rows: list[list[object]] = [
        [
            tag("a", invoice["number"], href=visit.local(invoice["hosted_invoice_url"])),
            day(invoice["created"]),
            money.shown(invoice["total"], invoice["currency"]),
            invoice["status"],
        ]
        for invoice in found
        if invoice["number"]
    ]
    head = ["Invoice", "Date", "Amount", "Status"]
    return tag("section", tag("h2", "Invoices"), table(head, rows, caption="All invoices"))
