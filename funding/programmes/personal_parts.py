"""What the desks of programmes hold about a person: parts, invitations, and what they want to be told."""

from collections.abc import Iterator

from django.db.models import Count, Q, QuerySet

from funding.accounts import asking
from funding.accounts.models import User
from funding.office import clock, outbox
from funding.programmes import hanging, inviting
from funding.programmes.models import Deed, Interest, Part, PartInvitation, Programme, Round

ORGANISER = Part.Role.ORGANISER


def hindrances(user: User) -> Iterator[str]:
    """A programme whose round goes on, or that others have a part in, needs somebody who organises."""
    organisers = Count("parts", filter=Q(parts__role=ORGANISER))
    theirs = Part.objects.filter(user=user, role=ORGANISER).values("programme")
    alone = Programme.objects.annotate(organisers=organisers).filter(pk__in=theirs, organisers=1)
    for programme in alone.order_by("name"):
        goes_on = programme.rounds.filter(status=Round.Status.OPEN).exists()
        if goes_on or programme.parts.exclude(user=user).exists():
            yield (
                f"You are the only organiser of {programme}: make somebody else an organiser first."
            )


def export(user: User) -> dict[str, object]:
    parts = Part.objects.filter(user=user).order_by("pk")
    deeds = Deed.objects.filter(by=user).order_by("pk")
    wants = Interest.objects.filter(user=user).order_by("pk")
    return {
        "programme_parts": list(
            parts.values("programme__name", "programme__slug", "role", "since")
        ),
        "programme_invitations": list(
            _invitations(user).values("programme__name", "role", "created_at", "accepted_at")
        ),
        "programme_log": list(
            deeds.values("round__programme__name", "round__name", "at", "words")
        ),
        "wants_to_be_told": list(wants.values("round__programme__name", "round__name", "told_at")),
    }


def hold(user: User) -> None:
    """From here to the end of the transaction nobody else comes to their programmes or leaves them."""
    rows = Programme.objects.run_by(user).select_for_update(of=("self",))
    list(rows.order_by("pk"))


def forget(user: User) -> None:
    """Their parts. What they did stays in the logs, by somebody who left."""
    run = list(Programme.objects.run_by(user))
    Part.objects.filter(user=user).delete()
    for programme in run:
        hanging.end(programme, user)
        inviting.withdraw_orphaned(programme, now=clock.now())
    Interest.objects.filter(user=user).delete()
    asked = set(PartInvitation.objects.filter(accepted_by=user).values_list("email", flat=True))
    outbox.forget(asking.only_of(user, asked))
    _invitations(user).delete()


def _invitations(user: User) -> QuerySet[PartInvitation]:
    theirs = Q(email__iexact=user.email) | Q(accepted_by=user)
    return PartInvitation.objects.filter(theirs).order_by("pk")
