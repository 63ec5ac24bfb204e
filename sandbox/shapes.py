"""The shape of each kind of object, read from the annotations of the installed stripe package."""

from __future__ import annotations

import inspect
import sys
import typing
from functools import cache
from typing import Any

import stripe
from stripe import StripeObject
from stripe._object_classes import get_object_class

from sandbox.store import Object

# Stripe leaves these out unless they say something or were asked for; everything else that may
# be null is there and null.
LEFT_OUT = {
    "checkout.session": "branding_settings excluded_payment_method_types line_items "
    "name_collection optional_items phone_number_collection presentment_details "
    "redirect_on_completion return_url tax_id_collection",
    "subscription": "presentment_details status_details",
    "subscription_item": "billed_until deleted quantity",
    "invoice": "confirmation_secret deleted payments status_details threshold_reason",
    "payment_intent": "amount_details hooks payment_details presentment_details transfer_data",
    "charge": "authorization_code level3 presentment_details radar_options refunds transfer",
    "setup_intent": "attach_to_self flow_directions managed_payments",
    "price": "currency_options deleted tiers",
    "plan": "deleted tiers",
    "product": "deleted statement_descriptor",
    "customer": "business_name cash_balance customer_account deleted individual_name "
    "invoice_credit_balance sources subscriptions tax tax_ids",
    "refund": "description destination_details failure_balance_transaction failure_reason "
    "instructions_email next_action pending_reason presentment_details",
    "payout": "payout_method",
    "dispute": "intended_submission_method",
    "credit_note": "shipping_cost",
    "balance": "connect_reserved instant_available issuing refund_and_dispute_prefunding",
    "event": "account context",
    "webhook_endpoint": "deleted secret",
    "item": "discounts taxes",
    "billing_portal.session": "after_expiration",
    "mandate": "multi_use on_behalf_of single_use",
}


@cache
def resource(kind: str) -> type[StripeObject]:
    if kind == "item":
        return stripe.LineItem
    if kind == "line_item":
        return stripe.InvoiceLineItem
    return get_object_class("V1", kind)


@cache
def fields(kind: str) -> frozenset[str]:
    return frozenset(hints(resource(kind)))


def hints(cls: type) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        if issubclass(base, StripeObject) and base is not StripeObject:
            fields.update(inspect.get_annotations(base))
    return {name: hint for name, hint in fields.items() if not _class_level(name, hint)}


def _class_level(name: str, hint: Any) -> bool:
    return name.startswith("_") or name.isupper() or typing.get_origin(hint) is typing.ClassVar


def optional(hint: Any) -> bool:
    return type(None) in typing.get_args(hint)


@cache
def _nulls(kind: str) -> tuple[str, ...]:
    several = PAYMENT_METHOD_DETAILS if kind == "payment_method" else set()
    left_out = set(LEFT_OUT.get(kind, "").split()) | several
    fields = hints(resource(kind))
    return tuple(name for name, hint in fields.items() if optional(hint) and name not in left_out)


PAYMENT_METHOD_DETAILS = set(hints(stripe.PaymentMethod)) - {
    "billing_details",
    "customer",
    "customer_account",
    "metadata",
    "allow_redisplay",
}


def blank(kind: str) -> Object:
    """An object of that kind with null in every field that may be null."""
    return {"id": None, "object": kind, **dict.fromkeys(_nulls(kind))}


def parts(hint: Any) -> list[Any]:
    """The types an annotation is made of, without Optional, Union, List and ListObject."""
    inner = typing.get_args(hint)
    if not inner or typing.get_origin(hint) is typing.Literal:
        return [hint]
    return [part for argument in inner for part in parts(argument)]


@cache
def expandable(kind: str, name: str) -> bool:
    """Whether that field may hold an id or, if asked for, the object of that id."""
    cls = resource(kind)
    found = parts(hints(cls).get(name, Any))
    return str in found and any(_is_resource(cls, part) for part in found)


def _is_resource(owner: type, part: Any) -> bool:
    if isinstance(part, typing.ForwardRef):
        name = part.__forward_arg__.split(".")[-1]
        part = getattr(sys.modules[owner.__module__], name, None) or getattr(stripe, name, None)
    return isinstance(part, type) and hasattr(part, "OBJECT_NAME")
