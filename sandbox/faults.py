"""Trouble on purpose: the next requests are refused, answered with 500, or never answered."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

KINDS = (
    "rate_limit",
    "error_before",
    "error_after",
    "timeout_before",
    "timeout_after",
    "reset_before",
    "reset_after",
)


class ConnectionLost(Exception):
    """The caller gets no answer. `after`: what was asked for has happened all the same."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"the connection was lost ({kind})")
        self.timeout = kind.startswith("timeout")


def _nameless(operation: str) -> str:
    return re.sub(r"{\w*}", "{}", operation)


@dataclass
class Fault:
    operation: str
    kind: str
    times: int = 1

    def meets(self, method: str, template: str, path: str) -> bool:
        if self.operation == "*":
            return True
        return _nameless(self.operation) in (_nameless(f"{method} {template}"), f"{method} {path}")


class Faults:
    """A queue: each request takes the first fault that meets it."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def add(self, operation: str, kind: str, times: int = 1) -> Fault:
        if kind not in KINDS:
            raise ValueError(f"A fault is one of {', '.join(KINDS)}; not {kind}.")
        fault = Fault(operation, kind, times)
        self.waiting.append(fault)
        return fault

    def take(self, method: str, template: str, path: str) -> str | None:
        for fault in self.waiting:
            if fault.meets(method, template, path):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault.kind
        return None

    def clear(self) -> None:
        self.waiting.clear()

    def listed(self) -> list[dict[str, Any]]:
        return [asdict(fault) for fault in self.waiting]
