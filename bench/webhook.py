"""Stripe's events, a month of renewals of them: how many a second are verified and kept, and how
many kept, looked up and booked, beside a bare view that only verifies and inserts.

Stripe answers at once here (its answers are recorded beforehand): what is measured is ours. A
comparison measured elsewhere on one machine: dj-stripe 2.11 handled 39 events a second where this
bare view took 661, so 12 times dj-stripe is 0.71 times the bare view."""

import io
import json
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import django
import stripe

SPONSORSHIPS = 120
Letter = tuple[bytes, str]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Recorded(stripe.HTTPClient):
    """The sandbox's answers, asked once and then given at once."""

    name = "recorded"

    def __init__(self, inner: stripe.HTTPClient) -> None:
        super().__init__()
        self.inner = inner
        self.answers: dict[str, Any] = {}

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None,
        **extra: Any,
    ) -> Any:  # fmt: skip
        if method != "get":
            return self.inner.request(method, url, headers, post_data)
        if url not in self.answers:
            self.answers[url] = self.inner.request(method, url, headers, post_data)
        return self.answers[url]


def run(*, rounds: int, folder: str) -> None:
    django.setup()
    from bench import results
    from bench.season import Season

    measured: dict[str, list[float]] = {"bare": [], "intake": [], "whole": []}
    statements = 0.0
    with Season(sponsorships=SPONSORSHIPS) as season:
        for _ in range(rounds):
            letters = season.next_month()
            measured["bare"].append(_rate(letters, season.bare(), season.clear))
            measured["intake"].append(_rate(letters, season.site(hint=False), season.clear))
            seconds, statements = season.whole(letters)
            measured["whole"].append(len(letters) / seconds)
    print(f"Events of {SPONSORSHIPS} renewals a month, {rounds} rounds")
    for name, what in (
        ("bare", "limit: a bare view verifies and inserts"),
        ("intake", "ours: verified and kept"),
        ("whole", "ours: kept, looked up at an instant Stripe, booked"),
    ):
        results.show(what, measured[name])
    print(f"  statements an event, in all: {statements:.1f}")
    results.ratio("intake", measured["intake"], measured["bare"], 0.8)
    results.ratio("end to end", measured["whole"], measured["bare"], 0.71)


def _rate(letters: list[Letter], application: Application, clear: Callable[[], None]) -> float:
    clear()
    before = time.perf_counter()
    for body, signature in letters:
        send(application, body, signature)
    return len(letters) / (time.perf_counter() - before)


def send(application: Application, body: bytes, signature: str) -> None:
    """One request as a server would hand it over; anything but 200 ends the run."""
    said: list[str] = []
    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": "/stripe/webhook/", "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "application/json", "HTTP_STRIPE_SIGNATURE": signature,
        "HTTP_HOST": "localhost:8000",
    }  # fmt: skip
    answer = application(environ, lambda status, headers, exc=None: said.append(status))
    body = b"".join(answer)
    close = getattr(answer, "close", None)
    if close:
        close()
    if not said[0].startswith("200"):
        raise SystemExit(f"{said[0]}: {body.decode()} for {json.dumps(environ, default=str)}")
