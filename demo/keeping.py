"""What maintainers do in the demo beside their work: they keep what they promised, say how, ask others
to run a project with them, and put right what was recorded wrongly."""

from datetime import datetime

from demo import cast
from funding.accounts.models import User
from funding.projects import recording, team
from funding.projects.models import Benefit, PaymentOut, Project, Update
from sponsors.sponsorships import fulfilling
from sponsors.sponsorships.models import Fulfilment

PROOFS = {
    Benefit.Kind.DOCS: "https://docs.example/sponsors",
    Benefit.Kind.RELEASES: "From the notes of the next release on",
    Benefit.Kind.CALL: "An hour by telephone; notes are with you",
    Benefit.Kind.HOURS: "Used up on what you asked for",
    Benefit.Kind.OWN: "It is there",
}


def owner_of(project: Project) -> User:
    return project.maintainers.filter(role="owner").order_by("id")[0].user


def keep_promises(project: Project, *, now: datetime) -> None:
    """All that is due by now."""
    due = Fulfilment.objects.owed(now).filter(sponsorship__project=project, due_on__lte=now.date())
    for promise in list(due):
        proof = PROOFS[Benefit.Kind(promise.kind)]
        fulfilling.mark_done(fulfilment_id=promise.pk, by=owner_of(project), proof=proof, now=now)


def invite(project: Project, *, now: datetime) -> None:
    team.invite(project=project, email=cast.INVITED, role="editor", by=owner_of(project), now=now)


def begin_update(project: Project) -> None:
    """A draft that nobody but the maintainers sees."""
    Update.objects.create(
        project=project, author=owner_of(project), title="What winter brings",
        body="Two releases are planned before the end of the year.\n\n*More when they are out.*\n",
    )  # fmt: skip


def put_right(project: Project) -> None:
    """The newest bill to a supplier was another one's."""
    wrong = PaymentOut.objects.that_hold().filter(project=project).exclude(supplier="")[0]
    recording.correct(wrong, because="Billed to another project", by=owner_of(project))
