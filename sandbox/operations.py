"""Every operation the sandbox answers, and which of them a request is for."""

from __future__ import annotations

import re
from typing import NamedTuple

from sandbox.table import ROWS, Handler


class Operation(NamedTuple):
    method: str
    path: str
    handler: Handler
    parameters: str


class Route(NamedTuple):
    operation: Operation
    pattern: re.Pattern[str]


OPERATIONS = [Operation(*row) for row in ROWS]
ROUTES = [
    Route(operation, re.compile(re.sub(r"{\w+}", r"([^/]+)", operation.path)))
    for operation in OPERATIONS
]


def route(method: str, path: str) -> tuple[Operation, tuple[str, ...]] | None:
    for operation, pattern in ROUTES:
        found = pattern.fullmatch(path) if operation.method == method else None
        if found is not None:
            return operation, found.groups()
    return None
