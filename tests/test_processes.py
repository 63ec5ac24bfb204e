"""The real processes, started as an operator starts them: Stripe's stand-in, gunicorn, and a worker
with beat, on SQLite and a folder for a broker. Nothing here looks into them; pages, addresses and
the database's file tell what they did."""

import signal

import pytest
import requests

from tests import processes
from tests.processes import BOOKED, at_stripe


@pytest.fixture(scope="module")
def town(tmp_path_factory, tables):
    with processes.running(tmp_path_factory.mktemp("town"), tables) as town:
        yield town


@pytest.fixture
def sponsor(town):
    return processes.choosing(town)


def test_what_is_paid_at_stripe_stands_on_the_projects_page(sponsor, town):
    assert not sponsor.is_on_the_wall()

    sponsor.pays()

    town.eventually(sponsor.is_active)
    assert sponsor.is_on_the_wall()


def test_an_emptied_broker_and_a_broken_message_lose_nothing(sponsor, town):
    broker = town.folder / "broker"
    town.stop("worker")

    sponsor.pays()
    town.eventually(lambda: unhandled(town) >= 5)
    for message in broker.glob("*.msg"):
        message.unlink()
    broken = broker / "1_broken.celery.msg"
    broken.write_bytes(b'{"body": "W1tdLC\xff')
    assert not sponsor.is_active()
    town.start("worker")

    town.eventually(sponsor.is_active)
    assert not broken.exists()
    assert sponsor.is_on_the_wall()


def unhandled(town):
    return town.asks("SELECT count(*) FROM billing_event WHERE status = 'new'")


def test_a_web_process_that_dies_after_the_charge_books_it_once(sponsor, town):
    town.send("web", signal.SIGSTOP)  # it answers no webhook any more
    sponsor.pays()
    town.kill("web")
    town.start("web")
    town.eventually(town.answers(f"{town.url}/healthz"))
    assert not sponsor.is_active()

    at_stripe(town, "clock", {"advance": 900})  # tried again, and the fee is known

    town.eventually(sponsor.is_active)
    town.eventually(lambda: town.asks(BOOKED) == at_stripe(town, "truth")["currencies"]["gbp"])
    assert sponsor.is_on_the_wall()
    assert "The books are right." in town.manage("check_books")


def test_readyz_names_a_beat_that_is_late_and_is_well_when_it_is_back(town):
    ready = f"{town.url}/readyz"
    town.stop("worker")
    town.writes("UPDATE office_heartbeat SET beat_at = '2026-01-01 00:00:00'")

    answer = requests.get(ready, timeout=5)
    assert answer.status_code == 503
    assert answer.json() | {"mails_stuck": ""} == {
        "database": "ok", "broker": "ok", "beat": "late", "mails_stuck": "",
    }  # fmt: skip

    town.start("worker")
    town.eventually(town.answers(ready))
