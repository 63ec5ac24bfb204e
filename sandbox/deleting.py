"""Deleting a customer: for good, with everything that would have been charged."""

from __future__ import annotations

from sandbox import checkout, collection, customers
from sandbox.account import Account
from sandbox.parameters import Form
from sandbox.store import Object


def delete_customer(account: Account, params: Form, identifier: str) -> Object:
    customer = account.find("customer", identifier, status=404)
    for subscription in account.store.where("subscription", "customer", identifier):
        if subscription["ended_at"] is None:
            collection.end(account, subscription, reason="cancellation_requested")
    for session in account.store.where("checkout.session", "customer", identifier):
        if session["status"] == "open":
            checkout.expire(account, {}, session["id"])
    for method in account.store.where("payment_method", "customer", identifier):
        account.change(method, customer=None)
        account.emit("payment_method.detached", method, {"customer": identifier})
    account.change(customer, _deleted=True)
    account.emit("customer.deleted", customer)
    return customers.gone(identifier)
