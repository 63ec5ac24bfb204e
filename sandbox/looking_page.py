"""The sandbox's own pages for looking around: objects, events, deliveries."""

from __future__ import annotations

import json
from urllib.parse import quote

from sandbox import events, expansion
from sandbox.api import Response
from sandbox.markup import Markup, button, page, redirect, table, tag
from sandbox.store import Object
from sandbox.visit import Visit, minute

SIZE = 50


def crumbs(*links: tuple[str, str]) -> Markup:
    entries = (tag("li", tag("a", text, href=href)) for text, href in (("Sandbox", "/"), *links))
    return tag("nav", tag("ul", *entries), aria_label="Where you are")


def kinds(visit: Visit) -> dict[str, int]:
    held = visit.engine.account.store.kinds
    return {kind: len(found) for kind, found in sorted(held.items()) if found and kind[:1] != "_"}


def objects(visit: Visit, kind: str) -> Response:
    if kind not in kinds(visit):
        return page("Not found", crumbs(), tag("h1", "There is nothing of that kind"), status=404)
    found = list(visit.engine.account.store.newest_first(kind))
    part, more = _part(visit, found)
    rows: list[list[object]] = [
        [
            tag("a", item["id"], href=f"/object/{item['id']}"),
            minute(item["created"]) if "created" in item else "",
            _gist(item),
        ]
        for item in part
    ]
    head = ["Id", "Made", "What"]
    listed = table(head, rows, caption=f"{len(found)} in all, newest first")
    return page(kind, crumbs(), tag("h1", kind), listed, _more(f"/objects/{kind}", more))


def _part(visit: Visit, found: list[Object]) -> tuple[list[Object], int | None]:
    asked = visit.query.get("from", "0")
    start = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
    more = start + SIZE if len(found) > start + SIZE else None
    return found[start : start + SIZE], more


def _more(path: str, more: int | None) -> Markup | None:
    return tag("p", tag("a", "Older", href=f"{path}?from={more}")) if more else None


def _gist(item: Object) -> str:
    names = ("type", "status", "mode", "amount", "total", "currency", "email", "name", "url")
    return ", ".join(str(item[name]) for name in names if item.get(name) not in (None, ""))


def one(visit: Visit, identifier: str) -> Response:
    item = visit.engine.account.store.by_id.get(identifier)
    if item is None or item["object"][:1] == "_":
        return page("Not found", crumbs(), tag("h1", "There is no such object"), status=404)
    shown = events.shown(item) if item["object"] == "event" else item
    text = json.dumps(expansion.visible(shown), indent=2, ensure_ascii=False)
    kind = item["object"]
    return page(
        identifier,
        crumbs((kind, f"/objects/{kind}")),
        tag("h1", identifier),
        tag("pre", text.replace("sandbox:/", visit.engine.address), tabindex="0"),
    )


def deliveries(visit: Visit) -> Response:
    found = list(visit.engine.account.store.newest_first("_delivery"))
    part, more = _part(visit, found)
    rows = [_delivery(visit, delivery) for delivery in part]
    head = ["Event", "To", "Status", "Attempts", "Again"]
    listed = table(head, rows, caption=f"{len(found)} in all, newest first")
    return page(
        "Deliveries", crumbs(), tag("h1", "Deliveries"), listed, _more("/deliveries", more)
    )


def _delivery(visit: Visit, delivery: Object) -> list[object]:
    event = delivery["event"]
    endpoint = visit.engine.account.store.by_id.get(delivery["endpoint"])
    attempts = [
        tag("li", f"{minute(attempt['at'])}: {attempt['status'] or attempt['problem']}")
        for attempt in delivery["attempts"]
    ]
    return [
        tag("a", delivery["type"], href=f"/object/{quote(event)}"),
        endpoint["url"] if endpoint else "an endpoint that is gone",
        delivery["status"],
        tag("ul", *attempts, class_="plain"),
        button("Send again", f"/deliveries/{event}/resend"),
    ]


def resend(visit: Visit, event_id: str) -> Response:
    if visit.method != "POST" or visit.engine.account.store.get("event", event_id) is None:
        return page("Not found", crumbs(), tag("h1", "There is no such event"), status=404)
    visit.engine.resend(event_id)
    return redirect("/deliveries")
