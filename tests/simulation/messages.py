"""What goes from one process of the town to another and out of it, and how a process ends."""

from dataclasses import dataclass
from typing import Any


class Crash(BaseException):
    """Kill -9: the process that runs is no more."""


@dataclass
class Message:
    """What the broker holds."""

    task: Any
    arguments: tuple[Any, ...]


@dataclass
class Letter:
    """A mail that left this machine."""

    recipients: tuple[str, ...]
    subject: str
    body: str


@dataclass
class Dies:
    """A task whose worker dies as it begins."""

    task: Any
    town: Any

    @property
    def name(self) -> str:
        return str(self.task.name)

    def __call__(self, *arguments: Any) -> None:
        self.town.die()
