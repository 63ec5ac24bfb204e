"""To applicants: what was received, what is to be done still. To who proposed an idea: what became of it."""

from datetime import datetime

from funding.accounts.models import User
from funding.office import outbox
from funding.office.models import Message
from funding.programmes.models import Application, Idea


def application_sent(application: Application) -> None:
    """A receipt, once each time that it is sent anew."""
    at = application.submitted_at.isoformat() if application.submitted_at else ""
    _to_applicant(application, "application_sent", f"application-sent:{application.pk}:{at}")


def application_withdrawn(application: Application) -> None:
    at = application.ended_at.isoformat() if application.ended_at else ""
    key = f"application-withdrawn:{application.pk}:{at}"
    _to_applicant(application, "application_withdrawn", key)


def sample_sent(application: Application) -> None:
    _to_applicant(application, "sample_sent", f"sample-sent:{application.pk}")


def reminder(application: Application, *, key: str, until: datetime) -> None:
    """A draft that is not sent, and how long it can be."""
    _to_applicant(application, "reminder", key, until=until)


def sent(keys: set[str]) -> set[str]:
    """Those among the keys under which something was written."""
    return set(Message.objects.filter(key__in=keys).values_list("key", flat=True))


def idea_accepted(idea: Idea, *, by: User) -> None:
    _to_proposer(idea, "idea_accepted", by)


def idea_declined(idea: Idea, *, by: User) -> None:
    """With the reason."""
    _to_proposer(idea, "idea_declined", by)


def _to_applicant(application: Application, event: str, key: str, **more: object) -> None:
    assert application.user is not None
    round_ = application.round
    outbox.write(
        key=key,
        recipients=[application.user.email],
        template=f"programmes/mail/{event}.txt",
        context={
            "address": application.get_absolute_url(), "round": round_,
            "programme": round_.programme, **more,
        },
    )  # fmt: skip


def _to_proposer(idea: Idea, event: str, by: User) -> None:
    """Nobody is told what they decided themselves."""
    if idea.proposed_by_id == by.pk:
        return
    outbox.write(
        key=f"{event.replace('_', '-')}:{idea.pk}",
        recipients=[idea.proposed_by.email],
        template=f"programmes/mail/{event}.txt",
        context={"idea": idea, "round": idea.round, "programme": idea.round.programme},
    )
