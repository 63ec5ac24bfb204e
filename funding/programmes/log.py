"""The log of a round: who did what, as its organisers read it. It carries no word of an
applicant's, and names nobody but who did it: who leaves the site is named nowhere."""

from funding.accounts.models import User
from funding.office import clock
from funding.programmes.models import Deed, Programme, Round


def note(round_: Round, by: User | None, words: str) -> None:
    """A line of it, in the transaction of the deed: "Ada " + `words`."""
    Deed.objects.create(round=round_, at=clock.now(), by=by, words=words[:300])


def note_of_programme(programme: Programme, by: User | None, words: str) -> None:
    """What concerns the whole programme stands in the log of its newest round; before there is one,
    nowhere."""
    newest = programme.rounds.order_by("-pk").first()
    if newest is not None:
        note(newest, by, words)
