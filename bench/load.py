"""A server on one core and a client on the other, on loopback, for a fixed number of requests."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def server(limit: str = "") -> Iterator[int]:
    """The port of a gunicorn with one synchronous worker, kept to the first core where it can be."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [
        sys.executable, "-m", "gunicorn", "-b", f"127.0.0.1:{port}", "-w", "1", "--log-level",
        "error", "--no-control-socket", "bench.server:application",
    ]  # fmt: skip
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "BENCH_LIMIT": limit}, preexec_fn=_first_core
    )
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def rate(port: int, path: str, *, requests: int, headers: str = "", status: int = 200) -> float:
    """Requests a second; ends the run when one is answered otherwise than with `status`."""
    text = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n"
    wanted = f"HTTP/1.1 {status}".encode()
    before = time.perf_counter()
    for _ in range(requests):
        answer = ask(port, text.encode())
        if not answer.startswith(wanted):
            raise SystemExit(f"{path}: {answer[:300]!r}")
    return requests / (time.perf_counter() - before)


def ask(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(request)
        pieces = []
        while piece := connection.recv(65536):
            pieces.append(piece)
    return b"".join(pieces)


def header(answer: bytes, name: str) -> str:
    head = answer.partition(b"\r\n\r\n")[0].decode("latin-1")
    lines = (line.partition(":") for line in head.split("\r\n"))
    return next(value.strip() for key, _, value in lines if key.lower() == name.lower())


def _first_core() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("The server did not start.")
