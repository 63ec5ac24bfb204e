"""Stripe's lists of very many subscriptions, each made from one that the sandbox answered when its
page is asked for: nobody has to keep a hundred thousand. And our rows of them."""

import json
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import stripe
from django.db.models import Model

from bench.letters import Json
from funding.ledger import rollups
from funding.ledger.models import Entry, Transfer
from sponsors.billing import gateway, states, tallying
from sponsors.billing.models import Invoice, Payment, Subscription
from sponsors.companies.models import Company
from sponsors.sponsorships.models import Sponsorship

PREFIXES = ("sub", "si", "in", "il", "inpay", "pi", "ch", "txn")
A_PAGE = 100


class Many:
    """So many sponsorships like one, made evenly over a time that ends where that one began."""

    def __init__(self, like: Sponsorship, *, size: int, seconds: int) -> None:
        self.like, self.size, self.seconds = like, size, seconds
        subscription = gateway.read(
            "subscriptions", like.subscription.stripe_id, expand=["latest_invoice"]
        )
        invoice = gateway.read(
            "invoices", subscription["latest_invoice"]["id"], expand=["payments"]
        )
        transaction = gateway.page("balance_transactions", {"expand": ["data.source"]})["data"][0]
        self.newest = subscription["created"]
        self.kinds = {
            "/v1/subscriptions": _Template(subscription),
            "/v1/invoices": _Template(invoice),
            "/v1/balance_transactions": _Template(transaction),
        }

    def created(self, number: int) -> int:
        """Number 0 is the newest."""
        return int(self.newest - 60 - number * self.seconds // self.size)

    def numbers_since(self, instant: int) -> int:
        return sum(1 for _ in self._since(instant))

    def _since(self, instant: int) -> Iterator[int]:
        for number in range(self.size):
            if self.created(number) < instant:
                return
            yield number

    def page(self, path: str, query: dict[str, list[str]]) -> str:
        after = query.get("starting_after", [""])[0]
        first = int(after.rpartition("_")[2]) + 1 if after else 0
        until = self.size
        if "created[gte]" in query:
            until = self.numbers_since(int(query["created[gte]"][0]))
        numbers = range(first, min(first + A_PAGE, until))
        template = self.kinds[path]
        data = ",".join(
            template.text(number, self.first_pk + number, self.created(number))
            for number in numbers
        )
        more = str(first + A_PAGE < until).lower()
        return f'{{"object":"list","data":[{data}],"has_more":{more},"url":"{path}"}}'

    def write(self, *, books_since: int) -> None:
        """Our rows of all of them; in the books those that were made since."""
        n, at = self.size, lambda i: states.at(self.created(i))
        companies = _copies(Company, self.like.company, n, lambda i: {
            "slug": f"c-{i}", "display_name": f"Company {i}",
        })  # fmt: skip
        rows = _copies(Sponsorship, self.like, n, lambda i: {"company_id": companies + i})
        self.first_pk = rows
        _copies(Subscription, self.like.subscription, n, lambda i: {
            "sponsorship_id": rows + i, "stripe_id": f"sub_{i}", "item_id": f"si_{i}",
            "created_at": at(i),
        })  # fmt: skip
        invoice = self.like.invoices.get()
        bills = _copies(Invoice, invoice, n, lambda i: {
            "stripe_id": f"in_{i}", "sponsorship_id": rows + i, "created_at": at(i),
            "number": f"N-{i}",
        })  # fmt: skip
        some = self.numbers_since(books_since)
        _copies(Payment, invoice.payments.get(), some, lambda i: {
            "payment_intent": f"pi_{i}", "invoice_id": bills + i, "charge": f"ch_{i}",
            "balance_transaction": f"txn_{i}",
        })  # fmt: skip
        self._write_books(some)
        rollups.rebuild()

    def _write_books(self, some: int) -> None:
        def at(i: int) -> datetime:
            return states.at(self.created(i))

        for entry in list(Entry.objects.order_by("pk")):
            name = "in_{}:1" if ":" in entry.reference else "txn_{}"
            first = _copies(Entry, entry, some, lambda i, name=name: {
                "reference": name.format(i), "occurred_at": at(i),
            })  # fmt: skip
            for leg in list(entry.transfers.order_by("pk")):
                _copies(Transfer, leg, some, lambda i, first=first: {
                    "entry_id": first + i, "occurred_at": at(i),
                })  # fmt: skip


class _Template:
    def __init__(self, thing: Json) -> None:
        text = json.dumps(thing, separators=(",", ":"))
        self.created = f'"created":{thing["created"]}'
        names = sorted(set(_names(thing)), key=len, reverse=True)
        for name in names:
            text = text.replace(name, f"{name.partition('_')[0]}_@#")
        self.pieces = text.replace(self.created, '"created":@!').replace(
            '"sponsorship":"1"', '"sponsorship":"@$"'
        )

    def text(self, number: int, pk: int, created: int) -> str:
        marked = self.pieces.replace("@#", str(number)).replace("@!", str(created))
        return marked.replace("@$", str(pk))


def _names(thing: Any) -> Iterator[str]:
    if isinstance(thing, dict):
        for part in thing.values():
            yield from _names(part)
    elif isinstance(thing, list):
        for part in thing:
            yield from _names(part)
    elif isinstance(thing, str) and thing.partition("_")[0] in PREFIXES and "_" in thing:
        yield thing if thing.count("_") == 1 else "_".join(thing.split("_")[:2])


def _copies(model: type[Model], like: Model, count: int, each: Any) -> int:
    """Rows with primary keys in a row; the first of them."""
    last = model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0
    same = {field.attname: getattr(like, field.attname) for field in model._meta.concrete_fields}
    for begin in range(0, count, 5_000):
        model._default_manager.bulk_create(
            model(**{**same, **each(i), "id": last + 1 + i})
            for i in range(begin, min(begin + 5_000, count))
        )
    return int(last + 1)


class Listing(stripe.HTTPClient):
    """Answers lists from `many` and the balance from the books; counts calls and its own time."""

    name = "lists"

    def __init__(self, many: Many, inner: stripe.HTTPClient) -> None:
        super().__init__()
        self.many, self.inner = many, inner
        self.calls, self.seconds = 0, 0.0

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        post_data: Any = None,
        **extra: Any,
    ) -> Any:
        before = time.process_time()
        try:
            self.calls += 1
            parts = urlsplit(url)
            if parts.path in self.many.kinds:
                return self.many.page(parts.path, parse_qs(parts.query)), 200, {}
            if parts.path == "/v1/balance":
                return json.dumps(_balance()), 200, {}
            return self.inner.request(method, url, headers, post_data)
        finally:
            self.seconds += time.process_time() - before


def _balance() -> Json:
    sums = [{"currency": c.lower(), "amount": a} for c, a in tallying.in_books().items()]
    return {"object": "balance", "available": sums, "pending": []}
