"""A server on one core and a client on the other, on loopback, for a fixed number of requests.

Rates are requests a second of the *server's processor time*, read from /proc: they say what the
server can do whatever the client is capable of and whatever else the machine does."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def server(limit: str = "", *, workers: int = 1) -> Iterator["Server"]:
    """A gunicorn with one synchronous worker, kept to the first core where it can be; several
    workers may use them all."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [
        sys.executable, "-m", "gunicorn", "-b", f"127.0.0.1:{port}", "-w", str(workers),
        "--log-level", "error", "--no-control-socket", "bench.server:application",
    ]  # fmt: skip
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "BENCH_LIMIT": limit},
        preexec_fn=_first_core if workers == 1 else None,
    )
    try:
        _wait(port)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait()


class Server:
    """A server that is up."""

    def __init__(self, port: int, master: int) -> None:
        self.port, self.master = port, master

    def rate(self, *paths: str, requests: int, headers: str = "", status: int = 200) -> float:
        """Requests a second of its processor time, for these paths in turn; ends the run at any
        other answer."""
        wanted = f"HTTP/1.1 {status}".encode()
        before = self.processor_seconds()
        for path in islice(cycle(paths), requests):
            answer = self.ask(get(path, headers))
            if not answer.startswith(wanted):
                raise SystemExit(f"{path}: {answer[:300]!r}")
        took = self.processor_seconds() - before
        return requests / max(took, 1 / os.sysconf("SC_CLK_TCK"))

    def ask(self, request: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.sendall(request)
            pieces = []
            while piece := connection.recv(65536):
                pieces.append(piece)
        return b"".join(pieces)

    def processor_seconds(self) -> float:
        """User and system time of its workers."""
        children = Path(f"/proc/{self.master}/task/{self.master}/children").read_text().split()
        ticks = 0
        for child in children:
            fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


def get(path: str, headers: str = "") -> bytes:
    text = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n"
    return text.encode()


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
