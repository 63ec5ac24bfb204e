"""Stripe's door: verify, keep, answer; a hint that gets lost is found again."""

import json
import time

import pytest
import stripe
from django.conf import settings
from django.test import Client
from kombu.exceptions import OperationalError

from sponsors.billing import inbox, tasks
from sponsors.billing.models import Event
from sponsors.sponsorships.models import Sponsorship, Status
from tests import scenarios
from tests.certainty import certain

URL = "/stripe/webhook/"
pytestmark = pytest.mark.database


def event(**values):
    thing = {"id": "sub_1", "object": "subscription"}
    return {
        "id": "evt_1", "object": "event", "type": "customer.subscription.updated",
        "created": 1767607200, "livemode": False, "data": {"object": thing}, **values,
    }  # fmt: skip


def post(payload, *, secret=None, at=None, header=None):
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    if header is None:
        header = stripe.WebhookSignature.generate_signature_header(
            body.decode("latin-1"),
            secret or settings.STRIPE_WEBHOOK_SECRETS[0],
            timestamp=int(at or time.time()),
        )
    client = Client(raise_request_exception=False)
    return client.post(URL, body, "application/json", HTTP_STRIPE_SIGNATURE=header)


def test_an_event_is_kept_and_answered(engine):
    answer = post(event())

    assert answer.status_code == 200
    assert Event.objects.get().root == "sub_1"


def test_the_same_event_twice_is_kept_once_and_answered_alike(engine):
    answers = [post(event()).status_code for _ in range(3)]

    assert answers == [200, 200, 200]
    assert Event.objects.count() == 1


def test_keeping_takes_two_statements_at_most(engine, django_assert_max_num_queries, monkeypatch):
    monkeypatch.setattr(tasks.handle_roots, "delay", lambda roots: None)

    with django_assert_max_num_queries(2):
        post(event())


@pytest.mark.parametrize(
    "trouble",
    [
        {"secret": "whsec_of_someone_else"},
        {"seconds": -600},
        {"seconds": 600},
        {"header": ""},
        {"header": "t=abc,v1=00"},
        {"header": "nonsense"},
        {"header": "t=1,v1=\xe9"},
    ],
    ids=[
        "forged",
        "replayed later",
        "dated ahead",
        "unsigned",
        "no time",
        "nonsense",
        "not ascii",
    ],
)
def test_what_stripe_did_not_sign_just_now_is_refused_and_not_kept(engine, trouble):
    if seconds := trouble.get("seconds"):
        trouble = {"at": time.time() + seconds}

    answer = post(event(), **trouble)

    assert answer.status_code == 400
    assert Event.objects.count() == 0


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"null", b'"x"', b"{}", b"{", b"\xff\xfe",
        json.dumps(event(data=None)).encode(),
        json.dumps(event(data={"object": []})).encode(),
        json.dumps(event(id=7)).encode(),
        json.dumps(event(id="e" * 500)).encode(),
        json.dumps(event(created="yesterday")).encode(),
        json.dumps(event(created=10**30)).encode(),
        json.dumps(event(id="evt_\x00")).encode(),
        json.dumps(event(id="evt_\ud800")).encode(),
        b"[" * 100_000,
        json.dumps(event(data={"object": {"object": "invoice", "parent": 3}})).encode(),
    ],
)  # fmt: skip
def test_nonsense_that_is_signed_is_refused_and_not_kept(engine, body):
    answer = post(body)

    assert answer.status_code == 400
    assert Event.objects.count() == 0


def test_ten_megabytes_are_refused_by_size(engine):
    answer = post(b"x" * 10_000_000)

    assert answer.status_code == 413
    assert Event.objects.count() == 0


def test_a_kind_we_do_not_follow_is_kept_ignored_and_answered(engine):
    answer = post(event(type="customer.discount.created"))

    assert answer.status_code == 200
    assert Event.objects.get().status == Event.Status.IGNORED


def test_an_event_of_the_other_mode_is_ignored(engine):
    post(event(livemode=True))

    assert Event.objects.get().status == Event.Status.IGNORED


def test_an_object_of_somebody_else_is_ignored(engine):
    post(event())

    assert Event.objects.get().status == Event.Status.IGNORED


def test_with_the_broker_away_the_sweeper_brings_the_sponsorship_to_life(engine, monkeypatch):
    def away(roots):
        raise OperationalError

    monkeypatch.setattr(tasks.handle_roots, "delay", away)
    sponsorship = scenarios.paid(engine)
    assert sponsorship.status == Status.PENDING

    monkeypatch.setattr(inbox, "HINT_TAKES", inbox.HINT_TAKES * 0)
    tasks.sweep_events()

    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.ACTIVE


def test_with_every_webhook_lost_stripes_list_brings_it_to_life(engine):
    engine.knobs.add("drop", times=100)
    sponsorship = scenarios.paid(engine)
    assert Event.objects.count() == 0

    tasks.catch_up()

    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.ACTIVE


@pytest.mark.parametrize("mode", ["duplicate", "reorder", "delay", "forge"])
def test_webhooks_twice_late_out_of_order_or_forged_end_the_same(engine, mode):
    engine.knobs.add(mode, times=4, **({"seconds": 600} if mode == "delay" else {}))

    sponsorship = scenarios.settled(engine)
    engine.advance_by(86400)

    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.ACTIVE
    assert sponsorship.invoices.count() == 1
    assert Sponsorship.objects.count() == 1


def test_a_handler_that_fails_leaves_the_event_unhandled_with_its_reason(engine):
    engine.faults.add("GET /v1/subscriptions/{subscription_exposed_id}", "error_before", times=9)

    scenarios.paid(engine)

    unhandled = Event.objects.filter(status=Event.Status.NEW)
    assert unhandled.exists()
    assert unhandled.exclude(error="").exists()


def test_after_too_many_failures_an_event_is_dead_and_for_staff(engine):
    scenarios.paid(engine)
    row = Event.objects.filter(kind="invoice.paid").get()
    Event.objects.filter(pk=row.pk).update(status=Event.Status.NEW)

    for _ in range(len(inbox.BACK_OFF) + 1):
        inbox.note_failure([row.pk], ValueError("broken"))

    row.refresh_from_db()
    assert row.status == Event.Status.DEAD
    assert "broken" in row.error


def test_staff_may_name_an_event_in_any_characters(engine, user):
    user.is_staff = True
    user.save()
    client = Client()
    client.force_login(user)

    page = certain(client).post("/staff/events/again/", {"event": "a\x00b"}, follow=True)

    assert "0 will be tried again" in page.content.decode()
