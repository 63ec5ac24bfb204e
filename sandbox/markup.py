"""HTML made of nested calls; whatever is not markup already is escaped."""

from __future__ import annotations

from html import escape

from sandbox.api import Response

VOID = frozenset(("br", "hr", "input", "link", "meta"))


class Markup(str):
    """Text that is safe to send as it is."""


def tag(name: str, /, *children: object, **attributes: object) -> Markup:
    """`tag("a", "Home", href="/")`; an attribute that is None or False is left out."""
    given = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in VOID:
        return Markup(f"<{name}{given}>")
    return Markup(f"<{name}{given}>{together(*children)}</{name}>")


def together(*children: object) -> Markup:
    parts = (child for child in children if child is not None)
    return Markup(
        "".join(part if isinstance(part, Markup) else escape(str(part)) for part in parts)
    )


def _attribute(key: str, value: object) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'


def policy(goes_to: str = "") -> str:
    """No scripts at all; a form may lead to this server and, redirected, to one other place."""
    return (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action 'self' {goes_to}".strip()
    )


def page(title: str, *content: object, status: int = 200, goes_to: str = "") -> Response:
    banner = tag("p", "This is a sandbox. No money moves.", class_="banner", role="note")
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title, " · Sandbox"),
        tag("link", rel="stylesheet", href="/sandbox.css"),
    )
    body = tag("body", banner, tag("main", *content))
    text = "<!doctype html>" + tag("html", head, body, lang="en")
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": policy(goes_to),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(status, headers, text.encode())


def redirect(to: str) -> Response:
    return Response(303, {"Location": to, "Cache-Control": "no-store"}, b"")


def table(head: list[str], rows: list[list[object]], *, caption: str) -> Markup:
    top = tag("tr", *(tag("th", name, scope="col") for name in head))
    lines = (tag("tr", *(tag("td", cell) for cell in row)) for row in rows)
    inner = tag("table", tag("caption", caption), tag("thead", top), tag("tbody", *lines))
    return tag("div", inner, class_="scroll", tabindex="0", role="region", aria_label=caption)


def button(label: str, action: str, *, name: str | None = None, value: str = "") -> Markup:
    inner = tag("button", label, type="submit", name=name, value=value or None)
    return tag("form", inner, method="post", action=action, class_="inline")


def field(label: str, name: str, value: str = "", **attributes: object) -> Markup:
    attributes.setdefault("type", "text")
    identifier = f"field-{name}"
    return tag(
        "div",
        tag("label", label, for_=identifier),
        tag("input", id=identifier, name=name, value=value, **attributes),
        class_="field",
    )


def choice(label: str, name: str, options: dict[str, str], chosen: str = "") -> Markup:
    entries = (
        tag("option", text, value=value, selected=value == chosen)
        for value, text in options.items()
    )
    identifier = f"field-{name}"
    return tag(
        "div",
        tag("label", label, for_=identifier),
        tag("select", *entries, id=identifier, name=name),
        class_="field",
    )
