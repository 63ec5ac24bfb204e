"""Doors for machines: is the process there, and can it work. And the mail job."""

from datetime import timedelta

import pytest
from celery import current_app
from django.core import mail
from django.db import OperationalError, connection

from funding.office import clock, slots, tasks
from funding.office.models import Heartbeat, Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker():
    """Say where the broker is; afterwards it is where it was."""
    before = current_app.conf.broker_write_url

    def is_at(url):
        current_app.conf.broker_write_url = url

    yield is_at
    current_app.conf.broker_write_url = before


def gone(execute, sql, params, many, context):
    raise OperationalError("The server closed the connection.")


def message(**values):
    defaults = {"key": "k", "recipients": ["a@example.org"], "subject": "S", "body": "B"}
    return Message.objects.create(written_at=clock.now(), **{**defaults, **values})


def test_a_process_that_answers_is_healthy(client):
    answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_health_asks_no_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/healthz")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_doors_for_machines_are_for_looking_only(client, path):
    assert client.post(path).status_code == 405


def test_ready_when_all_three_are_there(client):
    slots.beat("beat")

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {
        "database": "ok", "broker": "ok", "beat": "ok", "mails_stuck": "0"
    }  # fmt: skip


def test_not_ready_without_a_beat(client):
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["beat"] == "late"
    assert answer.json()["database"] == "ok"


def test_not_ready_when_the_last_beat_is_old(client):
    slots.beat("beat")
    Heartbeat.objects.update(beat_at=clock.machine_now() - timedelta(minutes=2))

    assert client.get("/readyz").status_code == 503


def test_not_ready_without_a_database(client):
    slots.beat("beat")

    with connection.execute_wrapper(gone):
        answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json() == {"database": "OperationalError", "broker": "ok", "beat": "unknown"}


def test_not_ready_without_a_broker(client, broker):
    slots.beat("beat")
    broker("amqp://guest@127.0.0.1:1//")

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["broker"] == "OperationalError"
    assert answer.json()["beat"] == "ok"


def test_a_mail_that_is_stuck_is_counted_and_stops_nobody(client):
    slots.beat("beat")
    long_ago = clock.machine_now() - timedelta(hours=1)
    message(status=Message.Status.SENDING, claimed_at=long_ago)

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["mails_stuck"]) == (200, "1")


def test_nothing_that_a_machine_reads_tells_of_people(client):
    message(status=Message.Status.SENDING, claimed_at=clock.machine_now())

    assert b"example.org" not in client.get("/readyz").content


def test_the_mail_job_sends_what_waits():
    message()

    tasks.send_messages()

    assert [sent.subject for sent in mail.outbox] == ["S"]


def test_staff_look_at_mails_and_change_none(admin_client):
    row = message(error="550 Never", status=Message.Status.FAILED)

    assert admin_client.get("/admin/office/message/").status_code == 200
    assert b"550 Never" in admin_client.get(f"/admin/office/message/{row.pk}/change/").content
    assert admin_client.get("/admin/office/message/add/").status_code == 403
    assert admin_client.post(f"/admin/office/message/{row.pk}/delete/").status_code == 403
