"""The sandbox over real HTTP: the client, the knobs, the pages in a browser's way, lost lines."""

import http.client
import json
import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
import stripe

from sandbox.engine import Engine
from sandbox.server import Server


@pytest.fixture(scope="module")
def server():
    server = Server(Engine(flowing=True), "127.0.0.1", 0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.address:
        time.sleep(0.01)
    yield server
    server.should_exit = True
    thread.join(5)


@pytest.fixture
def online(server):
    return stripe.StripeClient("sk_test_x", base_addresses={"api": server.address})


@pytest.fixture
def knob(server):
    """Ask for a knob, or turn it."""

    def turn(method, name, given=None):
        body = None if given is None else json.dumps(given).encode()
        request = urllib.request.Request(f"{server.address}/_sandbox/{name}", body, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    return turn


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


def subscribe(client):
    customer = client.v1.customers.create({"email": "ada@example.org"})
    price = client.v1.prices.create(
        {
            "currency": "eur",
            "unit_amount": 700,
            "recurring": {"interval": "month"},
            "product_data": {"name": "Gold <3"},
        }
    )
    return client.v1.checkout.sessions.create(
        {
            "mode": "subscription",
            "customer": customer.id,
            "line_items": [{"price": price.id, "quantity": 1}],
            "success_url": "https://site.test/done?s={CHECKOUT_SESSION_ID}",
            "cancel_url": "https://site.test/back",
        }
    )


ROOT = Path(__file__).parents[2]
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


def test_the_clock_can_be_read_and_advanced(knob):
    before = knob("GET", "clock")["now"]
    after = knob("POST", "clock", {"advance": 86400})

    assert 86399 <= after["now"] - before < 86420
    assert after["offset"] > 86000
    assert knob("POST", "clock", {"to": int(after["now"]) + 100})["now"] >= after["now"] + 99


def test_the_clock_does_not_go_back(knob):
    with pytest.raises(urllib.error.HTTPError) as refusal:
        knob("POST", "clock", {"to": 5})

    refusal.value.close()
    assert refusal.value.code == 400


def test_the_other_knobs_answer(online, knob):
    session = subscribe(online)

    assert session.id in [one["id"] for one in knob("GET", "checkout")["sessions"]]
    assert set(knob("GET", "truth")) == {"balance_transactions", "balance", "currencies"}
    assert isinstance(knob("GET", "rejections")["rejections"], list)
    trouble = knob("POST", "webhooks", {"mode": "drop", "times": 2, "types": ["invoice.paid"]})
    assert trouble["webhooks"][0]["mode"] == "drop"
    assert knob("DELETE", "webhooks") == {"webhooks": []}


@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
def test_a_cut_line_is_tried_again_by_the_real_client(server, knob, kind):
    knob("POST", "faults", {"operation": "POST /v1/customers", "kind": kind})
    client = stripe.StripeClient(
        "sk_test_x", base_addresses={"api": server.address}, max_network_retries=1
    )
    before = len(list(client.v1.customers.list({"limit": 100}).auto_paging_iter()))

    assert client.v1.customers.create({"name": "B"}).name == "B"
    assert len(list(client.v1.customers.list({"limit": 100}).auto_paging_iter())) == before + 1
    assert knob("GET", "faults") == {"faults": []}


def test_a_timeout_keeps_the_caller_waiting(server, knob):
    knob("POST", "faults", {"operation": "*", "kind": "timeout_before"})
    client = stripe.StripeClient(
        "sk_test_x",
        base_addresses={"api": server.address},
        http_client=stripe.RequestsClient(timeout=0.3),
        max_network_retries=0,
    )

    with pytest.raises(stripe.APIConnectionError):
        client.v1.customers.create({"name": "B"})


class Mailbox(BaseHTTPRequestHandler):
    got: list = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append((body, self.headers["Stripe-Signature"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *arguments):
        pass


def test_webhooks_come_over_http_by_themselves(online):
    mailbox = HTTPServer(("127.0.0.1", 0), Mailbox)
    threading.Thread(target=mailbox.serve_forever, daemon=True).start()
    endpoint = online.v1.webhook_endpoints.create(
        {"url": f"http://127.0.0.1:{mailbox.server_port}/", "enabled_events": ["product.created"]}
    )

    online.v1.products.create({"name": "Gold"})
    until = time.time() + 5
    while not Mailbox.got and time.time() < until:
        time.sleep(0.01)
    mailbox.shutdown()
    mailbox.server_close()
    online.v1.webhook_endpoints.delete(endpoint.id)

    body, signature = Mailbox.got[0]
    event = stripe.Webhook.construct_event(body, signature, endpoint.secret)
    assert event.type == "product.created"


def test_a_receiver_may_ask_the_api_while_the_clock_is_advanced(server, online, knob):
    """Each webhook is answered after reading the object; several callers ask at the same time."""
    session = subscribe(online)
    server.engine.pay_checkout(session.id)
    seen = []

    def look(url, body, headers):
        event = json.loads(body)
        if event["type"] == "invoice.created":
            invoice = online.v1.invoices.retrieve(event["data"]["object"]["id"])
            seen.append(invoice.status)
        return 200

    server.engine.post, posted = look, server.engine.post
    endpoint = online.v1.webhook_endpoints.create(
        {"url": "http://127.0.0.1:1/", "enabled_events": ["*"]}
    )
    busy = [threading.Thread(target=lambda: [online.v1.customers.list() for _ in range(20)])]
    busy += [threading.Thread(target=lambda: [knob("GET", "clock") for _ in range(20)])]
    for thread in busy:
        thread.start()
    knob("POST", "clock", {"advance": 32 * 86400})
    for thread in busy:
        thread.join()
    online.v1.webhook_endpoints.delete(endpoint.id)
    server.engine.post = posted

    assert seen
    assert set(seen) == {"draft"}


def test_the_command_says_where_it_is_and_ends_when_asked(tmp_path):
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--state", str(tmp_path / "s.db")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    line = process.stdout.readline()
    process.terminate()

    assert re.fullmatch(r"Sandbox: http://127\.0\.0\.1:\d+\n", line)
    assert process.wait(5) in (0, -15)
    process.stdout.close()
