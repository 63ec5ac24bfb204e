"""The log of a round: who did what, as its organisers read it. It carries no word of an
applicant's, and names nobody but who did it: who leaves the site is named nowhere. A reason that was
given is not in it either: the page of what it is about says it to organisers. Treasurers read the
lines that are about money, dates and the call."""

from django.db.models import QuerySet

from funding.accounts.models import User
from funding.office import clock
from funding.programmes import access
from funding.programmes.models import Deed, Programme, Round

WHY = "its page says why"
DECLINED = "declined the place of"


def note(round_: Round, by: User | None, words: str, *, for_treasurers: bool = False) -> None:
    """A line of it, in the transaction of the deed: "Ada " + `words`."""
    Deed.objects.create(
        round=round_, at=clock.now(), by=by, words=words[:300], for_treasurers=for_treasurers
    )


def note_of_money(round_: Round, by: User | None, words: str) -> None:
    """A line that treasurers read too: money, dates, the call. It says nothing of people."""
    note(round_, by, words, for_treasurers=True)


def read_by(user: User, round_: Round) -> QuerySet[Deed]:
    """The lines that this person may read, the newest first."""
    lines = round_.deeds.select_related("by")
    may_read_all = access.may_in(user, "choose", round_)
    return lines if may_read_all else lines.filter(for_treasurers=True)


def note_of_programme(programme: Programme, by: User | None, words: str) -> None:
    """What concerns the whole programme stands in the log of its newest round; before there is one,
    nowhere."""
    newest = programme.rounds.order_by("-pk").first()
    if newest is not None:
        note(newest, by, words)
