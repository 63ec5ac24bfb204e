"""The sandbox over real HTTP: the knobs, lost lines, webhooks and the command."""

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

import pytest
import stripe

from tests.sandbox.over_http import subscribe


@pytest.fixture
def knob(server):
    """Ask for a knob, or turn it."""

    def turn(method, name, given=None):
        body = None if given is None else json.dumps(given).encode()
        request = urllib.request.Request(f"{server.address}/_sandbox/{name}", body, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    return turn


ROOT = Path(__file__).parents[2]


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
