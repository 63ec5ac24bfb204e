"""Mail about places that are running."""

from collections.abc import Sequence
from datetime import datetime

from funding.accounts.models import User
from funding.office import outbox
from funding.programmes.models import Checkpoint, Feedback, Part, Place, Round

Side = Feedback.Side


def asked(key: str, place: Place, checkpoint: Checkpoint, side: str, due_at: datetime) -> None:
    """To a side that was not heard yet: it opens, or is due in two days."""
    people = [place.user] if side == Side.PARTICIPANT else _mentors(place)
    outbox.write(
        key=key,
        recipients=_addresses(people),
        template="programmes/mail/checkpoint_asked.txt",
        context=_of(place) | {"checkpoint": checkpoint, "side": side, "due_at": due_at},
    )


def late(key: str, place: Place, checkpoint: Checkpoint, sides: Sequence[str]) -> None:
    """To the organisers: somebody was not heard three days after it was due."""
    outbox.write(
        key=key,
        recipients=_organisers(place.round),
        template="programmes/mail/checkpoint_late.txt",
        context=_of(place) | {"checkpoint": checkpoint, "sides": sides},
    )


def doubted(said: Feedback) -> None:
    """To the organisers: a side does not say that it should go on as it does. Once a side."""
    outbox.write(
        key=f"doubted:{said.pk}",
        recipients=_organisers(said.place.round),
        template="programmes/mail/doubted.txt",
        context=_of(said.place) | {"checkpoint": said.checkpoint, "side": said.side},
    )


def extended(place: Place, weeks: int) -> None:
    outbox.write(
        key=f"extended:{place.pk}:{place.extended_weeks}",
        recipients=_addresses([place.user, *_mentors(place)]),
        template="programmes/mail/extended.txt",
        context=_of(place) | {"weeks": weeks},
    )


def ended(place: Place) -> None:
    """To both sides: it ended early. The reason is told in person and stands on their page."""
    _to_both(place, "ended")


def completed(place: Place) -> None:
    """To both sides: it is complete, and there is a certificate."""
    _to_both(place, "completed")


def mentoring(place: Place, new: Sequence[User]) -> None:
    """To those who mentor a place from now on, each once."""
    for person in new:
        outbox.write(
            key=f"mentoring:{place.pk}:{person.pk}",
            recipients=_addresses([person]),
            template="programmes/mail/mentoring.txt",
            context=_of(place),
        )


def unended(key: str, round_: Round, missing: Sequence[str], deleted_at: datetime | None) -> None:
    """To the organisers: its last phase is over, and what is in the way of ending it."""
    outbox.write(
        key=key,
        recipients=_organisers(round_),
        template="programmes/mail/unended.txt",
        context={
            "round": round_, "programme": round_.programme, "missing": missing,
            "deleted_at": None if round_.purged_at else deleted_at,
        },
    )  # fmt: skip


def purge_announced(key: str, round_: Round, person: User, when: datetime) -> None:
    outbox.write(
        key=key,
        recipients=[person.email],
        template="programmes/mail/purge_announced.txt",
        context={"round": round_, "when": when},
    )


def _to_both(place: Place, what: str) -> None:
    outbox.write(
        key=f"{what}:{place.pk}",
        recipients=_addresses([place.user, *_mentors(place)]),
        template=f"programmes/mail/{what}.txt",
        context=_of(place),
    )


def _of(place: Place) -> dict[str, object]:
    return {"place": place, "round": place.round, "programme": place.round.programme}


def _mentors(place: Place) -> list[User]:
    return [one.user for one in place.mentorings.select_related("user")]


def _organisers(round_: Round) -> list[str]:
    parts = Part.objects.filter(programme=round_.programme_id, role=Part.Role.ORGANISER)
    return _addresses([part.user for part in parts.select_related("user")])


def _addresses(people: Sequence[User]) -> list[str]:
    """Of those who are still here."""
    return [person.email for person in people if person.left_at is None]
