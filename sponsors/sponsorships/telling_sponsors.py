"""Telling sponsors: what a project's maintainers publish is mailed, once, to the people of those who
stand behind it and want to read it; the report of a programme's round to the companies that paid for
it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction

from funding.accounts.models import User
from funding.programmes import reporting
from funding.projects.models import Project, Update
from sponsors.companies.models import Company, Membership
from sponsors.sponsorships import mail
from sponsors.sponsorships.models import Commitment, CommitmentStatus, Sponsorship

NEWS_FOR = timedelta(days=7)  # what is older is no news; it is marked, and not mailed
SALT = "updates-off"


@dataclass(frozen=True, slots=True)
class Stop:
    """One person wants no more mail of one project."""

    project: Project
    user_id: int


def mail_due(*, now: datetime) -> int:
    """Mail every update that waits for it; returns how many were dealt with."""
    waiting = Update.objects.to_be_mailed().filter(project__in=Project.objects.published())
    found = list(waiting.order_by("id").values_list("pk", flat=True))
    return sum(_mail(update_id, now) for update_id in found)


def mail_reports(*, now: datetime) -> int:
    """Tell each company that paid for a round of its report, once; returns how many reports are news."""
    news = reporting.reports_to_tell().filter(reported_at__gt=now - NEWS_FOR)
    rounds = list(news.values_list("pk", flat=True))
    paid = Commitment.objects.filter(call__round__in=rounds, status=CommitmentStatus.PAID)
    for one in paid.with_parties().select_related("accepted_by"):
        mail.report_published(one)
    return len(rounds)


def stop_link(*, project_id: int, user_id: int) -> str:
    """What the link in a mail carries: nobody can make one for somebody else."""
    return signing.dumps([project_id, user_id], salt=SALT)


def read_stop(signed: str) -> Stop | None:
    """What such a link asks for; None when we did not make it."""
    try:
        project_id, user_id = signing.loads(signed, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    project = Project.objects.published().filter(pk=project_id).first()
    return Stop(project, user_id) if project else None


def turn_off(stop: Stop) -> None:
    """For every company that the person acts for: what one asks for holds for all of its people,
    as the same switch on the sponsorship's page does."""
    theirs = Membership.objects.filter(user=stop.user_id).values("company")
    of_project = Sponsorship.objects.of_project(stop.project)
    of_project.filter(company__in=theirs).update(wants_updates=False)


def _mail(update_id: int, now: datetime) -> bool:
    """The messages and the mark are one transaction: after a crash there are both or neither."""
    with transaction.atomic():
        rows = Update.objects.to_be_mailed().select_for_update(of=("self",))
        update = rows.select_related("project").filter(pk=update_id).first()
        if update is None or update.published_at is None or update.published_at > now:
            return False
        if now - update.published_at <= NEWS_FOR:
            for user, company in _readers(update.project, now):
                signed = stop_link(project_id=update.project_id, user_id=user.pk)
                mail.update(update, to=user, company=company, signed=signed)
        Update.objects.filter(pk=update.pk).update(mailed_at=now)
    return True


def _readers(project: Project, now: datetime) -> Iterator[tuple[User, Company]]:
    """Everybody once, with the first of their companies that stands behind the project."""
    wants = Sponsorship.objects.of_project(project).standing(now).filter(wants_updates=True)
    people = Membership.objects.filter(company__in=wants.values("company"), user__is_active=True)
    by_user = {}
    for one in people.select_related("user", "company").order_by("-id"):
        by_user[one.user_id] = (one.user, one.company)
    yield from by_user.values()
