"""What templates of other apps may ask about payments that failed."""

from django import template

from sponsors.billing import failing
from sponsors.sponsorships.models import Sponsorship

register = template.Library()


@register.simple_tag
def failure_of(sponsorship: Sponsorship) -> failing.Failure | None:
    """What is open and why, if its payment failed."""
    return failing.of(sponsorship)
