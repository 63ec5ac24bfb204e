"""The hosted invoice page, its page for printing, and the receipt."""

from __future__ import annotations

from sandbox import money
from sandbox.api import Response
from sandbox.checkout_page import card_fields, hints, read_expiry
from sandbox.invoices import is_sent
from sandbox.markup import Markup, page, redirect, table, tag
from sandbox.replacement import PAYABLE
from sandbox.store import Object
from sandbox.visit import Visit, day

ORDERED = "The bank transfer is on its way. It takes three days."


def _invoice(visit: Visit, token: str) -> Object | None:
    """The address is a secret, so that its last part has to fit as well."""
    identifier = token.rpartition("_")[0]
    invoice = visit.engine.account.store.get("invoice", identifier)
    if invoice is None or not (invoice["hosted_invoice_url"] or "").endswith(token):
        return None
    return invoice


def hosted(visit: Visit, token: str) -> Response:
    invoice = _invoice(visit, token)
    if invoice is None:
        return page("Not found", tag("h1", "There is no such invoice"), status=404)
    if visit.method == "POST":
        return _pay(visit, token, invoice)
    if "ordered" in visit.query:
        return _page(token, invoice, ORDERED)
    failed = "failed" in visit.query
    problem = "The payment did not go through. Please try again." if failed else None
    return _page(token, invoice, problem)


def _pay(visit: Visit, token: str, invoice: Object) -> Response:
    number = visit.form.get("cardNumber", "").strip()
    if visit.form.get("method") == "transfer":
        ordered = visit.engine.order_transfer(invoice["id"])
        return redirect(f"/invoice/{token}?ordered={int(ordered.ok)}")
    if number:
        problem, _ = read_expiry(visit.form.get("cardExpiry", ""), visit.engine.now())
        if problem:
            return _page(token, invoice, problem, status=402)
    outcome = visit.engine.pay_invoice(invoice["id"], number or None)
    if outcome.status == "declined":
        return _page(token, invoice, outcome.message, status=402)
    return redirect(visit.local(outcome.next) if outcome.next else f"/invoice/{token}")


def _page(token: str, invoice: Object, problem: str | None, status: int = 200) -> Response:
    return page(
        f"Invoice {invoice['number']}",
        tag("h1", f"Invoice {invoice['number']}"),
        tag("p", problem, class_="problem", role="alert") if problem else None,
        _statement(invoice),
        tag("p", tag("a", "Print this invoice", href=f"/invoice/{token}/pdf")),
        _form(invoice) if invoice["status"] in PAYABLE else None,
        _transfer() if invoice["status"] in PAYABLE and is_sent(invoice) else None,
        hints() if invoice["status"] in PAYABLE else None,
        status=status,
    )


def _statement(invoice: Object) -> Markup:
    currency = invoice["currency"]
    rows: list[list[object]] = [
        [
            line["description"],
            f"{day(line['period']['start'])} – {day(line['period']['end'])}",
            money.shown(line["amount"], currency),
        ]
        for line in invoice["lines"]["data"]
    ]
    return tag(
        "section",
        tag("p", money.shown(invoice["total"], currency), class_="amount"),
        tag("p", f"{invoice['status'].capitalize()} · made on {day(invoice['created'])}"),
        tag("p", "To: ", invoice["customer_name"] or invoice["customer_email"] or "–"),
        table(["What", "When", "Amount"], rows, caption="Lines"),
        *_taxes(invoice),
        _due(invoice),
        *_custom(invoice),
        class_="card",
    )


def _taxes(invoice: Object) -> list[Markup]:
    currency = invoice["currency"]
    return [
        tag(
            "p",
            f"Tax ({one['taxability_reason'].replace('_', ' ')}): "
            f"{money.shown(one['amount'], currency)}",
        )
        for one in invoice["total_taxes"]
    ]


def _due(invoice: Object) -> Markup | None:
    return tag("p", f"Due on {day(invoice['due_date'])}") if invoice["due_date"] else None


def _custom(invoice: Object) -> list[Markup]:
    entries = invoice["custom_fields"] or []
    return [tag("p", f"{entry['name']}: {entry['value']}") for entry in entries]


def _transfer() -> Markup:
    return tag(
        "form",
        tag("h2", "Pay by bank transfer"),
        tag("p", "Your bank is told now; the money is here after three days.", class_="faint"),
        tag("button", "Tell the bank", type="submit", name="method", value="transfer"),
        method="post",
        class_="card narrow",
    )


def _form(invoice: Object) -> Markup:
    saved = "Leave the card empty to use the one that is saved."
    return tag(
        "form",
        tag("h2", "Pay this invoice"),
        None if is_sent(invoice) else tag("p", saved, class_="faint"),
        card_fields(),
        tag(
            "button",
            "Pay",
            type="submit",
            class_="wide",
            data_testid="hosted-payment-submit-button",
        ),
        method="post",
        class_="card narrow",
    )


def printed(visit: Visit, token: str) -> Response:
    invoice = _invoice(visit, token)
    if invoice is None:
        return page("Not found", tag("h1", "There is no such invoice"), status=404)
    return page(
        f"Invoice {invoice['number']}",
        tag("h1", f"Invoice {invoice['number']}"),
        tag("p", f"From: {invoice['account_name']}"),
        _statement(invoice),
    )


def receipt(visit: Visit, charge_id: str) -> Response:
    charge = visit.engine.account.store.get("charge", charge_id)
    if charge is None or charge["status"] != "succeeded":
        return page("Not found", tag("h1", "There is no such receipt"), status=404)
    return page(
        "Receipt",
        tag("h1", "Receipt"),
        tag("p", money.shown(charge["amount"], charge["currency"]), class_="amount"),
        tag("p", f"Paid on {day(charge['created'])}. {charge['description'] or ''}"),
    )
