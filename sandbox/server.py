"""uvicorn around the sandbox's application, able to cut a line in the middle of a request."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from sandbox.engine import Engine
from sandbox.http import Application

LINES: dict[Any, asyncio.Transport] = {}


class Protocol(H11Protocol):
    """Remembers the line to each caller, so that a fault can cut it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        LINES[self.client] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        LINES.pop(self.client, None)
        super().connection_lost(exc)


def cut(client: Any) -> None:
    line = LINES.get(tuple(client) if client else None)
    if line is not None:
        line.abort()


class Server(uvicorn.Server):
    """Tells its address when it is ready."""

    def __init__(self, engine: Engine, host: str, port: int, *, announce: bool = False) -> None:
        self.engine = engine
        self.announce = announce
        self.address = ""
        super().__init__(
            uvicorn.Config(
                Application(engine, cut),
                host=host,
                port=port,
                http=Protocol,
                lifespan="on",
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=1,
            )
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.should_exit:
            return
        port = self.servers[0].sockets[0].getsockname()[1]
        host = f"[{self.config.host}]" if ":" in self.config.host else self.config.host
        self.address = f"http://{host}:{port}"
        self.engine.address = self.address
        if self.announce:
            print(f"Sandbox: {self.address}", flush=True)
