"""`connect_stripe` makes an account ready and says what is wrong with it."""

import io

import pytest
from django.core.management import CommandError, call_command

from sponsors.billing import gateway, inbox
from tests import world


def connect():
    out = io.StringIO()
    call_command("connect_stripe", stdout=out)
    return out.getvalue()


def test_a_new_account_gets_an_endpoint_at_our_version_with_just_what_we_follow(engine):
    (endpoint,) = gateway.webhook_endpoints()

    assert endpoint["api_version"] == gateway.VERSION
    assert set(endpoint["enabled_events"]) == set(inbox.FOLLOWED)
    assert endpoint["url"] == "http://localhost:8000/stripe/webhook/"


def test_the_portal_switches_no_plans_and_pauses_nothing(engine):
    (configuration,) = gateway.portal_configurations()

    features = configuration["features"]
    assert features["subscription_update"]["enabled"] is False
    assert features["subscription_pause"]["enabled"] is False
    assert features["payment_method_update"]["enabled"] is True


def test_connecting_again_makes_nothing_new_and_says_that_all_is_right(engine):
    said = connect()

    assert "is right" in said
    assert len(gateway.webhook_endpoints()) == 1
    assert len(gateway.portal_configurations()) == 1


def test_an_endpoint_that_sends_other_events_is_mended(engine):
    (endpoint,) = gateway.webhook_endpoints()
    gateway.update_webhook_endpoint(endpoint["id"], events=["invoice.paid"])

    said = connect()

    assert "now sends just the events" in said
    assert set(gateway.webhook_endpoints()[0]["enabled_events"]) == set(inbox.FOLLOWED)


def test_missing_secrets_are_named(engine, settings):
    settings.STRIPE_WEBHOOK_SECRETS = []

    assert "STRIPE_WEBHOOK_SECRETS is not set" in connect()


@pytest.mark.parametrize(
    ("key", "words"),
    [("pk_test_1", "secret key"), ("", "secret key"), ("sk_live_1", "does not answer")],
)
def test_a_key_that_is_wrong_is_said_to_be(engine, settings, key, words):
    settings.STRIPE_SECRET_KEY = key
    gateway.forget_client()

    with pytest.raises(CommandError, match=words):
        connect()


def test_the_secret_of_a_new_endpoint_is_said_once(db, settings):
    settings.STRIPE_WEBHOOK_SECRETS = []

    with world.engine():
        (secret,) = settings.STRIPE_WEBHOOK_SECRETS
        assert secret.startswith("whsec_")
