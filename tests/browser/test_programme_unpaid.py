"""What becomes of a round that companies do not pay for."""

import pytest
from django.core import mail
from django.core.management import call_command

from funding.accounts.models import User
from funding.office.models import Message
from funding.programmes.models import Round
from sponsors.billing.models import Invoice, Setup
from tests import factories
from tests.browser.seats import address, seat
from tests.browser.steps import ordinary, sponsoring
from tests.programmes import scenes

pytestmark = pytest.mark.browser


@pytest.fixture
def short_call(site):
    """It wants three companies."""
    programme = scenes.programme(slug="harbour-mentorship", name="Harbour mentorship")
    round_ = scenes.round_(programme, slug="spring-2026", name="Spring 2026")
    return scenes.call(round_)


def test_a_call_that_misses_its_least_charges_nobody_and_tells_everybody_once(
    site, visitor, short_call
):
    petra, sam = (visitor(ordinary.somebody(name)) for name in ("Petra Pay", "Sam Sable"))
    factories.payer(
        User.objects.get(email="petra@example.org"), display_name="Harbourline",
        billing_email="petra@example.org",
    )  # fmt: skip
    sponsoring.promises_by_order(petra, site, "PO-77")
    sponsoring.promises_by_card(sam, site, "Sable", ordinary.GOOD)
    at_stripe = site.engine.account.store.kinds
    (saved,) = at_stripe["payment_method"].values()
    assert saved["customer"] is not None

    ordinary.until(site, f"{short_call.closes_at:%Y-%m-%dT%H:%M}")
    for _ in range(3):
        ordinary.work(site)

    for page, name in ((petra, "Harbourline"), (sam, "Sable")):
        ordinary.go(page, site, address(name))
        ordinary.says(page, "your promise ended")
        ordinary.says(page, "Nothing was charged")
        assert seat(name).status == "released"
    nobody_was_charged(site, at_stripe)
    everybody_was_told_once(short_call)
    anybody = visitor()
    ordinary.go(anybody, site, ordinary.ROUND)
    ordinary.says(anybody, "It did not come about")


def nobody_was_charged(site, at_stripe):
    """And the card that was saved is forgotten, here and there."""
    for kind in ("invoice", "charge", "payment_intent", "subscription"):
        assert not at_stripe.get(kind), kind
    assert [one["status"] for one in at_stripe["setup_intent"].values()] == ["succeeded"]
    assert not any(site.engine.truth()["currencies"].values())
    assert [one["customer"] for one in at_stripe["payment_method"].values()] == [None]
    assert Setup.objects.get().payment_method == ""
    assert not Invoice.objects.exists()
    call_command("check_books")
    call_command("reconcile")


def everybody_was_told_once(call):
    call.refresh_from_db()
    assert (call.state, call.round.places_funded) == ("failed", 0)
    assert Round.objects.get().status == "failed"
    failed = Message.objects.filter(key__startswith="call-failed:")
    assert sorted(one.recipients[0] for one in failed) == ["petra@example.org", "sam@example.org"]
    sent = [one for one in mail.outbox if "does not come about" in one.subject]
    runs = call.round.programme.parts.get(role="organiser").user.email
    told = sorted(to for one in sent for to in one.to)
    assert told == sorted(["petra@example.org", "sam@example.org", runs])
