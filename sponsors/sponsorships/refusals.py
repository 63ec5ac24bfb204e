"""Why a sponsorship cannot be had, or cannot be changed, as somebody asked. Each message says why and
what to do; nothing has changed when one is raised.

    Refused
    ├── TierClosed, TierFull, ProjectNotOpen, WrongAudience, NotSoldSo, PriceChanged
    ├── AlreadySponsoring, UnderWay
    └── NotAllowed
"""

from sponsors.sponsorships.models import Sponsorship


class Refused(Exception):
    """The sponsorship cannot be had as asked; the message says why and what to do."""


class TierClosed(Refused):
    pass


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


class NotAllowed(Refused):
    """The sponsorship is in no state from which this can be asked."""
