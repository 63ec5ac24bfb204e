"""Reporting: the final report of a round. It is written as a draft and published once; then everybody
reads it on the round's page, and its sponsors are told."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from funding.accounts.models import User
from funding.office.forms import TogetherForm
from funding.programmes import log
from funding.programmes.models import Round
from funding.programmes.refusals import Refused

MAY_REPORT = (Round.Status.OPEN, Round.Status.DONE)


class NotNow(Refused):
    """It is published, or there is nothing to report of."""


def reports_to_tell() -> "QuerySet[Round]":
    """Rounds whose report is published, for whoever mails it to sponsors under a key of its own."""
    return Round.objects.filter(reported_at__isnull=False).select_related("programme")


@transaction.atomic
def save(form: TogetherForm, *, round_: Round, by: User) -> bool:
    """Keep what was written so far. False when the form says what is to be mended."""
    _insist(_lock(round_))
    if not form.is_valid():
        return False
    if form.has_changed():
        form.save()
        log.note(round_, by, "wrote on the final report")
    return True


@transaction.atomic
def publish(round_: Round, *, by: User, now: datetime) -> None:
    """Everybody may read it from now on, and it stays as it is. Raises `NotNow`."""
    round_ = _lock(round_)
    _insist(round_)
    if not round_.report.strip():
        raise NotNow("The report is empty. Write it first.")
    round_.reported_at = now
    round_.save(update_fields=["reported_at"])
    log.note_of_money(round_, by, "published the final report")


def _insist(round_: Round) -> None:
    if round_.reported_at:
        raise NotNow("The report is published, so it stays as it is.")
    if round_.status not in MAY_REPORT:
        raise NotNow("A report is written of a round that is under way or done.")


def _lock(round_: Round) -> Round:
    rounds = Round.objects.select_for_update(of=("self",)).select_related("programme")
    return rounds.get(pk=round_.pk)
