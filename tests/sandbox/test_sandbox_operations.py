"""Which operations there are, and which parameters they take."""

import ast
import re
from pathlib import Path

import stripe

from sandbox import description
from sandbox.operations import OPERATIONS

SERVED = """
DELETE /v1/customers/{customer}
DELETE /v1/customers/{customer}/tax_ids/{id}
DELETE /v1/invoices/{invoice}
DELETE /v1/subscriptions/{subscription}
DELETE /v1/webhook_endpoints/{webhook_endpoint}
GET /v1/balance
GET /v1/balance_transactions
GET /v1/balance_transactions/{id}
GET /v1/billing_portal/configurations
GET /v1/billing_portal/configurations/{configuration}
GET /v1/charges
GET /v1/charges/{charge}
GET /v1/checkout/sessions
GET /v1/checkout/sessions/{session}
GET /v1/checkout/sessions/{session}/line_items
GET /v1/credit_notes
GET /v1/credit_notes/{id}
GET /v1/customers
GET /v1/customers/{customer}
GET /v1/customers/{customer}/payment_methods
GET /v1/customers/{customer}/tax_ids
GET /v1/disputes
GET /v1/disputes/{dispute}
GET /v1/events
GET /v1/events/{id}
GET /v1/invoice_payments
GET /v1/invoice_payments/{invoice_payment}
GET /v1/invoiceitems
GET /v1/invoiceitems/{item}
GET /v1/invoices
GET /v1/invoices/{invoice}
GET /v1/invoices/{invoice}/lines
GET /v1/payment_intents
GET /v1/payment_intents/{intent}
GET /v1/payment_methods
GET /v1/payment_methods/{payment_method}
GET /v1/payouts
GET /v1/payouts/{payout}
GET /v1/prices
GET /v1/prices/{price}
GET /v1/products
GET /v1/products/{id}
GET /v1/refunds
GET /v1/refunds/{refund}
GET /v1/setup_intents
GET /v1/setup_intents/{intent}
GET /v1/subscription_schedules
GET /v1/subscription_schedules/{schedule}
GET /v1/subscriptions
GET /v1/subscriptions/{subscription}
GET /v1/webhook_endpoints
GET /v1/webhook_endpoints/{webhook_endpoint}
POST /v1/billing_portal/configurations
POST /v1/billing_portal/configurations/{configuration}
POST /v1/billing_portal/sessions
POST /v1/checkout/sessions
POST /v1/checkout/sessions/{session}/expire
POST /v1/credit_notes
POST /v1/credit_notes/{id}
POST /v1/credit_notes/{id}/void
POST /v1/customers
POST /v1/customers/{customer}
POST /v1/customers/{customer}/tax_ids
POST /v1/disputes/{dispute}
POST /v1/disputes/{dispute}/close
POST /v1/invoiceitems
POST /v1/invoices
POST /v1/invoices/create_preview
POST /v1/invoices/{invoice}
POST /v1/invoices/{invoice}/finalize
POST /v1/invoices/{invoice}/mark_uncollectible
POST /v1/invoices/{invoice}/pay
POST /v1/invoices/{invoice}/send
POST /v1/invoices/{invoice}/void
POST /v1/payment_methods/{payment_method}/attach
POST /v1/payment_methods/{payment_method}/detach
POST /v1/prices
POST /v1/prices/{price}
POST /v1/products
POST /v1/products/{id}
POST /v1/refunds
POST /v1/refunds/{refund}
POST /v1/refunds/{refund}/cancel
POST /v1/subscription_schedules
POST /v1/subscription_schedules/{schedule}
POST /v1/subscription_schedules/{schedule}/cancel
POST /v1/subscription_schedules/{schedule}/release
POST /v1/subscriptions
POST /v1/subscriptions/{subscription}
POST /v1/webhook_endpoints
POST /v1/webhook_endpoints/{webhook_endpoint}
"""


def test_the_sandbox_serves_exactly_these_operations():
    served = sorted(f"{operation.method} {operation.path}" for operation in OPERATIONS)

    assert served == SERVED.split("\n")[1:-1]


def client_calls():
    """(method, path) -> name of the parameters, as the client's services say it."""
    calls = {}
    for file in Path(stripe.__file__).parent.rglob("*_service.py"):
        text = file.read_text()
        if '"/v1/' not in text:
            continue
        for function in ast.walk(ast.parse(text)):
            if isinstance(function, ast.FunctionDef):
                read_call(function, calls)
    return calls


def read_call(function, calls):
    source = ast.unparse(function)
    found = re.search(r"self\._request\('(\w+)', '(/v1/[^']*)'", source)
    params = re.search(r"params: [^=,]*?(\w+Params)\b", source)
    if found:
        calls[found[1].upper(), nameless(found[2])] = params[1] if params else None


def nameless(path):
    return re.sub(r"{\w+}", "{}", path)


def test_each_operation_takes_the_parameters_that_the_client_sends():
    calls = client_calls()

    for operation in OPERATIONS:
        expected = calls[operation.method, nameless(operation.path)]
        assert operation.parameters.rpartition(".")[2] == expected, operation


def test_every_description_can_be_read():
    for operation in OPERATIONS:
        cls = description.parameters(operation.parameters)
        assert "expand" in description.fields(cls) or operation.method == "DELETE", operation
