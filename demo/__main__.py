"""`scripts/demo`: the whole site on this machine, with a year of history, until Ctrl-C."""

import argparse
import fcntl
import http.client
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TextIO

from demo import cast
from demo.folder import ROOT, Folder, site
from demo.processes import Child, Supervisor

READY_WITHIN = 60.0
LOOK_EVERY = 0.2


class CannotStart(Exception):
    """The demo cannot run like this; the message says what to do."""


class Stopped(Exception):
    """Somebody asked the demo to end."""


def arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/demo", description=__doc__)
    parser.add_argument(
        "--port", type=_port, default=8000, help="the site's; Stripe's is one more"
    )
    parser.add_argument("--dir", type=Path, default=ROOT / ".demo", help="where all state is kept")
    parser.add_argument("--fresh", action="store_true", help="forget what is kept, begin anew")
    return parser.parse_args(given)


def _port(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if not 1 <= number <= 65534:
        raise argparse.ArgumentTypeError(f"{text} is no port from 1 to 65534")
    return number


def run(port: int, folder: Folder, *, fresh: bool) -> None:
    folder.make()
    with (folder.path / "lock").open("w") as lock:
        _insist_alone(lock, folder)
        _insist_free(port)
        if fresh or not folder.is_complete:
            folder.forget()
            folder.make()
        folder.clear_broker()
        prepare(port, folder)
        supervisor = Supervisor(folder.environment(port))
        try:
            serve(supervisor, port, folder)
        finally:
            print("\nStopping …", flush=True)
            supervisor.stop()


def prepare(port: int, folder: Folder) -> None:
    """The tables always; the year, and the tie to Stripe, unless they are there."""
    if not folder.is_complete:
        print("Making a year of history, which takes about a minute …", flush=True)
    environment = folder.environment(port) | {
        "STRIPE_HTTP_CLIENT": "demo.bridge.client",
        "CLOCK_URL": "",
    }
    command = [sys.executable, "-m", "demo.child", "demo.prepare", str(folder.path), str(port)]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, start_new_session=True
    ) as process:
        try:
            process.wait()
        except Stopped:
            process.kill()
            raise
    if process.returncode:
        raise CannotStart("The demo could not be prepared; what went wrong stands above.")


def serve(supervisor: Supervisor, port: int, folder: Folder) -> None:
    """Start everything, say when it answers, and keep it running."""
    began = datetime.now(UTC)
    for child in children(port, folder):
        child.log.unlink(missing_ok=True)
        supervisor.start(child)
    until = time.monotonic() + READY_WITHIN
    while not is_ready(port, folder, since=began):
        if time.monotonic() > until:
            raise CannotStart(f"It does not answer. What the processes say is in {folder.logs}.")
        time.sleep(LOOK_EVERY)
        supervisor.look()
    print(f"Ready: {site(port)}", flush=True)
    print(welcome(port, folder), flush=True)
    while True:
        time.sleep(LOOK_EVERY)
        supervisor.look()


def children(port: int, folder: Folder) -> list[Child]:
    celery = ("celery", "-A", "config")
    return [
        Child(name, command, folder.logs / f"{name}.log")
        for name, command in (
            ("sandbox", ("sandbox", "--port", str(port + 1), "--state", str(folder.stripe))),
            ("web", ("gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1",
                     "--threads", "8", "--graceful-timeout", "3", "--no-control-socket")),
            ("worker", (*celery, "worker", "--pool", "threads", "--concurrency", "2",
                        "--without-gossip", "--without-mingle", "--loglevel", "INFO")),
            ("beat", (*celery, "beat", "--scheduler", "demo.beat:Scheduler", "--pidfile=")),
        )
    ]  # fmt: skip


def is_ready(port: int, folder: Folder, *, since: datetime) -> bool:
    """Site and sandbox answer, and a heartbeat that beat asked for and the worker wrote is new."""
    return (
        _status(port + 1, "/_sandbox/clock") == 200
        and _heartbeat(folder) > since
        and _status(port, "/readyz") == 200
    )


def _status(port: int, path: str) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0


def _heartbeat(folder: Folder) -> datetime:
    with closing(sqlite3.connect(folder.database, timeout=5)) as database:
        row = database.execute("SELECT max(beat_at) FROM office_heartbeat").fetchone()
    return (
        datetime.fromisoformat(row[0]).replace(tzinfo=UTC)
        if row[0]
        else datetime.min.replace(tzinfo=UTC)
    )


def stories() -> str:
    """Where each kind of trouble is to be found."""
    return "\n".join(_line(who, what, 18) for who, what in cast.STORIES)


def people() -> str:
    """Whom one can be, and where to look."""
    return "\n".join(_line(one.email, f"{one.path}  {one.what}", 29) for one in cast.PEOPLE)


def _line(who: str, what: str, wide: int) -> str:
    return textwrap.fill(
        f"{who:<{wide}} {what}", 98, initial_indent=" " * 16, subsequent_indent=" " * (17 + wide),
        break_on_hyphens=False,
    )  # fmt: skip


def welcome(port: int, folder: Folder) -> str:
    return f"""
  Look around   {site(port)}  needs no sign-in
  Overview      {site(port)}/demo/  whom to be, and a programme’s round in each phase
  Sign in       {site(port)}/accounts/login/  with a password; it is {cast.PASSWORD}
{people()}
  Trouble       Kestrel’s card fails at Saltmarsh Sync: one mail and one link mend it. Others’
                people sign in with a code, at an address like thiago@araucaria.example:
{stories()}
  Sign up       with any address: the code lands in the mailbox
  Mailbox       {site(port)}/mailbox/
  Stripe        {site(port + 1)}  plays Stripe: the clock can be moved on from there
  Cards         4242 4242 4242 4242 pays, 4000 0025 0000 3155 asks the bank first,
                4000 0000 0000 0341 pays nothing; any date to come, any security code
  Logs          {folder.logs}
  Commands      set -a; . {folder.write_shell(port)}; .venv/bin/python manage.py check_books
  Stop          Ctrl-C; what happened is kept in {folder.path}
"""


def _insist_alone(lock: TextIO, folder: Folder) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as taken:
        raise CannotStart(
            f"A demo runs in {folder.path} already. Stop it, or choose another folder with --dir."
        ) from taken


def _insist_free(port: int) -> None:
    for number in (port, port + 1):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", number))
            except OSError as taken:
                raise CannotStart(
                    f"Port {number} is in use. The demo needs {port} and {port + 1}: choose "
                    "another with --port."
                ) from taken


def _stop(number: int, frame: FrameType | None) -> None:
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, signal.SIG_IGN)  # once is enough
    raise Stopped


def main() -> int:
    given = arguments(sys.argv[1:])
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        run(given.port, Folder(given.dir.resolve()), fresh=given.fresh)
    except Stopped:
        return 0
    except CannotStart as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main())
