"""The outbox: mail goes out once, after the transaction that makes it true has been committed.

`write` may be called by anybody, inside that transaction. `send_waiting` is called by the job:
claim, commit, send, stamp. What a crash leaves in *sending* is for staff to look at.
"""

import smtplib
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string

from funding.office import clock
from funding.office.models import Message

MOST_ATTEMPTS = 5
STUCK_AFTER = timedelta(minutes=10)


def write(
    *, key: str, recipients: Sequence[str], template: str, context: dict[str, object]
) -> None:
    """Put one mail into the outbox unless its key is there. The template's first line is the
    subject; `site_url` and `site_name` are always in its context."""
    if not recipients:
        return
    site = {"site_url": settings.SITE_URL, "site_name": settings.SITE_NAME}
    subject, _, body = render_to_string(template, {**site, **context}).lstrip().partition("\n")
    Message.objects.bulk_create(
        [
            Message(
                key=key,
                recipients=sorted(set(recipients)),
                subject=subject.strip()[:200],
                body=body.strip() + "\n",
                written_at=clock.now(),
            )
        ],
        ignore_conflicts=True,
    )


def send_waiting(*, most: int = 100) -> int:
    """Send what waits; returns how many went out."""
    waiting = list(Message.objects.waiting().order_by("id").values_list("id", flat=True)[:most])
    return sum(_send(message_id) for message_id in waiting)


def stuck() -> int:
    """How many mails were being sent when something died: nobody knows whether they arrived."""
    since = clock.machine_now() - STUCK_AFTER
    return Message.objects.filter(status=Message.Status.SENDING, claimed_at__lt=since).count()


def _send(message_id: int) -> bool:
    message = _claim(message_id)
    if message is None:
        return False
    mail = EmailMessage(
        message.subject, message.body, settings.DEFAULT_FROM_EMAIL, message.recipients
    )
    try:
        mail.send()
    except (ConnectionRefusedError, smtplib.SMTPConnectError) as refused:
        _stamp_failure(message, str(refused), may_retry=True)  # nothing left this machine
        return False
    except smtplib.SMTPResponseException as refused:
        _stamp_failure(message, str(refused), may_retry=400 <= refused.smtp_code < 500)
        return False
    except smtplib.SMTPRecipientsRefused as refused:
        _stamp_failure(message, str(refused), may_retry=False)
        return False
    message.status, message.sent_at = Message.Status.SENT, clock.machine_now()
    message.save(update_fields=["status", "sent_at"])
    return True


def _claim(message_id: int) -> Message | None:
    with transaction.atomic():
        claimed = Message.objects.waiting().filter(id=message_id)
        if not claimed.update(status=Message.Status.SENDING, claimed_at=clock.machine_now()):
            return None
    return Message.objects.get(id=message_id)


def _stamp_failure(message: Message, error: str, *, may_retry: bool) -> None:
    message.attempts += 1
    retry = may_retry and message.attempts < MOST_ATTEMPTS
    message.status = Message.Status.WAITING if retry else Message.Status.FAILED
    message.error = error
    message.save(update_fields=["attempts", "status", "error"])
