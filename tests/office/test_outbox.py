"""The outbox: a mail goes out once. Claim, commit, send, stamp."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from funding.office import clock, outbox
from funding.office.models import Message
from tests.office.mailhost import open_for_mail
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]

Status = Message.Status


@pytest.fixture(autouse=True)
def letter(tmp_path, settings):
    """Write the text of the template that mails are made of."""
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]

    def put(text: str) -> None:
        (tmp_path / "letter.txt").write_text(text)

    put("Subject\nBody")
    return put


@pytest.fixture
def mailhost(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    with open_for_mail() as host:
        settings.EMAIL_PORT = host.port
        yield host


def write(key="k", recipients=("a@example.org",), **context):
    outbox.write(key=key, recipients=recipients, template="letter.txt", context=context)
    return Message.objects.filter(key=key).first()


def later(message):
    """So long afterwards that a mail that was turned away is due again."""
    before = clock.machine_now() - outbox.RETRY_AFTER
    Message.objects.filter(pk=message.pk).update(claimed_at=before)


# Writing


def test_the_first_line_is_the_subject_and_the_rest_the_body(letter):
    letter("\nHello {{ name }}\n\nThe text.\nAnd more.\n\n")

    message = write(name="Ada")

    assert (message.subject, message.body) == ("Hello Ada", "The text.\nAnd more.\n")


def test_a_mail_knows_the_site(letter, settings):
    letter("{{ site_name }}\n{{ site_url }}")

    message = write()

    assert message.subject == settings.SITE_NAME
    assert message.body == f"{settings.SITE_URL}\n"


@pytest.mark.parametrize("trick", ["\n", "\r\n", "\r", "\u2028", "\x0b", "\x85"])
def test_a_name_cannot_add_a_header(letter, trick):
    letter("Hello {{ name }}")

    message = write(name=f"x{trick}Bcc: all@example.org")
    outbox.send_waiting()

    (sent,) = mail.outbox
    assert sent.message()["Bcc"] is None
    assert len(message.subject.splitlines()) == 1
    assert sent.recipients() == ["a@example.org"]


def test_a_very_long_subject_is_cut(letter):
    letter("x" * 500)

    assert len(write().subject) == 200


def test_the_same_key_is_written_once(letter):
    write("k")
    letter("Another\nBody")

    write("k", recipients=["b@example.org"])

    message = Message.objects.get()
    assert (message.subject, message.recipients) == ("Subject", ["a@example.org"])


def test_a_mail_to_nobody_is_not_written():
    assert write(recipients=[]) is None


def test_an_address_that_is_named_twice_gets_one_mail():
    message = write(recipients=["b@example.org", "a@example.org", "b@example.org"])

    assert message.recipients == ["a@example.org", "b@example.org"]


def test_a_mail_about_what_was_rolled_back_is_not_there():
    with pytest.raises(RuntimeError), transaction.atomic():
        write()
        raise RuntimeError

    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_twenty_who_write_the_same_key_write_one_mail():
    together(write)

    assert Message.objects.count() == 1


# Sending


def test_what_waits_is_sent_and_stamped(settings):
    message = write()

    assert outbox.send_waiting() == 1

    message.refresh_from_db()
    assert (message.status, bool(message.sent_at)) == (Status.SENT, True)
    (sent,) = mail.outbox
    assert (sent.subject, sent.body, sent.to) == ("Subject", "Body\n", ["a@example.org"])
    assert sent.from_email == settings.DEFAULT_FROM_EMAIL


def test_what_was_sent_is_not_sent_again():
    write()
    outbox.send_waiting()

    assert outbox.send_waiting() == 0
    assert len(mail.outbox) == 1


def test_the_oldest_goes_first_and_the_rest_next_time():
    for number in range(3):
        write(f"k{number}", recipients=[f"{number}@example.org"])

    assert outbox.send_waiting(most=2) == 2
    assert [sent.to for sent in mail.outbox] == [["0@example.org"], ["1@example.org"]]
    assert outbox.send_waiting(most=2) == 1


def test_a_mail_arrives_at_a_real_server(mailhost):
    write()

    assert outbox.send_waiting() == 1

    (text,) = mailhost.delivered
    assert "Subject: Subject" in text
    assert "To: a@example.org" in text


def test_while_nobody_listens_everything_waits(mailhost, settings):
    settings.EMAIL_PORT = 1
    message = write()

    for _ in range(10):
        assert outbox.send_waiting() == 0

    message.refresh_from_db()
    assert (message.status, message.attempts) == (Status.WAITING, 0)
    assert "refused" in message.error


def test_what_waited_goes_out_as_soon_as_somebody_listens(mailhost, settings):
    settings.EMAIL_PORT = 1
    write()
    outbox.send_waiting()

    settings.EMAIL_PORT = mailhost.port

    assert outbox.send_waiting() == 1


def test_a_host_that_has_no_address_costs_no_mail(settings, mailhost):
    settings.EMAIL_HOST = "nowhere.invalid"
    message = write()

    assert outbox.send_waiting() == 0

    message.refresh_from_db()
    assert message.status == Status.WAITING


@pytest.mark.parametrize("greeting", ["421 Too busy", "554 Go away"])
def test_a_server_that_takes_nobody_in_costs_no_mail(mailhost, greeting):
    mailhost.answers["HELLO"] = greeting
    message = write()

    assert outbox.send_waiting() == 0

    message.refresh_from_db()
    assert message.status == Status.WAITING


def test_one_unreachable_server_is_asked_once_for_a_hundred_mails(mailhost):
    mailhost.answers["HELLO"] = "421 Too busy"
    for number in range(100):
        write(f"k{number}")

    outbox.send_waiting()

    assert mailhost.tries == 1


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "END"])
def test_a_final_no_is_final(mailhost, verb):
    mailhost.answers[verb] = "550 Never"
    message = write()

    outbox.send_waiting()

    message.refresh_from_db()
    assert (message.status, message.attempts) == (Status.FAILED, 1)
    assert "Never" in message.error


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "END"])
def test_a_no_for_now_is_asked_again_later(mailhost, verb):
    mailhost.answers[verb] = "451 Come back"
    message = write()
    outbox.send_waiting()
    mailhost.answers.clear()

    assert outbox.send_waiting() == 0
    later(message)
    assert outbox.send_waiting() == 1

    message.refresh_from_db()
    assert (message.status, message.attempts) == (Status.SENT, 1)


def test_five_nos_for_now_are_enough(mailhost):
    mailhost.answers["RCPT"] = "450 Greylisted"
    message = write()

    for _ in range(8):
        outbox.send_waiting()
        later(message)

    message.refresh_from_db()
    assert (message.status, message.attempts) == (Status.FAILED, 5)
    assert mailhost.tries == 5


def test_one_mail_that_is_refused_holds_up_no_other(mailhost):
    mailhost.answers["RCPT"] = "550 Never"
    write("k1")
    outbox.send_waiting()
    mailhost.answers.clear()
    write("k2")

    assert outbox.send_waiting() == 1


# What may or may not have arrived


class Killed(BaseException):
    """The process ends here."""


class Dying(BaseEmailBackend):
    def send_messages(self, messages):
        raise Killed


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


class Looking(BaseEmailBackend):
    def send_messages(self, messages):
        assert not transaction.get_connection().in_atomic_block
        return len(messages)
