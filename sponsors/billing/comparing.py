"""Comparing: a page of what Stripe lists beside the rows that we have of it, found by their ids with
a query or two a page. Nothing is changed here; what differs comes out, with what to look up for it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from funding.ledger.models import Entry
from funding.ledger.money import Money
from funding.office import clock
from sponsors.billing import booking, mirroring, pledged, states
from sponsors.billing.gateway import Json
from sponsors.billing.models import Dispute, Invoice, Refund, Subscription
from sponsors.sponsorships.models import ENDED, Sponsorship

LIVE = {"active", "trialing", "past_due"}  # what goes on charging
OVER = {"canceled", "incomplete_expired"}


# What is compared, and nothing else of each row: most of the time goes into making rows of columns.
_READ = (
    "stripe_id", "item_id", "status", "is_sent", "schedule_id", "created_at", "period_ends_at",
    "sponsorship__status", "sponsorship__since", "sponsorship__amount", "sponsorship__interval",
    "sponsorship__currency",
)  # fmt: skip
_READ_INVOICE = ("stripe_id", "number", "status", "revision", "currency", "net", "tax")


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs in one of Stripe's objects, or in one of ours that Stripe may not have. With a
    `root`, looking that up may mend it; `also` is the object itself, where the root's own look-up
    would not come upon it."""

    kind: str
    stripe_id: str
    words: str
    root: str = ""
    also: str = ""
    amount: int = 0
    currency: str = ""


def subscriptions(page: Sequence[Json]) -> Iterator[Difference]:
    """Each with its newest invoice."""
    items = {one["id"]: one["items"]["data"][0]["id"] for one in page}
    rows = Subscription.objects.filter(item_id__in=items.values()).select_related("sponsorship")
    ours = {row.item_id: row for row in rows.only(*_READ)}
    newest = [one["latest_invoice"]["id"] for one in page if one["latest_invoice"]]
    bills = {row.stripe_id: row for row in _invoices(newest)}
    for one in page:
        row = ours.get(items[one["id"]])
        if row is None:
            yield from _unknown_subscription(one)
            continue
        wrong = [*_of_subscription(row, one), *_of_sponsorship(row.sponsorship, one)]
        invoice = one["latest_invoice"]
        if invoice and invoice["status"] != "draft":
            wrong += _of_invoice(bills.get(invoice["id"]), invoice)
        if wrong:
            yield _sentence("subscription", one["id"], wrong, root=one["id"])


def _invoices(stripe_ids: Sequence[str]) -> QuerySet[Invoice]:
    return Invoice.objects.filter(stripe_id__in=stripe_ids).only(*_READ_INVOICE)


def _unknown_subscription(one: Json) -> Iterator[Difference]:
    """Not ours, or never heard of, or one too many for its sponsorship."""
    named = one["metadata"].get("sponsorship", "")
    sponsorship = mirroring.sponsorship_of(one) if named else None
    if sponsorship is None:
        words = "It names no sponsorship of this site, so it is left alone."
        yield Difference("stranger", one["id"], words)
        return
    known = Subscription.objects.filter(sponsorship=sponsorship).first()
    if known is None or known.stripe_id == one["id"] or known.status in OVER:
        if known is None or one["status"] not in OVER:
            words = "We have not heard of it."
            yield Difference("subscription", one["id"], words, root=one["id"])
    elif one["status"] not in OVER:
        words = f"It pays for sponsorship {sponsorship.pk}, for which {known} pays: end one."
        yield Difference("second", one["id"], words, root=one["id"])


def _of_subscription(row: Subscription, one: Json) -> Iterator[str]:
    item = one["items"]["data"][0]
    for name, ours, theirs in (
        ("id", row.stripe_id, one["id"]),
        ("status", row.status, one["status"]),
        ("way to pay", row.is_sent, states.is_sent(one)),
        ("schedule", row.schedule_id, one["schedule"] or ""),
        ("beginning", row.created_at, states.at(one["created"])),
        ("period's end", row.period_ends_at, states.instant(item["current_period_end"])),
    ):
        if ours != theirs:
            yield f"its {name} is {theirs}, not {ours}"


def _of_sponsorship(sponsorship: Sponsorship, one: Json) -> Iterator[str]:
    if sponsorship.status in ENDED:
        if one["status"] in LIVE:
            yield f"it goes on charging for sponsorship {sponsorship.pk}, which has ended"
        return
    said = states.read(one, ever_paid=sponsorship.since is not None, now=clock.now())
    if said.status != sponsorship.status:
        yield f"sponsorship {sponsorship.pk} is {sponsorship.status}, not {said.status}"
    if sponsorship.since and (said.amount, said.interval) != (
        sponsorship.amount, sponsorship.interval
    ):  # fmt: skip
        price = Money(said.amount, sponsorship.currency)
        agreed = Money(sponsorship.amount, sponsorship.currency)
        yield (
            f"its price is {price} a {said.interval}, not the {agreed} a {sponsorship.interval} "
            "that was agreed"
        )


def invoices(page: Sequence[Json]) -> Iterator[Difference]:
    """Each with its payments. Drafts are not looked at: nobody owes them yet."""
    sent = [one for one in page if one["status"] != "draft"]
    rows = _invoices([one["id"] for one in sent]).prefetch_related("payments")
    ours = {row.stripe_id: row for row in rows}
    billed = _booked(f"{row.stripe_id}:{row.revision}" for row in ours.values() if row.revision)
    for one in sent:
        row, (subscription, is_ours) = ours.get(one["id"]), _subscription_of(one)
        if row is None and not is_ours:
            yield Difference(
                "stranger", one["id"], "It bills no sponsorship and no seat of this site."
            )
            continue
        wrong = [*_of_invoice(row, one), *_of_payments(row, one)]
        if row and row.revision and f"{row.stripe_id}:{row.revision}" not in billed:
            wrong.append(f"its revision {row.revision} is not in the books")
        if wrong:
            yield _sentence("invoice", one["id"], wrong, root=subscription, also=one["id"])


def _subscription_of(invoice: Json) -> tuple[str, bool]:
    """And whether that was born as one of ours. A seat's invoice has none, and is looked up itself."""
    if pledged.commitment_of(invoice) is not None:
        return invoice["id"], True
    details = (invoice["parent"] or {}).get("subscription_details") or {}
    named = (details.get("metadata") or {}).get("sponsorship", "")
    return details.get("subscription") or "", bool(named)


def _of_invoice(row: Invoice | None, one: Json) -> list[str]:
    if row is None:
        return [f"we do not have invoice {one['number'] or one['id']}"]
    theirs = Money(one["total"], one["currency"].upper())
    wrong = []
    if row.status != one["status"]:
        wrong.append(f"invoice {row} is {one['status']}, not {row.status}")
    if row.currency != theirs.currency or row.total.amount != theirs.amount:
        wrong.append(f"invoice {row} is of {theirs.exact}, not {row.total.exact}")
    owed = one["status"] in booking.OWED and one["total"] > 0
    if owed != (row.revision % 2 == 1):
        wrong.append(f"invoice {row} is {'not ' * owed}in the books as owed")
    return wrong


def _of_payments(row: Invoice | None, one: Json) -> Iterator[str]:
    if row is None:
        return
    known = {payment.payment_intent for payment in row.payments.all()}
    for payment in (one.get("payments") or {}).get("data", []):
        name = payment["payment"].get("payment_intent")
        if name and name not in known:
            yield f"we do not know that {name} pays it"


def refunds(page: Sequence[Json]) -> Iterator[Difference]:
    rows = Refund.objects.filter(stripe_id__in=[one["id"] for one in page])
    ours = {row.stripe_id: row for row in rows}
    for one in page:
        row = ours.get(one["id"])
        facts = (one["status"], one["amount"], one["balance_transaction"],
                 one.get("failure_balance_transaction"))  # fmt: skip
        wrong = [] if row else ["we have not heard of it"]
        if row and facts != (
            row.status, row.amount, row.balance_transaction, row.failure_balance_transaction
        ):  # fmt: skip
            wrong = [f"it is {one['status']}, not {row.status}, or has moved other money"]
        if wrong:
            yield _sentence("refund", one["id"], wrong, root=one["payment_intent"], also=one["id"])


def disputes(page: Sequence[Json]) -> Iterator[Difference]:
    rows = Dispute.objects.filter(stripe_id__in=[one["id"] for one in page])
    ours = {row.stripe_id: row for row in rows}
    for one in page:
        row = ours.get(one["id"])
        wrong = [] if row else ["we have not heard of it"]
        if row and (row.status, row.amount) != (one["status"], one["amount"]):
            wrong = [f"it is {one['status']}, not {row.status}"]
        if wrong:
            root = one["payment_intent"]
            yield _sentence("dispute", one["id"], wrong, root=root, also=one["id"])


def _booked(references: Iterable[str]) -> set[str]:
    entries = Entry.objects.filter(reference__in=list(references))
    return set(entries.values_list("reference", flat=True))


def _sentence(
    kind: str, stripe_id: str, wrong: Sequence[str], *, root: str | None, also: str = ""
) -> Difference:
    words = "; ".join(wrong)
    return Difference(kind, stripe_id, f"{words[:1].upper()}{words[1:]}."[:300], root or "", also)


# What we have, by when Stripe made it


def our_subscriptions() -> tuple[QuerySet[Subscription], str, str]:
    return Subscription.objects.all(), "created_at", "stripe_id"


def our_invoices() -> tuple[QuerySet[Invoice], str, str]:
    return Invoice.objects.exclude(status="draft"), "created_at", "stripe_id"


def our_refunds() -> tuple[QuerySet[Refund], str, str]:
    return Refund.objects.all(), "created_at", "stripe_id"


def our_disputes() -> tuple[QuerySet[Dispute], str, str]:
    return Dispute.objects.all(), "opened_at", "stripe_id"


Ours = Callable[[], tuple[QuerySet, str, str]]  # type: ignore[type-arg]


def absent(
    ours: Ours, listed: Collection[str], *, after: datetime | None, until: datetime
) -> Iterator[str]:
    """The ids of what we have from a window of time in which Stripe listed these and no more."""
    rows, when, name = ours()
    window = {f"{when}__lte": until} | ({f"{when}__gt": after} if after else {})
    found = rows.filter(**window).order_by().values_list(name, flat=True)
    yield from (known for known in found.iterator() if known not in listed)
