"""What templates may ask about money that went back."""

from django import template

from funding.ledger.money import Money
from sponsors.billing import disputing, overlays, weighing
from sponsors.billing.models import Payment
from sponsors.sponsorships.models import Sponsorship

register = template.Library()
register.filter("dispute_reason", disputing.reason)
register.filter("dispute_state", disputing.state)
register.filter("dispute_outcome", disputing.outcome)
register.filter("dispute_address", disputing.address)
register.filter("dispute_goes_on", disputing.goes_on)
register.filter("going_back", weighing.asked_for)
register.filter("may_go_back", weighing.may_go_back)


@register.filter
def net_exact(payment: Payment) -> str:
    """The project's part of a payment, the fee still in it."""
    return Money(payment.net, payment.invoice.currency).exact


@register.simple_tag
def returns_of(sponsorship: Sponsorship) -> overlays.Overlay:
    """What went back of a sponsorship's money, and what is disputed of it, in two queries."""
    return overlays.of(sponsorship)
