"""Mail to those who review, and to organisers when nobody is left who could."""

from datetime import datetime

from django.db.models import Count, Max

from funding.accounts.models import User
from funding.office import outbox
from funding.office.outbox import Mail
from funding.programmes.models import Part, Review, Round

FOLDER = "programmes/mail"


def given(round_: Round, *, until: datetime | None, now: datetime) -> None:
    """To whoever was given something just now: how much, and until when."""
    new = Review.objects.filter(application__round=round_, assigned_at=now, status="assigned")
    people = new.order_by().values("reviewer").annotate(number=Count("pk"), last=Max("pk"))
    users = User.objects.in_bulk([one["reviewer"] for one in people])
    outbox.write_all(
        Mail(
            f"reviews:{round_.pk}:{one['reviewer']}:{one['last']}",
            [users[one["reviewer"]].email], f"{FOLDER}/reviews_given.txt",
            {"round": round_, "number": one["number"], "until": until},
        )
        for one in people
    )  # fmt: skip


def nobody_left(review: Review) -> None:
    """To the organisers: an application was handed back, and there is no other reviewer for it."""
    round_ = review.application.round
    parts = Part.objects.filter(programme=round_.programme_id, role=Part.Role.ORGANISER)
    outbox.write(
        key=f"review:{review.pk}:nobody-left",
        recipients=list(parts.values_list("user__email", flat=True)),
        template=f"{FOLDER}/nobody_left.txt",
        context={"round": round_, "application": review.application},
    )
