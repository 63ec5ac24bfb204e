"""Letters as Stripe posts them, handed to an application as a server would; and Stripe's answers,
recorded so that they come at once."""

import io
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import stripe

Letter = tuple[bytes, str]
Json = dict[str, Any]
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
