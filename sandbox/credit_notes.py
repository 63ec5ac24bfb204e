"""Credit notes: less is owed of an invoice than it says, or some of what was paid goes back."""

from __future__ import annotations

from sandbox import collection, errors, lateness, lists, metadata, money, refunds
from sandbox.account import ADDRESS, Account
from sandbox.parameters import Form
from sandbox.store import Object

URL = "/v1/credit_notes"


def create(account: Account, params: Form) -> Object:
    invoice = account.find("invoice", params["invoice"], "invoice")
    if invoice["status"] not in ("open", "paid"):
        raise errors.invalid(
            f"Credit notes can be created for open and paid invoices; this one is "
            f"{invoice['status']}.",
            "invoice",
        )
    total = _total(account, invoice, params)
    before = min(total, invoice["amount_remaining"]) if invoice["status"] == "open" else 0
    _insist_parts(account, params, total - before)
    note = _new(account, invoice, params, total, before)
    _give_back(account, invoice, note, params)
    account.add(note, "credit_note.created")
    _lower(account, invoice, before, total - before)
    return note


def _new(account: Account, invoice: Object, params: Form, total: int, before: int) -> Object:
    number = len(account.store.where("credit_note", "invoice", invoice["id"])) + 1
    note = account.new(
        "credit_note",
        "cn",
        **_sums(account, invoice, total),
        currency=invoice["currency"],
        customer=invoice["customer"],
        effective_at=params.get("effective_at", account.now()),
        invoice=invoice["id"],
        memo=params.get("memo"),
        metadata=metadata.merged({}, params.get("metadata")),
        number=f"{invoice['number']}-CN-{number:02d}",
        out_of_band_amount=params.get("out_of_band_amount"),
        post_payment_amount=total - before,
        pre_payment_amount=before,
        reason=params.get("reason"),
        refunds=[],
        status="issued",
        type="pre_payment" if before == total else "mixed" if before else "post_payment",
    )
    note["pdf"] = f"{ADDRESS}/credit_notes/{note['id']}/pdf"
    note["lines"] = _lines(account, invoice, note)
    # Whoever wants a copy by mail gets none here.
    params.get("email_type")
    return note


def _sums(account: Account, invoice: Object, total: int) -> Object:
    """Tax goes back in the proportion in which it was billed, so that all parts sum to it."""
    before = _credited(account, invoice)
    taxes = [_tax(invoice, tax, before, total) for tax in invoice["total_taxes"] or []]
    net = total - sum(tax["amount"] for tax in taxes)
    return {
        "amount": total,
        "amount_shipping": 0,
        "discount_amount": 0,
        "discount_amounts": [],
        "pretax_credit_amounts": [],
        "subtotal": net,
        "subtotal_excluding_tax": net,
        "total": total,
        "total_excluding_tax": net,
        "total_taxes": taxes,
    }


def _tax(invoice: Object, tax: Object, before: int, total: int) -> Object:
    def until(amount: int) -> int:
        return money.share(tax["amount"], amount, invoice["total"])

    amount = until(before + total) - until(before)
    return {**tax, "amount": amount, "taxable_amount": total - amount}


def _lines(account: Account, invoice: Object, note: Object) -> Object:
    line = account.new(
        "credit_note_line_item",
        "cnli",
        amount=note["subtotal"],
        description=invoice["lines"]["data"][0]["description"],
        discount_amount=0,
        discount_amounts=[],
        invoice_line_item=invoice["lines"]["data"][0]["id"],
        pretax_credit_amounts=[],
        quantity=1,
        tax_rates=[],
        taxes=note["total_taxes"],
        type="invoice_line_item",
    )
    url = f"{URL}/{note['id']}/lines"
    return {"object": "list", "data": [line], "has_more": False, "url": url}


def _credited(account: Account, invoice: Object) -> int:
    notes = account.store.where("credit_note", "invoice", invoice["id"])
    return sum(note["total"] for note in notes if note["status"] == "issued")


def _total(account: Account, invoice: Object, params: Form) -> int:
    for name in ("lines", "shipping_cost"):
        if name in params:
            raise errors.not_here(name)
    if "amount" not in params:
        raise errors.invalid("One of amount, lines, or shipping_cost must be provided.", "amount")
    total = int(params["amount"])
    left = invoice["total"] - _credited(account, invoice)
    if not 0 < total <= left:
        raise errors.invalid(
            f"The sum of credit note amounts must be between 1 and the invoice's remaining "
            f"{left}.",
            "amount",
        )
    return total


def _insist_parts(account: Account, params: Form, after: int) -> None:
    """What is credited of money that was paid goes somewhere, all of it."""
    if params.get("credit_amount"):
        raise errors.not_here("credit_amount")
    linked = sum(_linked(account, one)[1] for one in params.get("refunds", []))
    parts = params.get("refund_amount", 0) + params.get("out_of_band_amount", 0) + linked
    if parts != after:
        raise errors.invalid(
            f"The sum of refunds, customer balance credits and outside of Stripe credits "
            f"({parts}) must equal the post payment amount ({after})."
        )


def _linked(account: Account, asked: Form) -> tuple[Object, int]:
    refund = account.find("refund", asked.get("refund", ""), "refunds")
    whole: int = refund["amount"]
    amount: int = asked.get("amount_refunded", whole)
    return refund, amount


def _give_back(account: Account, invoice: Object, note: Object, params: Form) -> None:
    given = [_linked(account, one) for one in params.get("refunds", [])]
    if amount := params.get("refund_amount", 0):
        charge = _charge(account, invoice, amount)
        given.append((refunds.make(account, charge, amount=amount), amount))
    note["refunds"] = [
        {
            "amount_refunded": amount,
            "payment_record_refund": None,
            "refund": refund["id"],
            "type": "refund",
        }
        for refund, amount in given
    ]


def _charge(account: Account, invoice: Object, amount: int) -> Object:
    """The one that paid it, of which so much is left."""
    for payment in account.store.where("invoice_payment", "invoice", invoice["id"])[::-1]:
        intent = account.store.by_id.get(payment["_payment_intent"])
        if intent and intent["status"] == "succeeded":
            charge: Object = account.store.by_id[intent["latest_charge"]]
            if charge["amount"] - charge["amount_refunded"] >= amount:
                return charge
    raise errors.invalid(
        "The refund amount is greater than what was paid by a charge and not refunded yet.",
        "refund_amount",
    )


def _lower(account: Account, invoice: Object, before: int, after: int) -> None:
    """What is owed sinks by what was credited of it; a whole credit pays the invoice."""
    owed = invoice["amount_remaining"] - before
    fields = {
        "pre_payment_credit_notes_amount": invoice["pre_payment_credit_notes_amount"] + before,
        "post_payment_credit_notes_amount": invoice["post_payment_credit_notes_amount"] + after,
    }
    if before:
        fields |= {"amount_due": invoice["amount_due"] - before, "amount_remaining": owed}
        _ask_for(account, invoice, owed)
    account.change(invoice, "invoice.updated", **fields)
    if before and owed == 0:
        lateness.close_payments(account, invoice, "abandoned")
        collection.paid(account, invoice)


def _ask_for(account: Account, invoice: Object, owed: int) -> None:
    intent = account.store.by_id.get(invoice.get("_payment_intent") or "")
    if intent is None or not owed:
        return
    if intent["status"] in ("processing", "succeeded"):
        raise errors.invalid("This invoice has a payment that is still processing.")
    account.change(intent, amount=owed)
    for payment in account.store.where("invoice_payment", "invoice", invoice["id"]):
        if payment["status"] == "open":
            account.change(payment, amount_requested=owed)


def void(account: Account, params: Form, identifier: str) -> Object:
    note = retrieve(account, {}, identifier)
    invoice = account.store.by_id[note["invoice"]]
    if note["status"] == "void" or invoice["status"] != "open":
        raise errors.invalid("You can only void issued credit notes on open invoices.")
    account.change(note, "credit_note.voided", status="void", voided_at=account.now())
    _lower(account, invoice, -note["pre_payment_amount"], 0)
    return note


def update(account: Account, params: Form, identifier: str) -> Object:
    note = retrieve(account, {}, identifier)
    changes: Object = {"memo": params["memo"]} if "memo" in params else {}
    if "metadata" in params:
        changes["metadata"] = metadata.merged(note["metadata"], params["metadata"])
    account.change(note, "credit_note.updated", **changes)
    return note


def retrieve(account: Account, params: Form, identifier: str) -> Object:
    return account.find("credit_note", identifier, "id", 404)


def list_(account: Account, params: Form) -> Object:
    source = None
    for name in ("customer", "invoice"):
        if name in params:
            source = account.store.where("credit_note", name, params[name])[::-1]
    same = lists.having(params, "customer", "invoice")
    return lists.page(account, "credit_note", params, URL, source=source, test=same)
