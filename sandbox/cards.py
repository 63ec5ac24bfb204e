"""Stripe's test cards and test bank accounts: what each of them does when it is used."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from sandbox.errors import StripeError, declined

Authentication = Literal["never", "unless_set_up", "on_session", "always"]


@dataclass(frozen=True)
class Decline:
    code: str
    decline_code: str
    message: str
    param: str | None = None

    def error(self) -> StripeError:
        return declined(self.code, self.decline_code, self.message, param=self.param)


GENERIC = Decline("card_declined", "generic_decline", "Your card was declined.")
INSUFFICIENT = Decline("card_declined", "insufficient_funds", "Your card has insufficient funds.")
EXPIRED = Decline("expired_card", "expired_card", "Your card has expired.", "exp_month")
INCORRECT_CVC = Decline(
    "incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect.", "cvc"
)
PROCESSING = Decline(
    "processing_error",
    "processing_error",
    "An error occurred while processing your card. Try again in a little bit.",
)
NOT_A_TEST_CARD = Decline(
    "card_declined",
    "test_mode_live_card",
    "Your card was declined. Your request was in test mode, but used a non test card. "
    "For a list of valid test cards, visit: https://stripe.com/docs/testing.",
)
NOT_A_CARD = Decline(
    "incorrect_number", "incorrect_number", "Your card number is incorrect.", "number"
)
NOT_AUTHENTICATED = Decline(
    "payment_intent_authentication_failure",
    "",
    "We are unable to authenticate your payment method. Please choose a different payment "
    "method and try again.",
)


@dataclass(frozen=True)
class Card:
    number: str
    hint: str
    decline: Decline | None = None
    attaches: bool = True
    authentication: Authentication = "never"
    funds_at_once: bool = False
    brand: str = "visa"
    shorthand: str | None = None
    # What comes of a payment with it later.
    dispute: Literal["", "dispute", "inquiry"] = ""
    refund: Literal["", "pending", "fails"] = ""

    @property
    def declines_at_setup(self) -> bool:
        return self.decline is not None and not self.attaches


def _card(number: str, hint: str, decline: Decline | None, shorthand: str) -> Card:
    return Card(number, hint, decline, attaches=decline is None, shorthand=shorthand)


KNOWN = [
    _card("4242424242424242", "Succeeds", None, "pm_card_visa"),
    Card(
        "5555555555554444",
        "Succeeds (Mastercard)",
        brand="mastercard",
        shorthand="pm_card_mastercard",
    ),
    Card("378282246310005", "Succeeds (American Express)", brand="amex", shorthand="pm_card_amex"),
    Card(
        "4000000000000077",
        "Succeeds, funds available at once",
        funds_at_once=True,
        shorthand="pm_card_bypassPending",
    ),
    _card("4000000000000002", "Is declined", GENERIC, "pm_card_visa_chargeDeclined"),
    _card(
        "4000000000009995",
        "Has insufficient funds",
        INSUFFICIENT,
        "pm_card_visa_chargeDeclinedInsufficientFunds",
    ),
    _card("4000000000000069", "Has expired", EXPIRED, "pm_card_chargeDeclinedExpiredCard"),
    _card(
        "4000000000000127",
        "Has the wrong security code",
        INCORRECT_CVC,
        "pm_card_chargeDeclinedIncorrectCvc",
    ),
    _card(
        "4000000000000119",
        "Meets a processing error",
        PROCESSING,
        "pm_card_chargeDeclinedProcessingError",
    ),
    Card(
        "4000000000000341",
        "Can be saved, later charges fail",
        GENERIC,
        shorthand="pm_card_chargeCustomerFail",
    ),
    Card(
        "4000002500003155",
        "Asks for authentication unless it was set up",
        authentication="unless_set_up",
        shorthand="pm_card_authenticationRequiredOnSetup",
    ),
    Card(
        "4000002760003184",
        "Asks for authentication every time",
        authentication="always",
        shorthand="pm_card_authenticationRequired",
    ),
    Card(
        "4000000000003220",
        "Asks for authentication when present",
        authentication="on_session",
        shorthand="pm_card_threeDSecure2Required",
    ),
    Card(
        "4000008260003178",
        "Asks for authentication, then has insufficient funds",
        INSUFFICIENT,
        authentication="always",
        shorthand="pm_card_authenticationRequiredChargeDeclinedInsufficientFunds",
    ),
    Card(
        "4000000000000259",
        "Succeeds, then is disputed as fraudulent",
        dispute="dispute",
        shorthand="pm_card_createDispute",
    ),
    Card(
        "4000000000001976",
        "Succeeds, then its bank asks about it",
        dispute="inquiry",
        shorthand="pm_card_createDisputeInquiry",
    ),
    Card(
        "4000000000007726",
        "Succeeds; a refund is pending for a while",
        refund="pending",
        shorthand="pm_card_pendingRefund",
    ),
    Card(
        "4000000000005126",
        "Succeeds; a refund fails weeks later",
        refund="fails",
        shorthand="pm_card_refundFail",
    ),
]
CARDS = {card.number: card for card in KNOWN}
SHORTHANDS = {card.shorthand: card for card in KNOWN if card.shorthand}

SETTLES = "DE89370400440532013000"
FAILS_AT_SETTLEMENT = "DE62370400440532013001"


def look_up(number: str) -> Card:
    """The card of that number, which people type with spaces; unknown ones are declined."""
    digits = re.sub(r"[\s-]", "", number)
    if digits in CARDS:
        return CARDS[digits]
    if not re.fullmatch(r"\d{12,19}", digits, re.ASCII) or not luhn(digits):
        raise NOT_A_CARD.error()
    raise NOT_A_TEST_CARD.error()


def luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def iban(typed: str) -> str:
    """The bank account people typed, without spaces, if its check digits are right."""
    account = re.sub(r"\s", "", typed).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}", account, re.ASCII):
        raise _not_an_iban()
    turned = account[4:] + account[:4]
    if int("".join(str(int(letter, 36)) for letter in turned)) % 97 != 1:
        raise _not_an_iban()
    return account


def _not_an_iban() -> StripeError:
    message = "The IBAN you entered is invalid."
    return StripeError(
        400, "invalid_request_error", message, param="iban", code="invalid_bank_account_iban"
    )
