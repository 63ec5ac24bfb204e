"""What applicants are told once it is announced. It carries no score and nothing that anybody wrote."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from funding.office import outbox
from funding.office.outbox import Mail
from funding.programmes.models import Application, Place, Round

FOLDER = "programmes/mail"


def announced(
    round_: Round,
    *,
    offered: Iterable[Place],
    waiting: Iterable[Application],
    not_chosen: Iterable[Application],
) -> None:
    """One mail to everybody who had sent an application, put into the outbox in bulk."""
    outbox.write_all(_all(round_, offered, waiting, not_chosen))


def samples(round_: Round, *, now: datetime) -> list[tuple[str, str, str]]:
    """The three mails as they would go out now, to nobody: what each is, its subject, its words."""
    application = Application(pk=0, round=round_, name="Ada", rank=1)
    until = now + timedelta(days=round_.accept_days)
    place = Place(pk=0, round=round_, application=application, accept_until=until)
    if hasattr(round_, "call"):
        place.stipend, place.currency = round_.call.stipend, round_.call.currency
    mails = [
        ("To who is chosen", offer(place, round_, [])),
        ("To who is on the waiting list", _waiting(application, round_, [])),
        ("To who is not chosen", _not_chosen(application, round_, [])),
    ]
    read = [(what, *outbox.read(mail)) for what, mail in mails]
    return [(what, subject, _unwrapped(body)) for what, subject, body in read]


def _unwrapped(body: str) -> str:
    """A page breaks its lines itself."""
    return "\n\n".join(" ".join(part.split()) for part in body.split("\n\n"))


def offer(place: Place, round_: Round, to: list[str], *, moved_up: bool = False) -> Mail:
    known = {
        "place": place, "name": place.application.name, "round": round_, "moved_up": moved_up,
        "stipend": place.money(place.stipend) if place.stipend else None,
    }  # fmt: skip
    return Mail(f"place:{place.pk}:offered", to, f"{FOLDER}/chosen.txt", known)


def _waiting(application: Application, round_: Round, to: list[str]) -> Mail:
    known = {"application": application, "name": application.name, "round": round_}
    return Mail(f"application:{application.pk}:waiting", to, f"{FOLDER}/waiting_list.txt", known)


def _not_chosen(application: Application, round_: Round, to: list[str]) -> Mail:
    known = {"application": application, "name": application.name, "round": round_}
    return Mail(f"application:{application.pk}:not-chosen", to, f"{FOLDER}/not_chosen.txt", known)


def _all(
    round_: Round,
    offered: Iterable[Place],
    waiting: Iterable[Application],
    not_chosen: Iterable[Application],
) -> Iterator[Mail]:
    for place in offered:
        yield offer(place, round_, _to(place.application))
    for application in waiting:
        yield _waiting(application, round_, _to(application))
    for application in not_chosen:
        yield _not_chosen(application, round_, _to(application))


def _to(application: Application) -> list[str]:
    user = application.user
    return [user.email] if user is not None and user.is_active else []
