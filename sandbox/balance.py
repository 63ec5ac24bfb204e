"""The account's balance and the balance transactions that it is the sum of."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sandbox import expansion, lists, money
from sandbox.account import Account
from sandbox.parameters import Form
from sandbox.store import Object

URL = "/v1/balance_transactions"


def book(
    account: Account,
    type: str,
    source: Object,
    *,
    amount: int,
    fee: int = 0,
    available_on: int | None = None,
    description: str | None = None,
    category: str | None = None,
) -> Object:
    """Note that money came or went, `amount` in its source's currency, `fee` in that of settling."""
    currency, amount, rate = settled(account, source["currency"], amount)
    at = account.now() if available_on is None else available_on
    transaction = account.new(
        "balance_transaction",
        "txn",
        amount=amount,
        available_on=at,
        balance_type="payments",
        currency=currency,
        description=description,
        exchange_rate=rate,
        reporting_category=category or type,
        source=source["id"],
        status="available" if at <= account.now() else "pending",
        type=type,
        **_fee(amount, fee, currency),
    )
    return _add(account, transaction)


def _add(account: Account, transaction: Object) -> Object:
    if transaction["status"] == "pending":
        at = transaction["available_on"]
        account.plan(at, "balance.become_available", transaction["id"])
    _count(account, transaction, 1)
    return account.add(transaction)


def _fee(amount: int, fee: int, currency: str) -> Object:
    detail = {
        "amount": fee,
        "application": None,
        "currency": currency,
        "description": "Stripe processing fees",
        "type": "stripe_fee",
    }
    return {"fee": fee, "fee_details": [detail] if fee else [], "net": amount - fee}


def settled(account: Account, currency: str, amount: int) -> tuple[str, int, float | None]:
    """In which currency the account gets it, how much that is, and at what rate."""
    if currency not in account.settings.settles_in:
        return currency, amount, None
    into, rate = account.settings.settles_in[currency]
    return into, money.converted(amount, currency, into, rate), float(rate)


def processing_fee(account: Account, amount: int) -> int:
    settings = account.settings
    return money.fee(amount, percent=settings.fee_percent, fixed=settings.fee_fixed)


def become_available(account: Account, transaction_id: str) -> None:
    transaction = account.store.by_id[transaction_id]
    _count(account, transaction, -1)
    account.change(transaction, status="available")
    _count(account, transaction, 1)
    account.emit("balance.available", retrieve(account, {}))


def _count(account: Account, transaction: Object, sign: int) -> None:
    place = (transaction["status"], transaction["currency"])
    account.sums[place] = account.sums.get(place, 0) + sign * transaction["net"]


def retrieve(account: Account, params: Form) -> Object:
    currencies = sorted({currency for _, currency in account.sums})
    balance: Object = {"object": "balance", "livemode": False}
    for status in ("available", "pending"):
        amounts = {currency: account.sums.get((status, currency), 0) for currency in currencies}
        balance[status] = [_amount(amount, currency) for currency, amount in amounts.items()]
    return balance


def count_all(account: Account) -> None:
    """After a restart the sums are made anew; later they are kept as the money moves."""
    for transaction in account.store.kinds["balance_transaction"].values():
        _count(account, transaction, 1)


def _amount(amount: int, currency: str) -> Object:
    return {"amount": amount, "currency": currency, "source_types": {"card": amount}}


def retrieve_transaction(account: Account, params: Form, identifier: str) -> Object:
    return account.find("balance_transaction", identifier, status=404)


def list_transactions(account: Account, params: Form) -> Object:
    source = None
    if "source" in params:
        source = account.store.where("balance_transaction", "source", params["source"])[::-1]
    if "payout" in params:
        source = _paid_out(account, params["payout"])
    test = lists.having(params, "type", "currency")
    return lists.page(account, "balance_transaction", params, URL, source=source, test=test)


def _paid_out(account: Account, payout_id: str) -> list[Object]:
    """What an automatic payout is made of, and itself."""
    payout = account.find("payout", payout_id, "payout")
    own = (payout["balance_transaction"], payout["failure_balance_transaction"])
    entries = account.store.newest_first("balance_transaction")
    return [one for one in entries if one["id"] in own or one.get("_payout") == payout_id]


def truth(account: Account) -> dict[str, Any]:
    """Everything about the money at once, for whoever wants to compare."""
    transactions = list(account.store.kinds["balance_transaction"].values())
    currencies: dict[str, int] = defaultdict(int)
    for transaction in transactions:
        currencies[transaction["currency"]] += transaction["net"]
    return {
        "balance_transactions": [expansion.visible(entry) for entry in transactions],
        "balance": retrieve(account, {}),
        "currencies": dict(currencies),
    }
