"""What programmes hold about a person."""

from collections.abc import Iterator

from django.db.models import QuerySet

from funding.accounts.models import User
from funding.programmes import applying
from funding.programmes.models import Application


def hindrances(user: User) -> Iterator[str]:
    """An application keeps nobody here."""
    yield from ()


def export(user: User) -> dict[str, object]:
    """What they wrote, sent or not. What was decided of it is told when the round is announced."""
    return {"applications": [_told(one) for one in _applications(user)]}


def hold(user: User) -> None:
    """From here to the end of the transaction they send nothing, and nobody gives them a place."""
    list(Application.objects.select_for_update(of=("self",)).filter(user=user).order_by("pk"))


def forget(user: User) -> None:
    """Applications are withdrawn and emptied; one that became a place is kept with it."""
    for application in _applications(user).filter(place=None):
        applying.empty(application=application)


def _applications(user: User) -> QuerySet[Application]:
    rows = Application.objects.filter(user=user).order_by("pk")
    return rows.select_related("round__programme", "idea").prefetch_related(
        "answers__question", "contacts", "round__criteria"
    )


def _told(application: Application) -> dict[str, object]:
    own = ("status", "name", "about", "hours", "away", "links", "ai_use", "typed")
    times = (
        "begun_at", "saved_at", "submitted_at", "sample_submitted_at", "consented_at", "ended_at",
    )  # fmt: skip
    texts = {str(one.pk): one.text for one in application.round.criteria.all()}
    return {
        "programme": application.round.programme.name,
        "round": application.round.name,
        "idea": application.idea.title if application.idea else None,
        **{name: getattr(application, name) for name in (*own, *times)},
        "eligibility": {
            texts[pk]: said for pk, said in application.criteria.items() if pk in texts
        },
        "answers": [
            {"question": answer.question.text, "answer": answer.text}
            for answer in application.answers.all()
        ],
        "contacts": [
            {
                "url": one.url,
                "words": one.words,
                "is_contribution": one.is_contribution,
                "at": one.at,
            }
            for one in application.contacts.all()
        ],
    }
