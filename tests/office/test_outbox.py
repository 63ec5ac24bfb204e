"""The outbox: what a mail says, and that it is written once."""

import pytest
from django.core import mail
from django.db import transaction

from funding.office import outbox
from funding.office.models import Message
from tests.office.letters import write
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("letter")]


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
