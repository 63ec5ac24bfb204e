"""What places hold about a person: as their participant, and as their mentor. Agreements under which
money was paid stay as they were signed."""

from collections.abc import Iterator

from funding.accounts.models import User
from funding.programmes.models import Feedback, Mentoring, Outlay, Place, Post


def hindrances(user: User) -> Iterator[str]:
    """Who is in the middle of something ends it first."""
    for place in _places(user).filter(status__in=Place.ACTIVE):
        yield f"You have a place in {place.round}: decline it, or ask {_whom(place)} to end it first."
    running = Place.objects.filter(mentorings__user=user, status=Place.Status.RUNNING)
    for place in running.select_related("round__programme").order_by("pk"):
        yield f"You mentor a place in {place.round}: ask {_whom(place)} to give it to somebody else."


def export(user: User) -> dict[str, object]:
    """Everything that they wrote, and the place that it was about."""
    said = Feedback.objects.filter(by=user).order_by("pk")
    told = Post.objects.filter(author=user).order_by("pk")
    mentored = Mentoring.objects.filter(user=user).select_related("place__round__programme")
    return {
        "places": [_place(place) for place in _places(user)],
        "mentored_places": [str(one.place) for one in mentored.order_by("pk")],
        "feedback": list(
            said.values(
                "place", "checkpoint__title", "side", "text", "private", "goes_well", "sent_at"
            )
        ),
        "programme_posts": list(told.values("place", "title", "body", "at", "released_at")),
    }


def forget(user: User) -> None:
    """Pages do not name them any more. What was paid to them, and what they signed, stays; posts stay,
    by somebody who left; drafts and what was for organisers alone go."""
    _places(user).update(public_name="")
    Outlay.objects.filter(instalment__place__user=user).update(payee="A participant")
    Feedback.objects.filter(by=user, sent_at=None).delete()
    Feedback.objects.filter(by=user).update(private="")


def _whom(place: Place) -> str:
    contact = place.round.programme.contact
    return f"its organisers ({contact})" if contact else "its organisers"


def _place(place: Place) -> dict[str, object]:
    return {
        "round": str(place.round), "status": place.get_status_display(),
        "name_on_pages": place.public_name, "stipend": str(place.money(place.stipend).exact),
        "offered": place.offered_at, "signed_as": place.signed_name,
        "signed_text": place.signed_text, "from": place.starts_at, "until": place.ends_at,
        "ended": place.ended_at, "why_it_ended": place.end_reason,
        "instalments": list(
            place.instalments.values("checkpoint__title", "amount", "status", "released_at")
        ),
    }  # fmt: skip


def _places(user: User):  # type: ignore[no-untyped-def]
    return Place.objects.filter(user=user).select_related("round__programme").order_by("pk")
