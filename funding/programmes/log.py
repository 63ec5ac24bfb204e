"""The log of a round: who did what, as its organisers read it. It carries no words of applicants."""

from funding.accounts.models import User
from funding.office import clock
from funding.programmes.models import Deed, Round


def note(round_: Round, by: User | None, words: str) -> None:
    """In the transaction of the deed; nobody: the site did it by itself."""
    Deed.objects.create(round=round_, at=clock.now(), by=by, words=words[:300])
