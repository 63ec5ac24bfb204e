"""Everything the sandbox remembers: objects in memory, and one row each in an SQLite file.

Names that begin with an underscore are the sandbox's own notes on an object and are never shown.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Object = dict[str, Any]

INDEXED = {
    "invoice": ("customer", "_subscription"),
    "subscription": ("customer",),
    "payment_intent": ("customer",),
    "charge": ("payment_intent", "customer"),
    "invoice_payment": ("invoice", "_payment_intent"),
    "payment_method": ("customer",),
    "setup_intent": ("customer",),
    "balance_transaction": ("source",),
    "checkout.session": ("customer", "_payment_intent", "setup_intent", "subscription"),
    "refund": ("charge", "payment_intent"),
    "dispute": ("charge", "payment_intent"),
    "credit_note": ("invoice", "customer"),
    "tax_id": ("customer",),
    "price": ("lookup_key", "product"),
    "_delivery": ("event",),
}
SCHEMA = "CREATE TABLE IF NOT EXISTS object (id TEXT PRIMARY KEY, place INTEGER, body TEXT)"


class Store:
    """Objects by kind and id, in the order they were made."""

    def __init__(self, path: str | Path | None = None) -> None:
        self.kinds: dict[str, dict[str, Object]] = defaultdict(dict)
        self.by_id: dict[str, Object] = {}
        self.place = 0
        self._places: dict[str, int] = {}
        self._index: dict[tuple[str, str, Any], dict[str, None]] = defaultdict(dict)
        self._indexed: dict[str, list[tuple[str, str, Any]]] = {}
        self._changed: dict[str, Object | None] = {}
        # Deliveries that have not arrived yet; few, among very many that have.
        self.waiting: dict[str, None] = {}
        self._file = _open(path)
        if self._file is not None:
            self._load(self._file)

    def _load(self, file: sqlite3.Connection) -> None:
        for place, body in file.execute("SELECT place, body FROM object ORDER BY place"):
            self._keep(json.loads(body), place)
            self.place = max(self.place, place)

    def _keep(self, item: Object, place: int) -> None:
        identifier = item["id"]
        self.kinds[item["object"]][identifier] = item
        self.by_id[identifier] = item
        self._places[identifier] = place
        self._reindex(item)

    def _reindex(self, item: Object) -> None:
        kind, identifier = item["object"], item["id"]
        if kind == "_delivery":
            self._await(item)
        fields = INDEXED.get(kind)
        if not fields:
            return
        entries = [(kind, field, item.get(field)) for field in fields]
        previous = self._indexed.get(identifier, [])
        if entries == previous:
            return
        for entry in previous:
            self._index[entry].pop(identifier, None)
        for entry in entries:
            self._index[entry][identifier] = None
        self._indexed[identifier] = entries

    def _await(self, delivery: Object) -> None:
        if delivery["status"] in ("pending", "sending"):
            self.waiting[delivery["id"]] = None
        else:
            self.waiting.pop(delivery["id"], None)

    def put(self, item: Object) -> Object:
        """Keep a new object, or note that a kept one has changed."""
        identifier = item["id"]
        if identifier in self._places:
            self._keep(item, self._places[identifier])
        else:
            self.place += 1
            self._keep(item, self.place)
        self._changed[identifier] = item
        return item

    def remove(self, item: Object) -> None:
        identifier = item["id"]
        self.kinds[item["object"]].pop(identifier, None)
        self.by_id.pop(identifier, None)
        self._places.pop(identifier, None)
        self.waiting.pop(identifier, None)
        for entry in self._indexed.pop(identifier, []):
            self._index[entry].pop(identifier, None)
        self._changed[identifier] = None

    def get(self, kind: str, identifier: str | None) -> Object | None:
        return self.kinds[kind].get(identifier) if identifier else None

    def newest_first(self, kind: str) -> Iterator[Object]:
        return reversed(self.kinds[kind].values())

    def where(self, kind: str, field: str, value: Any) -> list[Object]:
        """Oldest first; only for the fields named in INDEXED."""
        found = self._index.get((kind, field, value), {})
        places = self._places
        return [self.kinds[kind][name] for name in sorted(found, key=places.__getitem__)]

    def save(self) -> None:
        changed, self._changed = self._changed, {}
        if self._file is None or not changed:
            return
        gone = [(name,) for name, item in changed.items() if item is None]
        rows = [
            (name, self._places[name], json.dumps(item, separators=(",", ":")))
            for name, item in changed.items()
            if item is not None
        ]
        with self._file:
            self._file.executemany("DELETE FROM object WHERE id = ?", gone)
            self._file.executemany("INSERT OR REPLACE INTO object VALUES (?, ?, ?)", rows)

    def close(self) -> None:
        self.save()
        if self._file is not None:
            self._file.close()
            self._file = None


def _open(path: str | Path | None) -> sqlite3.Connection | None:
    if path is None or str(path) == ":memory:":
        return None
    # One lock guards the whole engine, so that any of its threads may use the connection.
    file = sqlite3.connect(str(path), check_same_thread=False)
    file.execute("PRAGMA journal_mode = WAL")
    file.execute("PRAGMA synchronous = NORMAL")
    file.execute(SCHEMA)
    return file
