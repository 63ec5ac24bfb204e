"""The sandbox's ASGI application: the API, the knobs and the pages behind one door."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from sandbox import controls, pages
from sandbox.api import Response
from sandbox.engine import Engine
from sandbox.faults import ConnectionLost
from sandbox.visit import Visit, fields

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Reset = Callable[[Any], None]

LARGEST = 1_000_000
THREADS = 16
TICK = 0.5
SILENCE = 120

log = logging.getLogger(__name__)


class Application:
    """Answers in threads, so that one slow request holds nobody up; a thread sends webhooks."""

    def __init__(self, engine: Engine, reset: Reset | None = None) -> None:
        self.engine = engine
        self.reset = reset
        self.threads = ThreadPoolExecutor(THREADS, "sandbox")
        self.something_happened = threading.Event()
        self.ended = threading.Event()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                threading.Thread(target=self._carry, name="postman", daemon=True).start()
                await send({"type": "lifespan.startup.complete"})
            else:
                self.ended.set()
                self.something_happened.set()
                self.threads.shutdown(wait=False, cancel_futures=True)
                await send({"type": "lifespan.shutdown.complete"})
                return

    def _carry(self) -> None:
        """What falls due by itself, and webhooks, until the end."""
        while not self.ended.is_set():
            self.something_happened.wait(TICK)
            self.something_happened.clear()
            try:
                self.engine.tick()
                self.engine.deliver()
            except Exception:
                log.exception("The sandbox stumbled; it goes on.")

    async def _answer(self, scope: Message, receive: Receive, send: Send) -> None:
        path, method = scope["path"], scope["method"]
        if path == "/_sandbox/clock" and method == "GET":
            await _send(send, controls.clock(self.engine))
            return
        body = await _body(receive)
        if body is None:
            await _send(send, Response(413, {"Content-Type": "text/plain"}, b"Too large.\n"))
            return
        loop = asyncio.get_running_loop()
        try:
            response = await loop.run_in_executor(self.threads, self._respond, scope, body)
        except ConnectionLost as loss:
            await self._lose(scope, receive, loss)
            return
        await _send(send, response, bodyless=method == "HEAD")
        self.something_happened.set()

    def _respond(self, scope: Message, body: bytes) -> Response:
        method, path = scope["method"], scope["path"]
        query = scope["query_string"].decode("latin-1")
        self.engine.tick()
        if path.startswith("/v1/"):
            headers = {
                name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
            }
            return self.engine.request(method, path, query=query, headers=headers, body=body)
        if path.startswith("/_sandbox/"):
            return controls.answer(self.engine, method, path, body)
        form = fields(body.decode("utf-8", "replace"))
        return pages.answer(Visit(self.engine, method, path, fields(query), form))

    async def _lose(self, scope: Message, receive: Receive, loss: ConnectionLost) -> None:
        """No answer: the line is cut at once, or the caller waits until tired of it."""
        self.something_happened.set()
        if loss.timeout:
            with suppress(TimeoutError):  # long enough: nobody waits for ever
                async with asyncio.timeout(SILENCE):
                    while (await receive())["type"] != "http.disconnect":
                        pass
        if self.reset is not None:
            self.reset(scope.get("client"))


async def _body(receive: Receive) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        part = message.get("body", b"")
        size += len(part)
        if size > LARGEST:
            return None
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


async def _send(send: Send, response: Response, *, bodyless: bool = False) -> None:
    headers = {**response.headers, "Content-Length": str(len(response.body))}
    encoded = [
        (name.lower().encode("latin-1"), value.encode("latin-1", "replace"))
        for name, value in headers.items()
    ]
    await send({"type": "http.response.start", "status": response.status, "headers": encoded})
    await send({"type": "http.response.body", "body": b"" if bodyless else response.body})
