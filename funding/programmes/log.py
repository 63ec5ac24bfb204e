"""The log of a round, as its organisers read it."""

from funding.accounts.models import User
from funding.office import clock
from funding.programmes.models import Deed, Round


def note(round_: Round, by: User | None, words: str) -> None:
    Deed.objects.create(round=round_, by=by, at=clock.now(), words=words[:300])
