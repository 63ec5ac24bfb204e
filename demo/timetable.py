"""The jobs of a day in the demo's year: those of the site's own timetable."""

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

# A year of mails is sent by nobody, and nothing was missed that would have to be caught up.
LEFT_OUT = {"heartbeat", "send-messages", "catch-up", "ask-to-reconcile", "reconcile"}


def jobs() -> list[Callable[[], None]]:
    schedule = settings.CELERY_BEAT_SCHEDULE.items()
    return [import_string(str(entry["task"])) for name, entry in schedule if name not in LEFT_OUT]


def run() -> None:
    for job in jobs():
        job()
