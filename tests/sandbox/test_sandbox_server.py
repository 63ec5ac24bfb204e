"""The sandbox over real HTTP: the client, and the pages in a browser's way."""

import http.client
import re
from urllib.parse import urlencode, urlsplit

import pytest

from tests.sandbox.over_http import subscribe


@pytest.fixture
def visit(server):
    """Ask for a page without following where it leads."""

    def go(path, form=None, method=None):
        line = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=10)
        body = None if form is None else urlencode(form)
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        line.request(method or ("POST" if form is not None else "GET"), path, body, kind)
        answer = line.getresponse()
        text = answer.read().decode()
        line.close()
        return answer.status, dict(answer.getheaders()), text

    return go


CARD = {
    "paymentMethod": "card",
    "cardNumber": "4242 4242 4242 4242",
    "cardExpiry": "12 / 40",
    "cardCvc": "123",
    "billingName": "Ada",
    "billingCountry": "NL",
}


def test_the_real_client_speaks_to_it(online, server):
    session = subscribe(online)

    assert session.url == f"{server.address}/c/pay/{session.id}"
    assert online.v1.checkout.sessions.retrieve(session.id).status == "open"


def test_someone_pays_on_the_page(online, visit):
    session = subscribe(online)

    status, headers, text = visit(urlsplit(session.url).path)
    assert status == 200
    assert "This is a sandbox. No money moves." in text
    assert "Gold &lt;3" in text
    assert "form-action 'self' https://site.test" in headers["content-security-policy"]
    status, headers, _ = visit(urlsplit(session.url).path, CARD)

    assert status == 303
    assert headers["location"] == f"https://site.test/done?s={session.id}"
    assert online.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_a_declined_card_is_told_on_the_page_and_its_number_is_not_shown_again(online, visit):
    session = subscribe(online)
    form = {**CARD, "cardNumber": "4000000000009995", "billingName": "Grace"}

    status, _, text = visit(urlsplit(session.url).path, form)

    assert status == 402
    assert "Your card has insufficient funds." in text
    assert 'value="Grace"' in text
    assert "4000000000009995" not in text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"cardExpiry": "13 / 40"}, "expiration date is incomplete"),
        ({"cardExpiry": "01 / 20"}, "expiration date is in the past"),
        ({"cardCvc": "1"}, "security code is incomplete"),
        ({"paymentMethod": "sepa_debit", "iban": "x"}, "The IBAN you entered is invalid."),
    ],
)
def test_what_is_typed_wrongly_is_told(online, visit, change, message):
    session = subscribe(online)

    status, _, text = visit(urlsplit(session.url).path, {**CARD, **change})

    assert (status, message in text) == (402, True)


def test_a_bank_may_ask_on_its_own_page(online, visit):
    session = subscribe(online)
    path = urlsplit(session.url).path
    form = {**CARD, "cardNumber": "4000002760003184"}

    _, headers, _ = visit(path, form)
    bank = headers["location"]
    assert visit(bank)[0] == 200
    _, headers, _ = visit(bank, {"result": "fail"})
    assert "We are unable to authenticate" in visit(headers["location"])[2]
    _, headers, _ = visit(path, form)
    _, headers, _ = visit(headers["location"], {"result": "complete"})

    assert headers["location"].startswith("https://site.test/done")


def test_the_hosted_invoice_and_the_portal_can_be_used(online, visit):
    session = subscribe(online)
    visit(urlsplit(session.url).path, CARD)
    session = online.v1.checkout.sessions.retrieve(session.id, {"expand": ["invoice"]})
    online.v1.billing_portal.configurations.create(
        {
            "features": {
                "subscription_cancel": {"enabled": True},
                "payment_method_update": {"enabled": True},
                "invoice_history": {"enabled": True},
            }
        }
    )
    portal = online.v1.billing_portal.sessions.create(
        {"customer": session.customer, "return_url": "https://site.test/account"}
    )
    path = urlsplit(portal.url).path

    assert session.invoice.number in visit(urlsplit(session.invoice.hosted_invoice_url).path)[2]
    assert visit(urlsplit(session.invoice.invoice_pdf).path)[0] == 200
    text = visit(path)[2]
    assert all(part in text for part in ("Visa ending in 4242", "Gold", "https://site.test/acc"))
    assert visit(f"{path}/cancel", {"subscription": session.subscription})[0] == 303
    assert online.v1.subscriptions.retrieve(session.subscription).cancel_at_period_end
    assert visit(f"{path}/card", {**CARD, "cardNumber": "5555555555554444"})[0] == 303
    assert "Mastercard ending in 4444" in visit(path)[2]


def test_a_guessed_invoice_address_shows_nothing(online, visit):
    session = subscribe(online)
    visit(urlsplit(session.url).path, CARD)
    invoice = online.v1.checkout.sessions.retrieve(session.id).invoice

    assert visit(f"/invoice/{invoice}_guessed")[0] == 404


def test_every_page_of_its_own_can_be_looked_at(online, visit):
    subscribe(online)
    home = visit("/")[2]

    links = set(re.findall(r'href="(/[^"]*)"', home))
    assert len(links) > 5
    for link in links:
        status, _, text = visit(link)
        assert status == 200
        for deeper in re.findall(r'href="(/object/[^"]*)"', text)[:3]:
            assert visit(deeper)[0] == 200


def test_pages_carry_no_script_and_no_style_of_their_own(online, visit):
    session = subscribe(online)
    for path in ("/", urlsplit(session.url).path, "/deliveries", "/objects/customer"):
        text = visit(path)[2]
        assert "<script" not in text
        assert "style=" not in text
