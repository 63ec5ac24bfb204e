"""Who may do what about money: the table of companies, read for a sponsorship."""

from funding.accounts.models import User
from sponsors.companies import access
from sponsors.sponsorships.models import Sponsorship


def sponsorship_for(user: User, deed: str, sponsorship_id: int) -> Sponsorship | None:
    """The sponsorship, if this person may do the deed for its company; None alike for one that
    is another's and for one that does not exist."""
    sponsorship = Sponsorship.objects.with_parties().filter(pk=sponsorship_id).first()
    if sponsorship is None or not access.may(user, deed, sponsorship.company):
        return None
    return sponsorship
