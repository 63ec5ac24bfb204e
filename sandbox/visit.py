"""A person's visit to one of the sandbox's pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from sandbox.account import ADDRESS
from sandbox.api import Response
from sandbox.engine import Engine


@dataclass(frozen=True)
class Visit:
    engine: Engine
    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]

    def local(self, address: str | None) -> str:
        """A kept address of a page of ours as a path; any other as it is."""
        kept = (address or "/").removeprefix(ADDRESS)
        ours = self.engine.address
        return kept.removeprefix(ours) if kept.startswith(f"{ours}/") else kept


Page = Callable[..., Response]


def fields(raw: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(raw, keep_blank_values=True, max_num_fields=200))
    except ValueError:
        return {}


def day(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%-d %B %Y")


def minute(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
