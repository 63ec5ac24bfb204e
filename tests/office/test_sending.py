"""Mails on their way: sent and stamped, refused, or asked again later."""

import pytest
from django.core import mail

from funding.office import outbox
from tests.office.letters import Status, later, write

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("letter")]


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
