"""Rows of signing in that nobody needs any more."""

from allauth.usersessions.models import UserSession
from celery import shared_task
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef

from funding.office import clock


@shared_task
def tidy() -> None:
    """Forget sessions that ran out, and where they were."""
    Session.objects.filter(expire_date__lt=clock.machine_now()).delete()
    lasting = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.filter(~Exists(lasting)).delete()
