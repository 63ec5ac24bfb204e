"""Mails that wait to be sent."""

from funding.office import clock, outbox
from funding.office.models import Message

Status = Message.Status


def write(key="k", recipients=("a@example.org",), **context):
    outbox.write(key=key, recipients=recipients, template="letter.txt", context=context)
    return Message.objects.filter(key=key).first()


def later(message):
    """So long afterwards that a mail that was turned away is due again."""
    before = clock.machine_now() - outbox.RETRY_AFTER
    Message.objects.filter(pk=message.pk).update(claimed_at=before)
