"""Mail about an offered place: to the participant, and to the organisers what became of it."""

from collections.abc import Iterable

from funding.office import outbox
from funding.office.models import Message
from funding.office.outbox import Mail
from funding.programmes.mail import announcing
from funding.programmes.models import Part, Place

FOLDER = "programmes/mail"


def moved_up(place: Place) -> None:
    """To who was on the waiting list: a place became free."""
    to = [place.application.user.email] if place.application.user else []
    outbox.write_all([announcing.offer(place, place.round, to, moved_up=True)])


def accepted(place: Place) -> None:
    """To the participant, with what they signed; to the organisers."""
    _write(place, "accepted", [place.user.email])
    _tell_organisers(place, "accepted_by")


def declined(place: Place) -> None:
    _write(place, "declined", [place.user.email])
    _tell_organisers(place, "declined_by")


def lapsed(place: Place) -> None:
    _write(place, "lapsed", [place.user.email])
    _tell_organisers(place, "lapsed_of")


def answer_soon(places: Iterable[Place]) -> None:
    """Asked every minute for days, so only what is not written yet is put into words."""
    due = {_key(place, "answer_soon"): place for place in places}
    written = set(Message.objects.filter(key__in=due).values_list("key", flat=True))
    outbox.write_all(
        _mail(place, "answer_soon", [place.user.email])
        for key, place in due.items()
        if key not in written
    )


def _tell_organisers(place: Place, event: str) -> None:
    parts = Part.objects.filter(programme=place.round.programme_id, role=Part.Role.ORGANISER)
    _write(place, event, list(parts.values_list("user__email", flat=True)))


def _write(place: Place, event: str, to: list[str]) -> None:
    outbox.write_all([_mail(place, event, to)])


def _mail(place: Place, event: str, to: list[str]) -> Mail:
    known: dict[str, object] = {"place": place, "round": place.round}
    return Mail(_key(place, event), to, f"{FOLDER}/{event}.txt", known)


def _key(place: Place, event: str) -> str:
    return f"place:{place.pk}:{event}"
