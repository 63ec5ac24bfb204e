"""The demo's processes: started together, restarted when they exit, stopped together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from demo.folder import ROOT

PATIENCE = 8.0  # seconds to end in order
QUICK = 5.0  # who exits sooner than that waits before the next start
LONGEST_WAIT = 10.0


@dataclass(slots=True)
class Child:
    """A Python module that is to run all the time. Its words go into a file of its name."""

    name: str
    arguments: Sequence[str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    next_start: float = 0.0
    failures: int = 0

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self, environment: Mapping[str, str]) -> None:
        """In a session of its own, so that Ctrl-C is ours to hear and the whole group can be
        ended; with a lifeline to us as its standard input."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "demo.child", *self.arguments],
                cwd=ROOT,
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.started_at = time.monotonic()

    def note_exit(self) -> None:
        """Plan the next start: at once, or later and later for one that cannot stay up."""
        lived = time.monotonic() - self.started_at
        self.failures = self.failures + 1 if lived < QUICK else 0
        wait = min(2.0**self.failures - 1, LONGEST_WAIT)
        self._close()
        self.next_start = time.monotonic() + wait

    def ask_to_end(self) -> None:
        if self.runs and self.process:
            self.process.terminate()

    def end(self, until: float) -> None:
        """Wait for it until a moment; then end whatever is left of its group."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):  # what is left of it is ended below
            self.process.wait(max(until - time.monotonic(), 0))
        self._close()

    def _close(self) -> None:
        if self.process is None:
            return
        with suppress(ProcessLookupError, PermissionError):  # nobody is left
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()
        self.process = None


@dataclass(slots=True)
class Supervisor:
    """Keeps children running until it is told to stop."""

    environment: Mapping[str, str]
    children: list[Child] = field(default_factory=list)
    tell: Callable[[str], None] = print

    def start(self, child: Child) -> None:
        self.children.append(child)
        child.start(self.environment)

    def look(self) -> None:
        """Start again whoever has exited and has waited long enough."""
        for child in self.children:
            if child.process is not None and not child.runs:
                self.tell(f"{child.name} has exited and is started again; see {child.log}.")
                child.note_exit()
            if child.process is None and time.monotonic() >= child.next_start:
                child.start(self.environment)

    def stop(self) -> None:
        """End all, the last started first asked; what does not end in time is killed."""
        for child in reversed(self.children):
            child.ask_to_end()
        until = time.monotonic() + PATIENCE
        for child in reversed(self.children):
            child.end(until)
