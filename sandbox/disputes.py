"""Disputes: who paid, or their bank, wants the money back. It is taken at once and a fee with it; whoever
was paid answers before a day, and the bank decides. An inquiry only asks, and moves nothing."""

from __future__ import annotations

from sandbox import balance, charges, errors, lists, metadata
from sandbox.account import Account
from sandbox.parameters import Form
from sandbox.store import Object

URL = "/v1/disputes"
OVER = ("won", "lost", "warning_closed", "prevented")
ANSWERABLE = {"needs_response": "under_review", "warning_needs_response": "warning_under_review"}
# What the text of an answer brings about, as in Stripe's own test mode.
VERDICTS = {"winning_evidence": "won", "losing_evidence": "lost"}


def begin(
    account: Account,
    charge: Object,
    *,
    amount: int | None = None,
    reason: str = "fraudulent",
    inquiry: bool = False,
) -> Object:
    charges.book(account, charge["id"])
    due = account.now() + account.settings.dispute_due_after
    dispute = account.new(
        "dispute",
        "du",
        amount=amount or charge["amount"] - charge["amount_refunded"],
        balance_transactions=[],
        charge=charge["id"],
        currency=charge["currency"],
        enhanced_eligibility_types=[],
        evidence={**EVIDENCE},
        evidence_details={**NO_ANSWER, "due_by": due},
        is_charge_refundable=inquiry,
        payment_intent=charge["payment_intent"],
        payment_method_details=_method(charge, reason, inquiry=inquiry),
        reason=reason,
        status="warning_needs_response" if inquiry else "needs_response",
    )
    account.add(dispute, "charge.dispute.created")
    _go_on(account, dispute, is_inquiry=inquiry)
    account.plan(due, "dispute.give_up", dispute["id"])
    return dispute


def _go_on(account: Account, dispute: Object, *, is_inquiry: bool) -> None:
    """The money is taken, but for an inquiry, which is closed after a while."""
    if is_inquiry:
        longest = account.now() + account.settings.inquiry_closes_after
        account.plan(longest, "dispute.close_inquiry", dispute["id"])
    else:
        _withdraw(account, dispute)


EVIDENCE: Object = {
    name: None
    for name in [
        "access_activity_log",
        "billing_address",
        "cancellation_policy",
        "cancellation_policy_disclosure",
        "cancellation_rebuttal",
        "customer_communication",
        "customer_email_address",
        "customer_name",
        "customer_purchase_ip",
        "customer_signature",
        "duplicate_charge_documentation",
        "duplicate_charge_explanation",
        "duplicate_charge_id",
        "product_description",
        "receipt",
        "refund_policy",
        "refund_policy_disclosure",
        "refund_refusal_explanation",
        "service_date",
        "service_documentation",
        "shipping_address",
        "shipping_carrier",
        "shipping_date",
        "shipping_documentation",
        "shipping_tracking_number",
        "uncategorized_file",
        "uncategorized_text",
    ]
} | {"enhanced_evidence": {}}
NO_ANSWER: Object = {
    "due_by": None,
    "enhanced_eligibility": {},
    "has_evidence": False,
    "past_due": False,
    "submission_count": 0,
    "submission_method": "not_submitted",
}


def _method(charge: Object, reason: str, *, inquiry: bool) -> Object | None:
    details = charge["payment_method_details"]
    if details["type"] != "card":
        return None
    card = {
        "brand": details["card"]["brand"],
        "case_type": "inquiry" if inquiry else "chargeback",
        "network": details["card"]["network"],
        "network_reason_code": "10.4" if reason == "fraudulent" else "13.1",
    }
    return {"type": "card", "card": card}


def _withdraw(account: Account, dispute: Object) -> None:
    charge = account.store.by_id[dispute["charge"]]
    _move(account, dispute, -dispute["amount"], account.settings.dispute_fee, "dispute")
    account.emit("charge.dispute.funds_withdrawn", dispute)
    account.change(charge, "charge.updated", disputed=True)


def _move(account: Account, dispute: Object, amount: int, fee: int, category: str) -> None:
    transaction = balance.book(
        account,
        "adjustment",
        dispute,
        amount=amount,
        fee=fee,
        category=category,
        description=f"Chargeback {'withdrawal' if amount < 0 else 'reversal'} for "
        f"{dispute['charge']}",
    )
    moved = [*dispute["balance_transactions"], {**transaction}]
    account.change(dispute, balance_transactions=moved)


def open_by_card(account: Account, charge_id: str, *, inquiry: bool = False) -> None:
    begin(account, account.store.by_id[charge_id], inquiry=inquiry)


def ask_by_card(account: Account, charge_id: str) -> None:
    open_by_card(account, charge_id, inquiry=True)


def escalate(account: Account, dispute: Object) -> None:
    """The bank was not content with asking: from now on the money is gone."""
    due = account.now() + account.settings.dispute_due_after
    details = {**dispute["evidence_details"], "due_by": due}
    account.change(
        dispute,
        "charge.dispute.updated",
        status="needs_response",
        evidence_details=details,
        is_charge_refundable=False,
    )
    _withdraw(account, dispute)
    account.plan(due, "dispute.give_up", dispute["id"])


def decide(account: Account, dispute: Object, verdict: str) -> None:
    """won, lost or warning_closed, and nothing more after that."""
    if dispute["status"] in OVER:
        return
    account.change(dispute, status=verdict)
    if verdict == "won":
        returned = account.settings.dispute_fee if account.settings.dispute_fee_returned else 0
        _move(account, dispute, dispute["amount"], -returned, "dispute_reversal")
        account.emit("charge.dispute.funds_reinstated", dispute)
    account.emit("charge.dispute.closed", dispute)


def decide_by_evidence(account: Account, dispute_id: str) -> None:
    dispute = account.store.by_id[dispute_id]
    verdict = VERDICTS.get(dispute["evidence"]["uncategorized_text"] or "")
    if verdict is not None:
        decide(account, dispute, verdict)


def give_up(account: Account, dispute_id: str) -> None:
    """The day has passed on which an answer would still have counted."""
    dispute = account.store.by_id[dispute_id]
    details = {**dispute["evidence_details"], "past_due": True}
    if dispute["status"] in ANSWERABLE and account.now() >= details["due_by"]:
        account.change(dispute, evidence_details=details)
        if dispute["status"] == "needs_response":
            decide(account, dispute, "lost")


def close_inquiry(account: Account, dispute_id: str) -> None:
    dispute = account.store.by_id[dispute_id]
    if dispute["status"].startswith("warning_"):
        decide(account, dispute, "warning_closed")


def update(account: Account, params: Form, identifier: str) -> Object:
    dispute = retrieve(account, {}, identifier)
    changes: Object = {}
    if "metadata" in params:
        changes["metadata"] = metadata.merged(dispute["metadata"], params["metadata"])
    if "evidence" in params:
        changes |= _evidence(dispute, params["evidence"])
    account.change(dispute, "charge.dispute.updated", **changes)
    if params.get("submit", "evidence" in params):
        _submit(account, dispute)
    return dispute


def _evidence(dispute: Object, given: Form) -> Object:
    if dispute["status"] in OVER:
        raise errors.invalid("This dispute is already closed")
    known = {name: text for name, text in given.items() if isinstance(text, str)}
    if len(known) < len(given):
        raise errors.not_here("evidence[enhanced_evidence]")
    evidence = {**dispute["evidence"], **{name: text or None for name, text in known.items()}}
    return {
        "evidence": evidence,
        "evidence_details": {**dispute["evidence_details"], "has_evidence": True},
    }


def _submit(account: Account, dispute: Object) -> None:
    if dispute["status"] not in ANSWERABLE:
        raise errors.invalid("This dispute takes no answer any more")
    details = dispute["evidence_details"]
    sent = {"submission_count": details["submission_count"] + 1, "submission_method": "manual"}
    account.change(
        dispute,
        "charge.dispute.updated",
        status=ANSWERABLE[dispute["status"]],
        evidence_details={**details, **sent},
    )
    when = account.now() + account.settings.dispute_decided_after
    account.plan(when, "dispute.decide", dispute["id"])


def close(account: Account, params: Form, identifier: str) -> Object:
    """Whoever was paid does not contest it."""
    dispute = retrieve(account, {}, identifier)
    if dispute["status"] in OVER:
        raise errors.invalid("This dispute is already closed")
    inquiry = dispute["status"].startswith("warning_")
    decide(account, dispute, "warning_closed" if inquiry else "lost")
    return dispute


def insist_refundable(account: Account, charge: Object) -> None:
    for dispute in account.store.where("dispute", "charge", charge["id"]):
        if not dispute["is_charge_refundable"] and dispute["status"] not in ("won", "prevented"):
            raise errors.invalid(
                f"Charge {charge['id']} has been charged back; cannot issue a refund.",
                code="charge_disputed",
            )


def retrieve(account: Account, params: Form, identifier: str) -> Object:
    return account.find("dispute", identifier, "dispute", 404)


def list_(account: Account, params: Form) -> Object:
    source = None
    for name in ("charge", "payment_intent"):
        if name in params:
            source = account.store.where("dispute", name, params[name])[::-1]
    return lists.page(account, "dispute", params, URL, source=source)


def warn(account: Account, charge: Object, *, fraud_type: str = "made_with_stolen_card") -> Object:
    """The card's bank believes that it was not its holder who paid: often a dispute follows."""
    return account.add(
        account.new(
            "radar.early_fraud_warning",
            "issfr",
            actionable=True,
            charge=charge["id"],
            fraud_type=fraud_type,
            payment_intent=charge["payment_intent"],
        ),
        "radar.early_fraud_warning.created",
    )
