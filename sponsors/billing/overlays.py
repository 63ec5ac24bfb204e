"""Overlays: that money of a sponsorship went back, or is disputed. Its state does not say so: it may
be active all the same."""

from dataclasses import dataclass

from sponsors.billing.models import Dispute, Refund
from sponsors.sponsorships.models import Sponsorship


@dataclass(frozen=True, slots=True)
class Overlay:
    refunds: list[Refund]  # newest first, those that failed too
    disputes: list[Dispute]

    def __bool__(self) -> bool:
        return bool(self.refunds or self.disputes)

    @property
    def is_disputed(self) -> bool:
        """Now, or for good."""
        return any(one.is_taken for one in self.disputes)

    @property
    def is_refunded(self) -> bool:
        return any(one.went_back for one in self.refunds)


def of(sponsorship: Sponsorship) -> Overlay:
    theirs = {"payment__invoice__sponsorship": sponsorship}
    with_invoice = ("payment__invoice", "credit_note")
    return Overlay(
        refunds=list(Refund.objects.filter(**theirs).select_related(*with_invoice)),
        disputes=list(Dispute.objects.filter(**theirs).select_related("payment__invoice")),
    )
