"""Kill -9 between what Stripe did and what we know of it: one charge, one entry, never two mails."""

from contextlib import suppress
from email import message_from_bytes
from threading import Thread

import pytest
import requests

from tests import processes
from tests.processes import BOOKED, at_stripe

KINDS = ["timeout_after", "error_after"]
LOOK_UP = "GET /v1/payment_intents/{intent}"
OPEN_PAGE = "POST /v1/checkout/sessions"
SETTLED = "SELECT count(*) FROM ledger_entry WHERE kind = 'charge_settled'"
WAITING = "SELECT count(*) FROM billing_event WHERE status = 'new'"
MAILS_WAITING = "SELECT count(*) FROM office_message WHERE status IN ('waiting', 'sending')"
BETWEEN_MAILS = b"-" * 79  # in a file of Django's backend


@pytest.fixture(scope="module")
def town(tmp_path_factory, tables):
    with processes.running(tmp_path_factory.mktemp("town"), tables) as town:
        yield town


@pytest.fixture
def sponsor(town):
    return processes.choosing(town)


@pytest.fixture(autouse=True)
def _stripe_is_well_at_last(town):
    yield
    recover(town)


@pytest.mark.parametrize("kind", KINDS)
def test_a_worker_killed_while_it_looks_a_charge_up_books_it_once(town, sponsor, kind):
    before = town.asks(SETTLED)
    sponsor.pays()
    town.eventually(lambda: sponsor.is_active() and not town.asks(WAITING))
    lose_an_answer(town, LOOK_UP, kind)
    Thread(target=fee_becomes_known, args=[town]).start()
    town.eventually(lambda: answer_was_lost(town))

    town.kill("worker")
    assert town.asks(SETTLED) == before
    recover(town)
    town.start("worker")

    town.eventually(lambda: town.asks(SETTLED) == before + 1)
    assert_one_of_each(town, before)


@pytest.mark.parametrize("kind", KINDS)
def test_a_site_killed_while_it_asks_for_a_payment_page_asks_for_one(town, kind):
    before = town.asks(SETTLED)
    pages = len(at_stripe(town, "checkout")["sessions"])
    sponsor = processes.Sponsor(town, town.founded["offers"].pop())
    lose_an_answer(town, OPEN_PAGE, kind)
    Thread(target=in_vain, args=[sponsor.chooses]).start()
    town.eventually(lambda: answer_was_lost(town))

    town.kill("web")
    recover(town)
    town.start("web")
    town.eventually(town.answers(f"{town.url}/healthz"))
    sponsor.chooses()

    assert len(at_stripe(town, "checkout")["sessions"]) == pages + 1
    sponsor.pays()
    town.eventually(sponsor.is_active)
    fee_becomes_known(town)
    town.eventually(lambda: town.asks(SETTLED) == before + 1)
    assert_one_of_each(town, before)


def lose_an_answer(town, operation, kind):
    at_stripe(town, "faults", {"operation": operation, "kind": kind})


def answer_was_lost(town):
    return not at_stripe(town, "faults")["faults"]


def recover(town):
    """Stripe answers again, and the ninety seconds are over for which nobody waits here."""
    requests.delete(f"{town.stripe}/_sandbox/faults", timeout=30)
    town.writes("UPDATE office_lease SET expires_at = '2026-01-01 00:00:00'")
    town.writes("UPDATE billing_event SET next_attempt_at = NULL")


def fee_becomes_known(town):
    at_stripe(town, "clock", {"advance": 900})


def in_vain(deed):
    """Whoever asks has no answer, or is told to try again."""
    with suppress(AssertionError, requests.RequestException):
        deed()


def assert_one_of_each(town, before):
    truth = at_stripe(town, "truth")
    charges = [one for one in truth["balance_transactions"] if one["type"] == "charge"]
    assert len(charges) == town.asks(SETTLED) == before + 1
    assert town.asks(BOOKED) == truth["currencies"]["gbp"]
    assert "The books are right." in town.manage("check_books")
    town.eventually(lambda: not town.asks(MAILS_WAITING))
    sent = list(mails(town))
    assert sent
    assert len(sent) == len(set(sent))


def mails(town):
    """To whom each that left went, and what it says."""
    for file in (town.folder / "mail").glob("*"):
        for text in file.read_bytes().split(BETWEEN_MAILS):
            if text.strip():
                mail = message_from_bytes(text.strip())
                yield mail["To"], mail["Subject"], mail.get_payload()
