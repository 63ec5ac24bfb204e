"""What the people of the account do in Stripe's dashboard, and what the banks of those who paid do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sandbox import changes, disputes, expansion, payouts, refunds, replacement
from sandbox.account import Account
from sandbox.api import Api
from sandbox.store import Object


class Dashboard:
    """The part of the engine that nobody asks for through the API."""

    lock: threading.RLock
    account: Account
    api: Api

    @contextmanager
    def by_hand(self) -> Iterator[Account]:
        with self.lock:
            self.api.own_doing()
            yield self.account
            self.account.store.save()

    def refund(
        self, charge_id: str, amount: int | None = None, *, needs_action: bool = False
    ) -> str:
        """Somebody presses "Refund"; answers the refund's id."""
        with self.by_hand() as account:
            charge = account.find("charge", charge_id)
            left = charge["amount"] - charge["amount_refunded"]
            return str(
                refunds.make(account, charge, amount=amount or left, needs_action=needs_action)[
                    "id"
                ]
            )

    def fail_refund(self, refund_id: str) -> None:
        with self.by_hand() as account:
            refunds.fail(account, refund_id)

    def settle_refund(self, refund_id: str) -> None:
        with self.by_hand() as account:
            refunds.succeed(account, refund_id)

    def dispute(
        self,
        charge_id: str,
        amount: int | None = None,
        *,
        reason: str = "fraudulent",
        inquiry: bool = False,
    ) -> str:
        """A bank wants a charge back, or asks about it; answers the dispute's id."""
        with self.by_hand() as account:
            charge = account.find("charge", charge_id)
            made = disputes.begin(account, charge, amount=amount, reason=reason, inquiry=inquiry)
            return str(made["id"])

    def escalate_dispute(self, dispute_id: str) -> None:
        with self.by_hand() as account:
            disputes.escalate(account, self._dispute(dispute_id))

    def win_dispute(self, dispute_id: str) -> None:
        with self.by_hand() as account:
            disputes.decide(account, self._dispute(dispute_id), "won")

    def lose_dispute(self, dispute_id: str) -> None:
        with self.by_hand() as account:
            disputes.decide(account, self._dispute(dispute_id), "lost")

    def close_dispute(self, dispute_id: str) -> None:
        with self.by_hand() as account:
            disputes.close(account, {}, dispute_id)

    def warn_of_fraud(self, charge_id: str) -> str:
        with self.by_hand() as account:
            return str(disputes.warn(account, account.find("charge", charge_id))["id"])

    def _dispute(self, dispute_id: str) -> Object:
        return self.account.find("dispute", dispute_id)

    def pay_out(self, currency: str, amount: int | None = None) -> Object:
        """Money goes to the bank: so much, or all that is available."""
        return self._own(lambda account: payouts.pay_out(account, currency, amount))

    def fail_payout(self, payout_id: str) -> Object:
        """The bank sends it back."""
        return self._own(lambda account: payouts.fail(account, payout_id))

    def charge_fee(self, currency: str, amount: int, words: str = "Billing usage") -> Object:
        """Stripe takes something for its own services."""
        return self._own(lambda account: payouts.charge_fee(account, currency, amount, words))

    def adjust(self, currency: str, amount: int, words: str = "Correction") -> Object:
        """Stripe puts something right, with a plus or a minus."""
        return self._own(lambda account: payouts.adjust(account, currency, amount, words))

    def change_price(
        self, subscription_id: str, price_id: str | None = None, *, quantity: int = 1
    ) -> None:
        """What somebody does in the dashboard: another price or quantity, without prorations."""
        with self.lock:
            self.api.own_doing()
            item = self.account.store.by_id[subscription_id]["items"]["data"][0]
            entry = {"id": item["id"], "price": price_id or item["price"]["id"]}
            items = [{**entry, "quantity": quantity}]
            params = {"items": items, "proration_behavior": "none"}
            changes.update(self.account, params, subscription_id)
            self.account.store.save()

    def transfer(self, invoice_id: str, amount: int) -> None:
        """A bank transfer of that amount arrives now, for the customer of an invoice."""
        with self.lock:
            self.api.own_doing()
            invoice = self.account.find("invoice", invoice_id, "invoice", 404)
            replacement.transfer(self.account, invoice, amount)
            self.account.store.save()

    def _own(self, deed: Callable[[Account], Object]) -> Object:
        with self.lock:
            self.api.own_doing()
            done = deed(self.account)
            self.account.store.save()
            shown: Object = expansion.visible(done)
            return shown
