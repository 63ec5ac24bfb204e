"""What falls due when: period ends, retries, settlements, expiries, deliveries to try again."""

from __future__ import annotations

import heapq
from typing import NamedTuple

from sandbox.store import Object, Store


class Due(NamedTuple):
    at: int
    number: int
    name: str


class Timeline:
    """A queue by moment; among things of one moment the one planned first comes first."""

    def __init__(self, store: Store) -> None:
        self.store = store
        waiting = store.kinds["_due"].values()
        self.queue = [Due(item["at"], item["number"], item["id"]) for item in waiting]
        self.number = max((due.number for due in self.queue), default=0)
        heapq.heapify(self.queue)

    def plan(self, at: int, action: str, subject: str) -> None:
        self.number += 1
        name = f"_due_{self.number}"
        item: Object = {"id": name, "object": "_due", "at": at, "number": self.number}
        self.store.put({**item, "action": action, "subject": subject})
        heapq.heappush(self.queue, Due(at, self.number, name))

    def next_moment(self) -> int | None:
        return self.queue[0].at if self.queue else None

    def take(self, moment: int) -> Object | None:
        """The next thing due at or before that moment, no longer planned."""
        if not self.queue or self.queue[0].at > moment:
            return None
        item = self.store.by_id[heapq.heappop(self.queue).name]
        self.store.remove(item)
        return item
