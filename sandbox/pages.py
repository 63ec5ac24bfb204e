"""Which page is at which address."""

from __future__ import annotations

import re
from pathlib import Path

from sandbox import bank_page, checkout_page, home_page, invoice_page, looking_page, portal_page
from sandbox.api import Response
from sandbox.errors import StripeError
from sandbox.markup import page, tag
from sandbox.visit import Page, Visit

STYLESHEET = Path(__file__).with_name("sandbox.css").read_bytes()


def stylesheet(visit: Visit) -> Response:
    headers = {"Content-Type": "text/css; charset=utf-8", "Cache-Control": "max-age=60"}
    return Response(200, headers, STYLESHEET)


PAGES: list[tuple[str, Page]] = [
    (r"/", home_page.home),
    (r"/clock", home_page.advance),
    (r"/faults", home_page.change_faults),
    (r"/webhooks", home_page.change_webhooks),
    (r"/objects/([\w.]+)", looking_page.objects),
    (r"/object/([\w-]+)", looking_page.one),
    (r"/deliveries", looking_page.deliveries),
    (r"/deliveries/(\w+)/resend", looking_page.resend),
    (r"/c/pay/(\w+)", checkout_page.checkout),
    (r"/c/3ds/(\w+)", bank_page.authentication),
    (r"/invoice/(\w+)", invoice_page.hosted),
    (r"/invoice/(\w+)/pdf", invoice_page.printed),
    (r"/receipt/(\w+)", invoice_page.receipt),
    (r"/p/session/(\w+)", portal_page.portal),
    (r"/p/session/(\w+)/(card|cancel|keep)", portal_page.portal),
    (r"/sandbox\.css", stylesheet),
]
ROUTES = [(re.compile(pattern, re.ASCII), view) for pattern, view in PAGES]


def answer(visit: Visit) -> Response:
    if visit.method not in ("GET", "HEAD", "POST"):
        return page("Not allowed", tag("h1", "That is not possible here"), status=405)
    for pattern, view in ROUTES:
        found = pattern.fullmatch(visit.path)
        if found is not None:
            return _shown(view, visit, found.groups())
    return page("Not found", tag("h1", "There is no such page"), status=404)


def _shown(view: Page, visit: Visit, parts: tuple[str, ...]) -> Response:
    try:
        if visit.method == "POST":
            return view(visit, *parts)
        with visit.engine.lock:
            return view(visit, *parts)
    except StripeError as refusal:
        return page("Refused", tag("h1", str(refusal)), status=refusal.status)
