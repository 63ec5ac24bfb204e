"""What is done with each kind of thing that falls due."""

from __future__ import annotations

from collections.abc import Callable

from sandbox import (
    balance,
    charges,
    checkout,
    collection,
    completion,
    disputes,
    events,
    finalizing,
    idempotency,
    lateness,
    payments,
    payouts,
    pending,
    refunds,
    renewals,
    replacement,
    schedules,
    subscriptions,
)
from sandbox.account import Account
from sandbox.clock import DAY
from sandbox.store import Object


def settle(account: Account, intent_id: str) -> None:
    intent = account.store.by_id[intent_id]
    if intent["status"] != "processing":
        return
    result = payments.settle(account, intent)
    collection.settle(account, intent, result)
    completion.settle(account, intent, result)


def try_delivery_again(account: Account, delivery_id: str) -> None:
    """Nothing to do: whatever is due is delivered after each step."""


ACTIONS: dict[str, Callable[[Account, str], None]] = {
    "balance.become_available": balance.become_available,
    "charge.book": charges.book,
    "checkout.expire": checkout.expire_when_due,
    "delivery.try_again": try_delivery_again,
    "dispute.ask_by_card": disputes.ask_by_card,
    "dispute.close_inquiry": disputes.close_inquiry,
    "dispute.decide": disputes.decide_by_evidence,
    "dispute.give_up": disputes.give_up,
    "dispute.open_by_card": disputes.open_by_card,
    "invoice.collect": collection.collect_when_due,
    "invoice.due": lateness.fall_due,
    "invoice.finalize": finalizing.finalize_when_due,
    "invoice.retry": collection.retry,
    "payout.arrive": payouts.arrive,
    "payment.settle": settle,
    "refund.fail": refunds.fail,
    "refund.succeed": refunds.succeed,
    "transfer.arrive": replacement.transfer_arrives,
    "subscription.cancel_at": renewals.cancel_when_due,
    "subscription.expire_incomplete": subscriptions.expire_incomplete,
    "schedule.turn": schedules.turn,
    "subscription.expire_pending": pending.expire,
    "subscription.period_end": renewals.end_period,
    "subscription.resume": renewals.resume,
}


def do(account: Account, item: Object) -> None:
    ACTIONS[item["action"]](account, item["subject"])
    today = account.now() // DAY
    if today != account.swept:
        account.swept = today
        payouts.pay_out_daily(account)
        events.forget_old(account)
        idempotency.Idempotency(account.store).forget_old(account.now())
