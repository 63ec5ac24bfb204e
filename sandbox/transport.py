"""The stripe client's way to an engine in the same process, in the place of the network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import stripe

from sandbox.engine import Engine
from sandbox.faults import ConnectionLost


class Headers(dict[str, str]):
    """Names in any case, which the client counts on."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__({name.lower(): value for name, value in headers.items()})

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and super().__contains__(name.lower())

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(name.lower(), default)


class InProcess(stripe.HTTPClient):
    """`stripe.StripeClient("sk_test_…", http_client=InProcess(engine))`."""

    name = "sandbox"

    def __init__(self, engine: Engine) -> None:
        super().__init__(verify_ssl_certs=False)
        self.engine = engine

    def _sleep_time_seconds(self, num_retries: int) -> float:
        """The client waits between tries; in one process nothing gets better by waiting."""
        return 0.0

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        parts = urlsplit(url)
        body = post_data.encode() if isinstance(post_data, str) else post_data or b""
        try:
            response = self.engine.request(
                method, parts.path, query=parts.query, headers=headers or {}, body=body
            )
        except ConnectionLost as loss:
            raise stripe.APIConnectionError(  # type: ignore[no-untyped-call]
                f"Unexpected error communicating with Stripe: {loss}", should_retry=True
            ) from loss
        return response.body.decode(), response.status, Headers(response.headers)

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        text, status, answered = self.request(method, url, headers, post_data)
        return text.encode(), status, answered

    async def sleep_async(self, secs: float) -> None:
        return None

    def close(self) -> None:
        """There is no connection to close."""
