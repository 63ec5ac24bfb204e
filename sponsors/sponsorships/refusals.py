"""Why a sponsorship cannot be had, or cannot be changed, as somebody asked. Each message says why and
what to do; nothing has changed when one is raised.

    Refused
    ├── AccountGone
    ├── TierClosed, TierGone, TierFull, ProjectNotOpen, WrongAudience, NotSoldSo, PriceChanged
    ├── AlreadySponsoring, UnderWay
    ├── ChangeUnderWay, PastDue, NotPaidYet, SameTerms, CostChanged, Declined
    └── NotAllowed
"""

from datetime import datetime

from funding.accounts.models import User
from funding.ledger.money import Money
from funding.projects.models import Tier
from sponsors.companies.models import Company
from sponsors.sponsorships.models import Interval, Sponsorship, Status

# How it stands, for who asks what it is in no state for; and what to do first.
FIRST = {
    Status.DRAFT: "Nothing has been paid for it yet. Choose its tier first.",
    Status.PENDING: "It is not paid yet. Go on to payment first, or give its place back.",
    Status.AWAITING_INVOICE: "Its first invoice was sent and is not paid yet. Pay that first.",
    Status.ACTIVE: "It is active already. Look at it as it is and choose again.",
    Status.PAST_DUE: "A payment for it is open. Pay that first.",
    Status.CANCELLING: "It ends soon and is not renewed. To change that, renew it after all first.",
    Status.PAUSED: "It is paused. To change that, let it go on first.",
    Status.CANCELLED: "It has ended, so nothing can be asked of it. It can be sponsored again.",
    Status.LAPSED: "It has ended, so nothing can be asked of it. It can be sponsored again.",
    Status.ABANDONED: "It was not paid, and nothing came of it. Choose a tier again.",
}


class Refused(Exception):
    """The sponsorship cannot be had as asked; the message says why and what to do."""


class AccountGone(Refused):
    pass


class TierClosed(Refused):
    pass


class TierGone(Refused):
    """It was removed, and there is no page on which to choose it again."""

    def __init__(self, tier: Tier) -> None:
        super().__init__(
            f"{tier.name} is offered no longer. Choose another tier. Nothing was charged."
        )


class TierFull(Refused):
    pass


class ProjectNotOpen(Refused):
    pass


class WrongAudience(Refused):
    pass


class NotSoldSo(Refused):
    pass


class PriceChanged(Refused):
    pass


class AlreadySponsoring(Refused):
    def __init__(self, message: str, sponsorship: Sponsorship) -> None:
        super().__init__(message)
        self.sponsorship = sponsorship


class UnderWay(Refused):
    """A payment for it is on its way: asking for another would charge twice."""

    def __init__(self) -> None:
        super().__init__(
            "A payment for this is on its way already: a bank debit takes some days. You will get "
            "a mail when it has arrived."
        )


class ChangeUnderWay(Refused):
    """It is asked to become something already; that comes about or is taken back first."""

    def __init__(self) -> None:
        super().__init__(
            "A change of this sponsorship is under way already. Take that back first, or wait for it."
        )


class PastDue(Refused):
    """Another price would give credit for time that was never paid for."""

    def __init__(self) -> None:
        super().__init__(
            "A payment for this sponsorship failed. Pay the open invoice first; then the tier can "
            "be changed. Nothing was changed."
        )


class NotPaidYet(Refused):
    """Its renewal is a draft for an hour, or on its way for days: what is billed beside it, or
    left out after it, would stand on a payment that may never come."""

    def __init__(self) -> None:
        super().__init__(
            "What is paid for has come to its end, and the next payment is not there yet. It is "
            "charged about an hour after the period begins. Come back when it is paid. Nothing was "
            "changed."
        )


class SameTerms(Refused):
    pass


class CostChanged(Refused):
    """What the page showed is not what would be charged now."""

    def __init__(self) -> None:
        super().__init__(
            "Some minutes have passed, and the cost is counted to the second. Look at it as it is "
            "now before you go on. Nothing was charged."
        )


class Declined(Refused):
    """The bank refused; nothing was changed."""


class NotAllowed(Refused):
    """The sponsorship is in no state from which this can be asked."""


def insist_not_gone(user: User) -> None:
    """Raises `AccountGone` for who has left; who has not does not leave before the transaction
    ends. To be asked before anything else is locked."""
    if not User.objects.hold(user):
        raise AccountGone("This account is closed, so nothing was bought.")


def insist_paid_for(sponsorship: Sponsorship, *, now: datetime) -> None:
    """Raises `NotPaidYet` when no payment covers this moment."""
    if sponsorship.paid_through is None or sponsorship.paid_through <= now:
        raise NotPaidYet


def insist_on_offer(*, company: Company, tier: Tier, interval: Interval, price: Money) -> None:
    """Raises the reason why this company cannot have this tier at the price that it saw."""
    if not tier.project.is_open:
        raise ProjectNotOpen(f"{tier.project} takes no new sponsors. Nothing was charged.")
    if not tier.is_open:
        raise TierClosed(f"{tier.name} is closed to new sponsors. Choose another tier.")
    other = {"individuals": "organisation", "organisations": "individual"}.get(tier.audience)
    if company.kind == other:
        raise WrongAudience(f"{tier.name} is for {tier.audience} only. Choose another tier.")
    asked = tier.price(interval)
    if asked is None:
        raise NotSoldSo(f"{tier.name} is not sold by the {interval}. Choose the other.")
    if asked != price:
        raise PriceChanged(
            f"The price of {tier.name} has changed from {price} to {asked} a "
            f"{interval} since this page was opened. Look at it again before you go on."
        )
