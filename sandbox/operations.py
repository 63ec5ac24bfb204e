"""Every operation the sandbox answers: method, path, who does it, and the parameters it takes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from sandbox import (
    balance,
    catalog,
    changes,
    charges,
    checkout,
    credit_notes,
    customers,
    disputes,
    events,
    invoices,
    invoicing,
    payment_methods,
    payments,
    payouts,
    portal,
    prorations,
    refunds,
    schedules,
    setups,
    subscriptions,
    tax_ids,
    webhooks,
)
from sandbox.store import Object

Handler = Callable[..., Object]


class Operation(NamedTuple):
    method: str
    path: str
    handler: Handler
    parameters: str


class Route(NamedTuple):
    operation: Operation
    pattern: re.Pattern[str]


OPERATIONS = [
    Operation(*row)
    for row in (
        ("POST", "/v1/customers", customers.create, "CustomerCreateParams"),
        ("GET", "/v1/customers", customers.list_, "CustomerListParams"),
        ("GET", "/v1/customers/{customer}", customers.retrieve, "CustomerRetrieveParams"),
        ("POST", "/v1/customers/{customer}", customers.update, "CustomerUpdateParams"),
        (
            "GET",
            "/v1/customers/{customer}/payment_methods",
            payment_methods.list_of_customer,
            "CustomerPaymentMethodListParams",
        ),
        ("GET", "/v1/customers/{customer}/tax_ids", tax_ids.list_, "CustomerTaxIdListParams"),
        ("POST", "/v1/customers/{customer}/tax_ids", tax_ids.create, "CustomerTaxIdCreateParams"),
        (
            "DELETE",
            "/v1/customers/{customer}/tax_ids/{id}",
            tax_ids.delete,
            "CustomerTaxIdDeleteParams",
        ),
        ("POST", "/v1/products", catalog.create_product, "ProductCreateParams"),
        ("GET", "/v1/products", catalog.list_products, "ProductListParams"),
        ("GET", "/v1/products/{id}", catalog.retrieve_product, "ProductRetrieveParams"),
        ("POST", "/v1/products/{id}", catalog.update_product, "ProductUpdateParams"),
        ("POST", "/v1/prices", catalog.create_price, "PriceCreateParams"),
        ("GET", "/v1/prices", catalog.list_prices, "PriceListParams"),
        ("GET", "/v1/prices/{price}", catalog.retrieve_price, "PriceRetrieveParams"),
        ("POST", "/v1/prices/{price}", catalog.update_price, "PriceUpdateParams"),
        ("POST", "/v1/checkout/sessions", checkout.create, "checkout.SessionCreateParams"),
        ("GET", "/v1/checkout/sessions", checkout.list_, "checkout.SessionListParams"),
        (
            "GET",
            "/v1/checkout/sessions/{session}",
            checkout.retrieve,
            "checkout.SessionRetrieveParams",
        ),
        (
            "POST",
            "/v1/checkout/sessions/{session}/expire",
            checkout.expire,
            "checkout.SessionExpireParams",
        ),
        (
            "GET",
            "/v1/checkout/sessions/{session}/line_items",
            checkout.list_items,
            "checkout.SessionLineItemListParams",
        ),
        ("POST", "/v1/subscriptions", subscriptions.create, "SubscriptionCreateParams"),
        ("GET", "/v1/subscriptions", subscriptions.list_, "SubscriptionListParams"),
        (
            "GET",
            "/v1/subscriptions/{subscription}",
            subscriptions.retrieve,
            "SubscriptionRetrieveParams",
        ),
        (
            "POST",
            "/v1/subscriptions/{subscription}",
            changes.update,
            "SubscriptionUpdateParams",
        ),
        (
            "DELETE",
            "/v1/subscriptions/{subscription}",
            subscriptions.cancel,
            "SubscriptionCancelParams",
        ),
        (
            "POST",
            "/v1/subscription_schedules",
            schedules.create,
            "SubscriptionScheduleCreateParams",
        ),
        ("GET", "/v1/subscription_schedules", schedules.list_, "SubscriptionScheduleListParams"),
        (
            "GET",
            "/v1/subscription_schedules/{schedule}",
            schedules.retrieve,
            "SubscriptionScheduleRetrieveParams",
        ),
        (
            "POST",
            "/v1/subscription_schedules/{schedule}",
            schedules.update,
            "SubscriptionScheduleUpdateParams",
        ),
        (
            "POST",
            "/v1/subscription_schedules/{schedule}/release",
            schedules.release,
            "SubscriptionScheduleReleaseParams",
        ),
        (
            "POST",
            "/v1/subscription_schedules/{schedule}/cancel",
            subscriptions.cancel_schedule,
            "SubscriptionScheduleCancelParams",
        ),
        (
            "POST",
            "/v1/invoices/create_preview",
            prorations.preview,
            "InvoiceCreatePreviewParams",
        ),
        ("GET", "/v1/invoices", invoices.list_, "InvoiceListParams"),
        ("GET", "/v1/invoices/{invoice}", invoices.retrieve, "InvoiceRetrieveParams"),
        ("POST", "/v1/invoices/{invoice}", invoices.update, "InvoiceUpdateParams"),
        ("POST", "/v1/invoices/{invoice}/pay", invoicing.pay, "InvoicePayParams"),
        (
            "POST",
            "/v1/invoices/{invoice}/finalize",
            invoicing.finalize_now,
            "InvoiceFinalizeInvoiceParams",
        ),
        ("POST", "/v1/invoices/{invoice}/void", invoicing.void, "InvoiceVoidInvoiceParams"),
        ("POST", "/v1/invoices/{invoice}/send", invoicing.send, "InvoiceSendInvoiceParams"),
        (
            "POST",
            "/v1/invoices/{invoice}/mark_uncollectible",
            invoicing.mark_uncollectible,
            "InvoiceMarkUncollectibleParams",
        ),
        ("GET", "/v1/invoices/{invoice}/lines", invoices.list_lines, "InvoiceLineItemListParams"),
        ("GET", "/v1/invoice_payments", invoices.list_payments, "InvoicePaymentListParams"),
        (
            "GET",
            "/v1/invoice_payments/{invoice_payment}",
            invoices.retrieve_payment,
            "InvoicePaymentRetrieveParams",
        ),
        ("GET", "/v1/payment_intents", payments.list_intents, "PaymentIntentListParams"),
        (
            "GET",
            "/v1/payment_intents/{intent}",
            payments.retrieve_intent,
            "PaymentIntentRetrieveParams",
        ),
        ("GET", "/v1/charges", charges.list_, "ChargeListParams"),
        ("GET", "/v1/charges/{charge}", charges.retrieve, "ChargeRetrieveParams"),
        ("GET", "/v1/setup_intents", setups.list_, "SetupIntentListParams"),
        ("GET", "/v1/setup_intents/{intent}", setups.retrieve, "SetupIntentRetrieveParams"),
        ("GET", "/v1/payment_methods", payment_methods.list_, "PaymentMethodListParams"),
        (
            "GET",
            "/v1/payment_methods/{payment_method}",
            payment_methods.retrieve,
            "PaymentMethodRetrieveParams",
        ),
        (
            "POST",
            "/v1/payment_methods/{payment_method}/attach",
            payment_methods.attach,
            "PaymentMethodAttachParams",
        ),
        (
            "POST",
            "/v1/payment_methods/{payment_method}/detach",
            payment_methods.detach,
            "PaymentMethodDetachParams",
        ),
        ("GET", "/v1/balance", balance.retrieve, "BalanceRetrieveParams"),
        (
            "GET",
            "/v1/balance_transactions",
            balance.list_transactions,
            "BalanceTransactionListParams",
        ),
        (
            "GET",
            "/v1/balance_transactions/{id}",
            balance.retrieve_transaction,
            "BalanceTransactionRetrieveParams",
        ),
        ("GET", "/v1/payouts", payouts.list_, "PayoutListParams"),
        ("GET", "/v1/payouts/{payout}", payouts.retrieve, "PayoutRetrieveParams"),
        ("GET", "/v1/events", events.list_, "EventListParams"),
        ("GET", "/v1/events/{id}", events.retrieve, "EventRetrieveParams"),
        ("POST", "/v1/webhook_endpoints", webhooks.create, "WebhookEndpointCreateParams"),
        ("GET", "/v1/webhook_endpoints", webhooks.list_, "WebhookEndpointListParams"),
        (
            "GET",
            "/v1/webhook_endpoints/{webhook_endpoint}",
            webhooks.retrieve,
            "WebhookEndpointRetrieveParams",
        ),
        (
            "POST",
            "/v1/webhook_endpoints/{webhook_endpoint}",
            webhooks.update,
            "WebhookEndpointUpdateParams",
        ),
        (
            "DELETE",
            "/v1/webhook_endpoints/{webhook_endpoint}",
            webhooks.delete,
            "WebhookEndpointDeleteParams",
        ),
        (
            "POST",
            "/v1/billing_portal/configurations",
            portal.create_configuration,
            "billing_portal.ConfigurationCreateParams",
        ),
        (
            "GET",
            "/v1/billing_portal/configurations",
            portal.list_configurations,
            "billing_portal.ConfigurationListParams",
        ),
        (
            "GET",
            "/v1/billing_portal/configurations/{configuration}",
            portal.retrieve_configuration,
            "billing_portal.ConfigurationRetrieveParams",
        ),
        (
            "POST",
            "/v1/billing_portal/configurations/{configuration}",
            portal.update_configuration,
            "billing_portal.ConfigurationUpdateParams",
        ),
        (
            "POST",
            "/v1/billing_portal/sessions",
            portal.create_session,
            "billing_portal.SessionCreateParams",
        ),
        ("POST", "/v1/refunds", refunds.create, "RefundCreateParams"),
        ("GET", "/v1/refunds", refunds.list_, "RefundListParams"),
        ("GET", "/v1/refunds/{refund}", refunds.retrieve, "RefundRetrieveParams"),
        ("POST", "/v1/refunds/{refund}", refunds.update, "RefundUpdateParams"),
        ("POST", "/v1/refunds/{refund}/cancel", refunds.cancel, "RefundCancelParams"),
        ("POST", "/v1/credit_notes", credit_notes.create, "CreditNoteCreateParams"),
        ("GET", "/v1/credit_notes", credit_notes.list_, "CreditNoteListParams"),
        ("GET", "/v1/credit_notes/{id}", credit_notes.retrieve, "CreditNoteRetrieveParams"),
        ("POST", "/v1/credit_notes/{id}", credit_notes.update, "CreditNoteUpdateParams"),
        (
            "POST",
            "/v1/credit_notes/{id}/void",
            credit_notes.void,
            "CreditNoteVoidCreditNoteParams",
        ),
        ("GET", "/v1/disputes", disputes.list_, "DisputeListParams"),
        ("GET", "/v1/disputes/{dispute}", disputes.retrieve, "DisputeRetrieveParams"),
        ("POST", "/v1/disputes/{dispute}", disputes.update, "DisputeUpdateParams"),
        ("POST", "/v1/disputes/{dispute}/close", disputes.close, "DisputeCloseParams"),
    )
]
ROUTES = [
    Route(operation, re.compile(re.sub(r"{\w+}", r"([^/]+)", operation.path)))
    for operation in OPERATIONS
]


def route(method: str, path: str) -> tuple[Operation, tuple[str, ...]] | None:
    for operation, pattern in ROUTES:
        found = pattern.fullmatch(path) if operation.method == method else None
        if found is not None:
            return operation, found.groups()
    return None
