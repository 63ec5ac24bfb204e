"""The hosted checkout page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from sandbox import cards, money
from sandbox.api import Response
from sandbox.completion import amount_now
from sandbox.countries import COUNTRIES
from sandbox.markup import Markup, choice, field, page, redirect, table, tag
from sandbox.store import Object
from sandbox.typed import Outcome, Typed
from sandbox.visit import Visit

LABELS = {"subscription": "Subscribe", "payment": "Pay", "setup": "Save card"}
CLOSED = {
    "complete": "You are all done here. This checkout session has been completed.",
    "expired": "This checkout session has expired. Please go back and start again.",
}


def checkout(visit: Visit, session_id: str) -> Response:
    session = visit.engine.account.store.get("checkout.session", session_id)
    if session is None:
        return page("Not found", tag("h1", "There is no such checkout session"), status=404)
    if session["status"] != "open":
        return _closed(session)
    if visit.method == "POST":
        return _submit(visit, session)
    visit.engine.show_tax(session["id"], Typed())
    problem = _last_problem(visit, session) if "failed" in visit.query else None
    return _page(visit, session, {}, problem)


def _closed(session: Object) -> Response:
    text = CLOSED[session["status"]]
    return page("Checkout", tag("h1", text), _back(session), status=410)


def _back(session: Object) -> Markup | None:
    url = session["cancel_url"]
    return tag("p", tag("a", "← Back", href=url)) if url else None


def _last_problem(visit: Visit, session: Object) -> str | None:
    store = visit.engine.account.store
    intent = store.by_id.get(session["setup_intent"] or session.get("_payment_intent") or "")
    if intent is None:
        return None
    error = intent.get("last_payment_error") or intent.get("last_setup_error")
    return str(error["message"]) if error else None


def _submit(visit: Visit, session: Object) -> Response:
    problem, typed = _read(visit, session)
    if typed is None:
        return _page(visit, session, visit.form, problem)
    tax = visit.engine.show_tax(session["id"], typed)
    if session["automatic_tax"]["enabled"] and visit.form.get("taxShown") != str(tax):
        return _page(visit, session, visit.form, "The total has changed with your address.")
    return _answer(visit, session, visit.engine.submit_checkout(session["id"], typed))


def _answer(visit: Visit, session: Object, outcome: Outcome) -> Response:
    if outcome.status == "declined":
        return _page(visit, session, visit.form, outcome.message)
    return redirect(visit.local(outcome.next))


def _read(visit: Visit, session: Object) -> tuple[str | None, Typed | None]:
    form = visit.form
    person = _person(visit, session)
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", person.email or "") and session["mode"] != "setup":
        return "Please enter your e-mail address.", None
    if form.get("paymentMethod") == "sepa_debit":
        return None, replace(person, method="sepa_debit", iban=form.get("iban", ""))
    problem, expiry = read_expiry(form.get("cardExpiry", ""), visit.engine.now())
    if not re.fullmatch(r"\d{3,4}", form.get("cardCvc", "").strip(), re.ASCII):
        problem = problem or "Your card's security code is incomplete."
    if problem is not None or expiry is None:
        return problem, None
    return None, replace(person, card=form.get("cardNumber", ""), expiry=expiry)


def _person(visit: Visit, session: Object) -> Typed:
    form = visit.form
    email = _email(visit, session) or form.get("email", "").strip()
    country = form.get("billingCountry", "")
    address = {part: form.get(name, "")[:200] for name, (_, part, _) in ADDRESS.items()}
    return Typed(
        name=form.get("billingName", "").strip()[:200] or None,
        email=email or None,
        country=country if country in COUNTRIES and country else None,
        address={part: text for part, text in address.items() if text},
        tax_id=form.get("taxId", "").strip()[:40] or None,
    )


def read_expiry(typed: str, now: int) -> tuple[str | None, tuple[int, int] | None]:
    found = re.fullmatch(r"\s*(\d{1,2})\s*/?\s*(\d{2}|\d{4})\s*", typed, re.ASCII)
    if found is None or not 1 <= int(found[1]) <= 12:
        return "Your card's expiration date is incomplete.", None
    month, year = int(found[1]), int(found[2])
    year += 2000 if year < 100 else 0
    today = datetime.fromtimestamp(now, UTC)
    if (year, month) < (today.year, today.month):
        return "Your card's expiration date is in the past.", None
    return None, (month, year)


def _email(visit: Visit, session: Object) -> str | None:
    customer = visit.engine.account.store.by_id.get(session["customer"] or "")
    known: str | None = customer["email"] if customer else None
    return session["customer_email"] or known


def _known_country(visit: Visit, session: Object) -> str | None:
    customer = visit.engine.account.store.by_id.get(session["customer"] or "")
    country: str | None = (customer["address"] or {}).get("country") if customer else None
    return country if country in COUNTRIES else None


def _page(visit: Visit, session: Object, form: dict[str, str], problem: str | None) -> Response:
    label = LABELS[session["mode"]]
    alert = tag("p", problem, class_="problem", role="alert") if problem else None
    return page(
        label,
        _back(session),
        tag("h1", "Save a payment method" if session["mode"] == "setup" else "Checkout"),
        alert,
        tag(
            "div",
            _summary(visit, session),
            _form(visit, session, form, label),
            class_="sides",
        ),
        hints(),
        status=402 if problem and visit.method == "POST" else 200,
        goes_to=origin(session["success_url"]),
    )


def origin(url: str | None) -> str:
    parts = urlsplit(url or "")
    plain = re.fullmatch(r"[A-Za-z0-9.:\[\]-]+", parts.netloc)
    return f"{parts.scheme}://{parts.netloc}" if plain else ""


def _summary(visit: Visit, session: Object) -> Markup | None:
    if session["mode"] == "setup":
        return tag("p", "Nothing is charged today.", class_="faint")
    currency = session["currency"]
    rows: list[list[object]] = [
        [item["description"], item["quantity"], _price(item)] for item in session["_items"]
    ]
    due = amount_now(visit.engine.account, session)
    return tag(
        "section",
        tag("p", money.shown(due, currency), class_="amount"),
        tag("p", "due today", class_="faint"),
        _tax(session),
        table(["What", "Quantity", "Price"], rows, caption="Order summary"),
        class_="card",
    )


def _tax(session: Object) -> Markup | None:
    automatic = session["automatic_tax"]
    if not automatic["enabled"]:
        return None
    if automatic["status"] != "complete":
        return tag("p", "Tax is added where it is due, by the address below.", class_="faint")
    tax = money.shown(_amount_of_tax(session), session["currency"])
    return tag("p", f"of it tax: {tax}", class_="faint")


def _amount_of_tax(session: Object) -> int:
    return int((session["total_details"] or {}).get("amount_tax", 0))


def _price(item: Object) -> str:
    recurring = item["price"]["recurring"]
    amount = money.shown(item["amount_total"], item["currency"])
    if recurring is None:
        return amount
    count, interval = recurring["interval_count"], recurring["interval"]
    return f"{amount} per {interval}" if count == 1 else f"{amount} every {count} {interval}s"


def _form(visit: Visit, session: Object, form: dict[str, str], label: str) -> Markup:
    known = _email(visit, session)
    typed = known or form.get("email", "")
    country = form.get("billingCountry", _known_country(visit, session) or "NL")
    testid = "hosted-payment-submit-button"
    return tag(
        "form",
        field("E-mail", "email", typed, type="email", autocomplete="email", readonly=bool(known)),
        _methods(form),
        field("Name", "billingName", form.get("billingName", ""), autocomplete="name"),
        *_address(session, form),
        choice("Country", "billingCountry", COUNTRIES, country),
        _tax_id(session, form),
        tag("input", type="hidden", name="taxShown", value=str(_amount_of_tax(session))),
        tag("button", label, type="submit", class_="wide", data_testid=testid),
        method="post",
        class_="card narrow",
    )


ADDRESS = {
    "billingAddressLine1": ("Address", "line1", "address-line1"),
    "billingPostalCode": ("Postal code", "postal_code", "postal-code"),
    "billingLocality": ("City", "city", "address-level2"),
}


def _address(session: Object, form: dict[str, str]) -> list[Markup]:
    if session["billing_address_collection"] != "required":
        return []
    return [
        field(label, name, form.get(name, ""), autocomplete=hint)
        for name, (label, _, hint) in ADDRESS.items()
    ]


def _tax_id(session: Object, form: dict[str, str]) -> Markup | None:
    if not session.get("tax_id_collection", {}).get("enabled"):
        return None
    return field("Tax number (optional)", "taxId", form.get("taxId", ""), autocomplete="off")


def _methods(form: dict[str, str]) -> Markup:
    debit = form.get("paymentMethod") == "sepa_debit"
    return tag(
        "fieldset",
        tag("legend", "Payment method"),
        _radio("card", "Card", checked=not debit),
        card_fields(),
        _radio("sepa_debit", "Bank debit (SEPA)", checked=debit),
        tag(
            "div",
            field("IBAN", "iban", form.get("iban", ""), autocomplete="off", spellcheck="false"),
            class_="by-debit",
        ),
        class_="radio",
    )


def _radio(value: str, label: str, *, checked: bool) -> Markup:
    box = tag("input", type="radio", name="paymentMethod", value=value, checked=checked)
    return tag("label", box, label)


def card_fields() -> Markup:
    """Never filled in again: nobody's card number is sent back."""
    return tag(
        "div",
        field(
            "Card number",
            "cardNumber",
            autocomplete="cc-number",
            inputmode="numeric",
            placeholder="1234 1234 1234 1234",
        ),
        tag(
            "div",
            field("Expiry", "cardExpiry", autocomplete="cc-exp", placeholder="MM / YY"),
            field("CVC", "cardCvc", autocomplete="cc-csc", inputmode="numeric"),
            class_="pair",
        ),
        class_="by-card",
    )


def hints() -> Markup:
    rows: list[list[object]] = [[_grouped(card.number), card.hint] for card in cards.KNOWN]
    rows.append([cards.SETTLES, "Bank debit that succeeds after three days"])
    rows.append([cards.FAILS_AT_SETTLEMENT, "Bank debit that fails after three days"])
    return tag(
        "section",
        tag("h2", "Test cards"),
        tag("p", "With any future expiry and any security code.", class_="faint"),
        table(["Number", "What it does"], rows, caption="Cards and accounts that work here"),
    )


def _grouped(number: str) -> str:
    return " ".join(re.findall(r"\d{1,4}", number))
