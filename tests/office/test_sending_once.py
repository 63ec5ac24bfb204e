"""A mail goes out once: claim, commit, send, stamp."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from funding.office import clock, outbox
from funding.office.models import Message
from tests.office.letters import Status, later, write
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("letter")]


class Killed(BaseException):
    """The process ends here."""


class Dying(BaseEmailBackend):
    def send_messages(self, messages):
        raise Killed


class Looking(BaseEmailBackend):
    def send_messages(self, messages):
        assert not transaction.get_connection().in_atomic_block
        return len(messages)


@pytest.fixture
def interrupted(settings):
    """A mail whose sender died while it was sending."""
    message = write()
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Dying"
    with pytest.raises(Killed):
        outbox.send_waiting()
    settings.EMAIL_BACKEND = backend
    return message


def test_a_crash_leaves_a_mail_in_sending(interrupted):
    interrupted.refresh_from_db()

    assert (interrupted.status, interrupted.sent_at) == (Status.SENDING, None)


def test_a_mail_that_was_being_sent_is_never_sent_again(interrupted):
    later(interrupted)

    assert outbox.send_waiting() == 0
    assert mail.outbox == []


def test_a_mail_is_stuck_after_ten_minutes(interrupted):
    claimed = Message.objects.filter(pk=interrupted.pk)
    assert outbox.stuck() == 0

    claimed.update(claimed_at=clock.machine_now() - timedelta(minutes=10, seconds=1))

    assert outbox.stuck() == 1


def test_a_line_that_is_cut_after_the_text_leaves_a_mail_in_sending(mailhost):
    mailhost.answers["END"] = None
    message = write()

    with pytest.raises(OSError, match="closed"):
        outbox.send_waiting()

    message.refresh_from_db()
    assert message.status == Status.SENDING
    assert len(mailhost.delivered) == 1


def test_a_line_that_is_cut_after_goodbye_changes_nothing(mailhost):
    mailhost.answers["QUIT"] = None
    message = write()

    assert outbox.send_waiting() == 1

    message.refresh_from_db()
    assert message.status == Status.SENT


@pytest.mark.django_db(transaction=True)
def test_twenty_senders_at_once_send_each_mail_once(mailhost):
    for number in range(5):
        write(f"k{number}")

    outcomes = together(outbox.send_waiting)

    assert sum(outcomes) == 5
    assert len(mailhost.delivered) == 5


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_a_mail_is_on_its_way(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Looking"
    write()

    assert outbox.send_waiting() == 1
