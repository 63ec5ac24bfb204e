"""Winding up: what an archived project means for its sponsorships. Each ends with what is paid for; one
whose payment failed, or whose invoice is not paid yet, ends at once; payment pages are closed. Every
company is told once. A project that is opened again stops this, and nothing is undone by itself.

The job finds what is not done yet, so it may run at any time and any number of times."""

import logging
from itertools import groupby

from django.db import transaction
from django.db.models import Q

from funding.projects.models import Project
from sponsors.billing import checkout, ending
from sponsors.sponsorships import mail, refusals
from sponsors.sponsorships.models import Sponsorship, SponsorshipQuerySet, Status

log = logging.getLogger(__name__)


def wind_up(*, most: int = 200) -> int:
    """Tell the sponsors of archived projects, and let what is not ending yet end; returns how many
    were asked to."""
    _tell()
    due = list(_due().with_parties().order_by("pk")[:most])
    return sum(_try(sponsorship) for sponsorship in due)


def _due() -> SponsorshipQuerySet:
    goes_on = [Status.ACTIVE, Status.PAUSED, Status.AWAITING_INVOICE]
    return _of_archived().filter(
        Q(status__in=goes_on, ends_at=None)
        | Q(status=Status.PAST_DUE)
        | Q(status=Status.PENDING, under_way=False)
    )


def _of_archived() -> SponsorshipQuerySet:
    return Sponsorship.objects.filter(project__status=Project.Status.ARCHIVED)


def _tell() -> None:
    """One mail to each company, before anything of it ends. What it says will be so is done until it
    is."""
    rows = _of_archived().holding_a_seat().filter(since__isnull=False).with_parties()
    known = list(rows.select_related("bought_by").order_by("project_id", "company_id", "pk"))
    untold = mail.not_told_of_archive(known)
    with transaction.atomic():
        for _, theirs in groupby(untold, key=lambda one: (one.project_id, one.company_id)):
            mail.project_archived(list(theirs))


def _try(sponsorship: Sponsorship) -> bool:
    try:
        if not _of_archived().filter(pk=sponsorship.pk).exists():
            return False  # opened again meanwhile
        _end(sponsorship)
    except refusals.Refused as refused:
        log.info("Sponsorship %s is not wound up yet: %s", sponsorship.pk, refused)
        return False
    except Exception:  # noqa: BLE001 - one that cannot be ended stops no other
        log.warning("Sponsorship %s cannot be wound up", sponsorship.pk, exc_info=True)
        return False
    return True


def _end(sponsorship: Sponsorship) -> None:
    if sponsorship.status == Status.PENDING:
        checkout.let_go(sponsorship)
    else:
        ending.with_its_project(sponsorship)
