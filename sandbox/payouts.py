"""Payouts: what is available goes to the bank, every day by itself or when somebody says so, and
comes back when the bank refuses it."""

from __future__ import annotations

from sandbox import balance, errors, lists
from sandbox.account import Account
from sandbox.parameters import Form
from sandbox.store import Object

URL = "/v1/payouts"
REFUSED = "The bank account has been closed."


def pay_out(
    account: Account, currency: str, amount: int | None = None, *, automatic: bool = False
) -> Object:
    """So much, or all that is available; it is with the bank two days later."""
    wanted = _wanted(account, currency, amount)
    payout = account.new(
        "payout",
        "po",
        amount=wanted,
        arrival_date=account.now() + account.settings.payout_takes,
        automatic=automatic,
        currency=currency,
        description="STRIPE PAYOUT",
        method="standard",
        reconciliation_status="completed" if automatic else "not_applicable",
        source_type="card",
        status="in_transit",
        type="bank_account",
    )
    if automatic:
        _note(account, payout)
    payout["balance_transaction"] = _book(account, "payout", payout, -wanted)["id"]
    account.add(payout, "payout.created")
    account.plan(payout["arrival_date"], "payout.arrive", payout["id"])
    return payout


def _wanted(account: Account, currency: str, amount: int | None) -> int:
    available = account.sums.get(("available", currency), 0)
    wanted = available if amount is None else amount
    if not 0 < wanted <= available:
        raise errors.invalid(
            "You have insufficient funds in your Stripe account for this transfer. "
            f"Your available balance is {available} {currency}.",
            "amount",
            "balance_insufficient",
        )
    return wanted


def _note(account: Account, payout: Object) -> None:
    """Which balance transactions an automatic payout is made of."""
    for entry in account.store.kinds["balance_transaction"].values():
        mine = entry["currency"] == payout["currency"] and entry["status"] == "available"
        if mine and not entry.get("_payout"):
            account.change(entry, _payout=payout["id"])


def _book(account: Account, type: str, payout: Object, amount: int) -> Object:
    words = "STRIPE PAYOUT" if amount < 0 else "REFUND FOR PAYOUT"
    return balance.book(account, type, payout, amount=amount, description=words)


def pay_out_daily(account: Account) -> None:
    """What the account does by itself, where it is set to."""
    if not account.settings.payouts_daily:
        return
    available = [currency for status, currency in account.sums if status == "available"]
    for currency in sorted(available):
        if account.sums["available", currency] > 0:
            pay_out(account, currency, automatic=True)


def arrive(account: Account, payout_id: str) -> None:
    payout = account.store.by_id[payout_id]
    if payout["status"] == "in_transit":
        account.change(payout, status="paid")
        account.emit("payout.paid", payout)
        if payout["automatic"]:
            account.emit("payout.reconciliation_completed", payout)


def fail(account: Account, payout_id: str) -> Object:
    """The bank sends it back, be it days after it had arrived."""
    payout = account.find("payout", payout_id)
    if payout["status"] not in ("in_transit", "paid"):
        raise errors.invalid(f"Payout {payout_id} is {payout['status']}.")
    back = _book(account, "payout_failure", payout, payout["amount"])
    account.change(
        payout,
        status="failed",
        failure_balance_transaction=back["id"],
        failure_code="account_closed",
        failure_message=REFUSED,
    )
    account.emit("payout.failed", payout)
    return payout


def charge_fee(account: Account, currency: str, amount: int, description: str) -> Object:
    """What Stripe takes for its own services: of no charge, once a month."""
    return _own(account, "stripe_fee", currency, -amount, description)


def adjust(account: Account, currency: str, amount: int, description: str) -> Object:
    """What Stripe puts right of its own accord."""
    return _own(account, "adjustment", currency, amount, description)


def _own(account: Account, type: str, currency: str, amount: int, description: str) -> Object:
    nothing: Object = {"id": None, "currency": currency}
    return balance.book(account, type, nothing, amount=amount, description=description)


def retrieve(account: Account, params: Form, identifier: str) -> Object:
    return account.find("payout", identifier, status=404)


def list_(account: Account, params: Form) -> Object:
    tests = [lists.having(params, "status", "destination")]
    if "arrival_date" in params:
        tests.append(lists.between("arrival_date", params["arrival_date"]))
    return lists.page(
        account, "payout", params, URL, test=lambda item: all(test(item) for test in tests)
    )
