"""`expand[]`: objects put in the place of their ids, and parts that are shown only when asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox import errors, shapes
from sandbox.store import Object, Store

DEPTH = 4
Include = Callable[[Object], Any]


class Expansion:
    """Puts objects in the place of ids in an answer that is about to be shown."""

    def __init__(self, store: Store, includes: dict[tuple[str, str], Include]) -> None:
        self.store = store
        self.includes = includes

    def apply(self, answer: Object, paths: list[str]) -> None:
        for path in paths:
            steps = path.split(".")
            # The `data` of a list counts as a level too.
            if len(steps) > DEPTH:
                raise errors.invalid(
                    f"You cannot expand more than {DEPTH} levels of a property. "
                    f"Property: {path[:100]}",
                    "expand",
                )
            self._walk(answer, steps, path)

    def _walk(self, node: Any, steps: list[str], path: str) -> None:
        if isinstance(node, list):
            for entry in node:
                self._walk(entry, steps, path)
            return
        if not steps:
            return
        if node is None:
            return
        if not isinstance(node, dict):
            raise refused(path)
        self._step(node, steps[0], steps[1:], path)

    def _step(self, node: Object, name: str, rest: list[str], path: str) -> None:
        kind = node.get("object", "")
        if kind == "list" and name == "data":
            self._walk(node["data"], rest, path)
            return
        include = self.includes.get((kind, name))
        if include is not None:
            if name not in node:
                node[name] = visible(include(node))
        elif not self._replace(node, name, path, last=not rest):
            raise refused(path)
        self._walk(node.get(name), rest, path)

    def _replace(self, node: Object, name: str, path: str, *, last: bool) -> bool:
        if name not in node:  # left out because it says nothing
            return self._may_expand(node, name)
        value = node[name]
        if isinstance(value, str):
            return self._by_id(node, name, value)
        if isinstance(value, list) and value and isinstance(value[0], str):
            node[name] = [self._shown(entry) or entry for entry in value]
            return True
        if isinstance(value, dict):
            return not last or "object" in value
        return self._may_expand(node, name)

    def _by_id(self, node: Object, name: str, value: str) -> bool:
        if not self._may_expand(node, name):
            return False
        found = self._shown(value)
        if found is not None:
            node[name] = found
        return True

    def _may_expand(self, node: Object, name: str) -> bool:
        if "object" not in node:
            return name in NESTED
        return shapes.expandable(node["object"], name)

    def _shown(self, identifier: str) -> Object | None:
        found = self.store.by_id.get(identifier)
        return visible(found) if found is not None else None


# Expandable fields inside parts that are no objects of their own.
NESTED = {
    "subscription",
    "payment_intent",
    "charge",
    "price",
    "default_payment_method",
    "payment_method",
    "account",
    "mandate",
    "invoice",
    "customer",
}


def refused(path: str) -> errors.StripeError:
    return errors.invalid(
        f"This property cannot be expanded ({path}). You may want to try expanding "
        f"'data.{path}' instead.",
        "expand",
    )


def visible(value: Any) -> Any:
    """A copy without the sandbox's own notes."""
    if isinstance(value, dict):
        return {
            name: visible(part) if isinstance(part, (dict, list)) else part
            for name, part in value.items()
            if name[:1] != "_"
        }
    if isinstance(value, list):
        return [visible(part) for part in value]
    return value
