"""Who may do what about money: the table of companies, read for a sponsorship."""

from funding.accounts.models import User
from sponsors.companies import access
from sponsors.sponsorships.models import Commitment, Sponsorship


def sponsorship_for(user: User, deed: str, sponsorship_id: int) -> Sponsorship | None:
    """The sponsorship, if this person may do the deed for its company; None alike for one that
    is another's and for one that does not exist."""
    sponsorship = Sponsorship.objects.with_parties().filter(pk=sponsorship_id).first()
    if sponsorship is None or not access.may(user, deed, sponsorship.company):
        return None
    return sponsorship


def commitment_for(user: User, deed: str, commitment_id: int) -> Commitment | None:
    """The same of a promise for a programme's seat."""
    commitment = Commitment.objects.with_parties().filter(pk=commitment_id).first()
    if commitment is None or not access.may(user, deed, commitment.company):
        return None
    return commitment
