"""The outbox: mail goes out once, after the transaction that makes it true has been committed.

`write` may be called by anybody, inside that transaction. `send_waiting` is called by the job:
claim, commit, send, stamp. What a crash leaves in *sending* is for staff to look at.
"""

import json
import smtplib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.template.loader import render_to_string

from funding.office import clock
from funding.office.models import Message

MOST_ATTEMPTS = 5
RETRY_AFTER = timedelta(minutes=5)
STUCK_AFTER = timedelta(minutes=10)
A_BATCH = 200
_repairing: ContextVar[bool] = ContextVar("repairing", default=False)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail: its key, to whom, and what it says."""

    key: str
    recipients: Sequence[str]
    template: str
    context: dict[str, object]


@contextmanager
def withheld() -> Iterator[None]:
    """For repairs: what is written in here is kept under its key and never sent, so that nobody
    gets a mail about what happened long ago, now or later."""
    token = _repairing.set(True)
    try:
        yield
    finally:
        _repairing.reset(token)


def write(
    *, key: str, recipients: Sequence[str], template: str, context: dict[str, object]
) -> None:
    """Put one mail into the outbox unless its key is there. The template's first line is the
    subject; `site_url` and `site_name` are always in its context."""
    write_all([Mail(key, recipients, template, context)])


def write_all(mails: Iterable[Mail]) -> None:
    """The same of many, a few hundred at a time."""
    Message.objects.bulk_create(
        [_message(mail) for mail in mails if mail.recipients],
        ignore_conflicts=True, batch_size=A_BATCH,
    )  # fmt: skip


def read(mail: Mail) -> tuple[str, str]:
    """Its subject and its words, as whoever gets it will read them."""
    site = {"site_url": settings.SITE_URL, "site_name": settings.SITE_NAME}
    text = render_to_string(mail.template, {**site, **mail.context})
    subject, _, body = text.lstrip().partition("\n")
    return " ".join(subject.split())[:200], body.strip() + "\n"


def _message(mail: Mail) -> Message:
    subject, body = read(mail)
    return Message(
        key=mail.key,
        recipients=sorted(set(mail.recipients)),
        subject=subject,
        body=body,
        written_at=clock.now(),
        status=Message.Status.WITHHELD if _repairing.get() else Message.Status.WAITING,
    )


def send_waiting(*, most: int = 100) -> int:
    """Send what waits; returns how many went out. While the mail server cannot be reached,
    everything goes on waiting."""
    long_ago = clock.machine_now() - RETRY_AFTER
    due = Message.objects.waiting().filter(Q(attempts=0) | Q(claimed_at__lte=long_ago))
    sent = 0
    for message_id in list(due.order_by("id").values_list("id", flat=True)[:most]):
        server = get_connection()
        try:
            server.open()
        except OSError as error:  # also SMTP's own: nothing has left this machine
            due.filter(id=message_id).update(error=str(error))
            break
        sent += _send(message_id, server)
    return sent


def sent_to(addresses: Iterable[str]) -> QuerySet[Message]:
    """Mails to any of these, whoever else they went to."""
    among = Q(pk__in=())
    for address in addresses:
        # One database keeps the letter é as it is, another as an escape.
        for escaped in (True, False):
            among |= Q(among__icontains=json.dumps(address, ensure_ascii=escaped))
    as_text = Message.objects.annotate(among=Cast("recipients", TextField()))
    return as_text.filter(among).order_by("pk")


def forget(addresses: Iterable[str]) -> None:
    """Nobody is to read any more that these were written to, nor what."""
    theirs = {address.lower() for address in addresses}
    for message in sent_to(theirs):
        message.recipients = [one for one in message.recipients if one.lower() not in theirs]
        if not message.recipients:
            message.subject = message.body = ""
        message.save(update_fields=["recipients", "subject", "body"])


def stuck() -> int:
    """How many mails were being sent when something died: nobody knows whether they arrived."""
    since = clock.machine_now() - STUCK_AFTER
    return Message.objects.filter(status=Message.Status.SENDING, claimed_at__lt=since).count()


def _send(message_id: int, server: BaseEmailBackend) -> bool:
    try:
        message = _claim(message_id)
        return message is not None and _hand_over(message, server)
    finally:
        server.close()


def _hand_over(message: Message, server: BaseEmailBackend) -> bool:
    """Whatever else is raised here leaves the message in *sending*: it may have arrived."""
    sender = settings.DEFAULT_FROM_EMAIL
    mail = EmailMessage(
        message.subject, message.body, sender, message.recipients, connection=server
    )
    try:
        mail.send()
    except UnicodeError as error:
        _stamp_failure(message, str(error), codes=[500])  # an address that is none: not sent
        return False
    except smtplib.SMTPResponseException as refused:
        _stamp_failure(message, str(refused), codes=[refused.smtp_code])
        return False
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _ in refused.recipients.values()]
        _stamp_failure(message, str(refused), codes=codes)
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


def _stamp_failure(message: Message, error: str, *, codes: Sequence[int]) -> None:
    """Codes from 400 mean "not now", those from 500 "never"."""
    message.attempts += 1
    retry = max(codes) < 500 and message.attempts < MOST_ATTEMPTS
    message.status = Message.Status.WAITING if retry else Message.Status.FAILED
    message.error = error
    message.save(update_fields=["attempts", "status", "error"])
