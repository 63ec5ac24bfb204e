"""Reasons: what a bank's code for a payment that failed means, to the people who pay. A code itself is
shown to nobody, and of a card that was lost or stolen no more than that it was declined."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    words: str
    is_final: bool = False  # this card is not asked again, whatever the plan of tries says


DECLINED = Reason("The bank declined the card, and did not say why.")
NO_MEANS = Reason("There is no card to charge.", is_final=True)
NEEDS_PERSON = Reason("The bank wants somebody to confirm the payment.", is_final=True)
ON_ITS_WAY = Reason("A payment is on its way and takes some days.", is_final=True)
_NOT_ASKED_AGAIN = Reason("The bank declined the card.", is_final=True)
_NO_MONEY = Reason("The bank says that there is not enough money for it.")
_EXPIRED = Reason("The card has expired.")
_LIMIT = Reason("The card's limit was reached.")
_NUMBER = Reason("The bank does not know the card's number any more.", is_final=True)
_CODE = Reason("The card's security code or address did not match.")
_NOT_ALLOWED = Reason("The bank does not allow this kind of payment with the card.")
_TECHNICAL = Reason("Something went wrong between the banks. Nothing is wrong with the card.")
_DEBIT = Reason("The bank refused the debit.")

_BY_WORDS = {
    _NO_MONEY: "insufficient_funds balance_insufficient",
    _EXPIRED: "expired_card invalid_expiry_month invalid_expiry_year",
    _LIMIT: "card_velocity_exceeded withdrawal_count_limit_exceeded amount_too_large",
    _NUMBER: "incorrect_number invalid_number invalid_account new_account_information_available",
    _CODE: "incorrect_cvc invalid_cvc incorrect_zip incorrect_address",
    _NOT_ALLOWED: "transaction_not_allowed service_not_allowed card_not_supported "
    "currency_not_supported not_permitted invalid_amount security_violation",
    _TECHNICAL: "processing_error issuer_not_available try_again_later reenter_transaction "
    "no_action_taken approve_with_id duplicate_transaction",
    _NOT_ASKED_AGAIN: "lost_card stolen_card pickup_card restricted_card fraudulent "
    "merchant_blacklist revocation_of_authorization revocation_of_all_authorizations "
    "stop_payment_order highest_risk_level",
    NEEDS_PERSON: "authentication_required authentication_not_handled "
    "payment_intent_authentication_failure",
    _DEBIT: "payment_method_provider_decline debit_not_authorized account_closed no_account "
    "bank_account_restricted recipient_deceased branch_does_not_exist",
    ON_ITS_WAY: "processing",  # a payment intent's own word
    NO_MEANS: "",
}
REASONS = {code: reason for reason, codes in _BY_WORDS.items() for code in codes.split()}


def of(code: str) -> Reason:
    """An empty one means that nothing could be tried: there was no card."""
    return REASONS.get(code, DECLINED) if code else NO_MEANS
