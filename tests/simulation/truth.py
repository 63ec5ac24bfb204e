"""What must be so. `after_step` asks of what a step has touched, `in_full` of everything that is here,
and `at_last`, when the weather is fine and all work is done, whether the books are Stripe's."""

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q
from django.utils.module_loading import import_string

from funding.ledger.models import Entry
from funding.office.models import Message
from funding.projects.models import Tier
from sponsors.billing import reconciling
from sponsors.billing.models import (
    Checkout,
    Customer,
    Deferral,
    Event,
    Invoice,
)
from sponsors.sponsorships.models import (
    ENDED,
    HOLDS_SEAT,
    Change,
    CommitmentMove,
    Move,
    Sponsorship,
)
from tests.simulation import books, calls, standing
from tests.simulation.town import Town

Kind = Entry.Kind
A_YEAR = timedelta(days=362)  # from a month's end to a month's end


class Breach(AssertionError):
    """Something that must never be false is false."""


class Watch:
    """What was seen so far, so that after a step only what is new is asked about."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.entry = self.move = self.seat = 0
        self.letters = 0
        self.sent: Counter[tuple[str, str]] = Counter()

    def after_step(self) -> None:
        insist([*self.town.breaches, *self._acknowledged(), *self._entries(), *self._moves(),
                *self._letters(), *self._seats()])  # fmt: skip

    def _acknowledged(self) -> Iterator[str]:
        """What was answered with 200 is kept."""
        names, self.town.acknowledged = set(self.town.acknowledged), []
        if names:
            kept = Event.objects.filter(stripe_id__in=names).values_list("stripe_id", flat=True)
            for name in sorted(names - set(kept)):
                yield f"{name} was acknowledged and is not here."

    def _entries(self) -> Iterator[str]:
        """New entries say what Stripe's object says."""
        new = list(Entry.objects.filter(pk__gt=self.entry).order_by("pk"))
        if not new:
            return
        self.entry = new[-1].pk
        booked = dict(books.lines(Q(entry__in=new)))
        store = self.town.engine.account.store
        for entry in new:
            if entry.reference.startswith("txn_"):
                truth = store.get("balance_transaction", entry.reference)
                if truth is None or booked[entry.reference] != books.line(truth):
                    yield f"{entry} is {booked[entry.reference]}, not {truth and books.line(truth)}."
            elif ":month:" in entry.reference:
                yield from _month(entry, self.town)

    def _moves(self) -> Iterator[str]:
        """Who moved holds a seat or does not, and no tier has more than it has."""
        new = list(
            Move.objects.filter(pk__gt=self.move).order_by("pk").select_related("sponsorship")
        )
        if not new:
            return
        self.move = new[-1].pk
        for move in new:
            if move.before in ENDED:
                yield f"Sponsorship {move.sponsorship_id} had ended and moved to {move.after}."
        yield from _seats(Tier.objects.filter(pk__in={move.sponsorship.tier_id for move in new}))

    def _seats(self) -> Iterator[str]:
        """Of programmes' calls: asked when anything became of one."""
        newest = CommitmentMove.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        if newest > self.seat:
            self.seat = newest
            yield from calls.breaches(self.town)

    def _letters(self) -> Iterator[str]:
        """No mail is sent twice: of each, no more left than were written."""
        new = self.town.postbox[self.letters :]
        self.letters = len(self.town.postbox)
        if not new:
            return
        mails = [(letter.subject, letter.body) for letter in new]
        self.sent.update(mails)
        rows = Message.objects.filter(body__in={body for _, body in mails})
        written = Counter(rows.values_list("subject", "body"))
        for mail in mails:
            if self.sent[mail] > written[mail]:
                yield f"{mail[0]!r} was sent more often than it was written."


def insist(sentences: list[str]) -> None:
    if sentences:
        raise Breach("\n".join(sentences[:20]))


def in_full(town: Town) -> None:
    """Whatever the weather, at any time between two steps."""
    insist([*_books(), *_seats(Tier.objects.all()), *_charged_once(town), *_made_once(town),
            *_deferrals(), *_defences()])  # fmt: skip


def at_last(town: Town) -> None:
    """When nothing is left to be done."""
    in_full(town)
    insist(
        [
            *books.breaches(town, all_of_it=False),
            *standing.breaches(town),
            *calls.at_last(town),
            *_mails(town),
            *_nothing_left(town),
        ]
    )


def nothing_to_mend(town: Town) -> None:
    """Reconciling finds nothing but what Stripe tells nobody of, and leaves books and mail as they
    were when it is done again."""
    row = reconciling.run(since=None, tell=lambda line: None)
    found = row.findings.exclude(stripe_id__in=books.untold(town), is_mended=True)
    insist([f"Reconciling found {one.kind}: {one.words}" for one in found])
    insist(list(books.breaches(town)))
    before = books.fingerprint(), Message.objects.count()
    again = reconciling.run(since=None, tell=lambda line: None)
    insist([*map(str, again.findings.all()), *filter(None, [row.trouble, again.trouble])])
    if (books.fingerprint(), Message.objects.count()) != before:
        raise Breach("Reconciling again changed the books or wrote mail.")


def _books() -> Iterator[str]:
    for path in settings.BOOK_CHECKS:
        yield from import_string(path)()


def _seats(tiers) -> Iterator[str]:
    holding = Sponsorship.objects.filter(status__in=HOLDS_SEAT).order_by()
    counted = Counter(dict(holding.values_list("tier").annotate(count=Count("pk"))))
    wanted = Change.objects.live().exclude(tier=F("sponsorship__tier"))  # a place is kept for it
    counted.update(wanted.values_list("tier", flat=True))
    for tier in tiers:
        count = counted[tier.pk]
        if tier.taken != count or (tier.seats is not None and count > tier.seats):
            yield f"{tier} has {tier.seats} seats, says {tier.taken} are taken; {count} are held."


def _sponsorship(subscription: dict) -> str:
    return str(subscription["metadata"].get("sponsorship", ""))


def _charged_once(town: Town) -> Iterator[str]:
    """Nobody paid twice for the same time."""
    store = town.engine.account.store
    spans: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for invoice in store.kinds["invoice"].values():
        subscription = store.by_id.get(invoice.get("_subscription") or "")
        if subscription and invoice["status"] == "paid" and invoice["amount_paid"] > 0:
            for line in _whole_periods(invoice):
                period = line["period"]
                what = _sponsorship(subscription) + (" changed" if "is_change" in line else "")
                spans[what].append((period["start"], period["end"], invoice["id"]))
    for name, found in spans.items():
        found.sort()
        for before, after in zip(found, found[1:], strict=False):
            if after[0] < before[1]:
                yield f"Sponsorship {name} paid twice for one time: {before[2]} and {after[2]}."


def _whole_periods(invoice: dict) -> list[dict]:
    """Without what a change of tier costs: the rest of a period at the new price, of which what was
    paid of it is taken off. Of these lines the one with the plus stands for an instant, so that the
    same change is not paid twice."""
    lines = []
    for line in invoice["lines"]["data"]:
        details = line["parent"]["subscription_item_details"] or {}
        if not details.get("proration"):
            lines.append(line)
        elif line["amount"] > 0:
            changed = line["period"]["start"]
            lines.append({"period": {"start": changed, "end": changed + 1}, "is_change": True})
    return lines


def _made_once(town: Town) -> Iterator[str]:
    """Of each row of ours Stripe has one object at most, however often it was asked."""
    store = town.engine.account.store
    pages = Counter(one["client_reference_id"] for one in store.kinds["checkout.session"].values())
    for name, count in pages.items():
        if count > 1:
            yield f"Stripe made {count} payment pages for {name}."
    made = Counter((one["metadata"].get("company")) for one in store.kinds["customer"].values())
    ours = Counter(map(str, Customer.objects.values_list("company", flat=True)))
    for name, count in made.items():
        if count > ours[name]:
            yield f"Stripe made {count} customers of company {name}; {ours[name]} are known."


def _deferrals() -> Iterator[str]:
    """The months of a yearly payment come round on its own day of the month."""
    given_back = Entry.objects.filter(reference__endswith=":rest").values_list(
        "reference", flat=True
    )
    at_once = {name.removesuffix(":rest") for name in given_back}
    for row in Deferral.objects.exclude(invoice__stripe_id__in=at_once).select_related("invoice"):
        entries = Entry.objects.filter(reference__startswith=f"{row.invoice.stripe_id}:month:")
        if entries.count() != row.released:
            yield f"{row} and {entries.count()} entries."


def _month(entry: Entry, town: Town) -> Iterator[str]:
    """A year's months are counted from its beginning, those of a part of a year from its end."""
    name, _, number = entry.reference.split(":")
    lines = town.engine.account.store.by_id[name]["lines"]["data"]
    starts = datetime.fromtimestamp(min(one["period"]["start"] for one in lines), UTC)
    ends = datetime.fromtimestamp(max(one["period"]["end"] for one in lines), UTC)
    if ends - starts < A_YEAR:
        months = Deferral.objects.get(invoice__stripe_id=name).months
        starts = months_later(ends, -months)
    expected = months_later(starts, int(number.partition(".")[0]))
    if entry.occurred_at != expected:
        yield f"{entry} was due at {expected}, not at {entry.occurred_at}."


def months_later(start: datetime, count: int) -> datetime:
    """Walked month by month, and only at the end cut to what the month has."""
    year, month = start.year, start.month
    for _ in range(count):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    for _ in range(-count):
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    return start.replace(year=year, month=month, day=min(start.day, monthrange(year, month)[1]))


def _defences() -> Iterator[str]:
    """What the database itself must refuse, tried and taken back."""
    entry = Entry.objects.order_by("pk").first()
    if entry is None:
        return
    try:
        with transaction.atomic():
            Entry.objects.create(
                reference=entry.reference, kind=entry.kind, occurred_at=entry.occurred_at,
                posted_at=entry.posted_at, legs=0,
            )  # fmt: skip
            transaction.set_rollback(True)
    except IntegrityError:
        return
    yield f"The books take {entry.reference} twice."


def _mails(town: Town) -> Iterator[str]:
    """Each that was written has left once, but for those that staff see as being sent."""
    sent = Counter((letter.subject, letter.body) for letter in town.postbox)
    written = Counter(
        Message.objects.filter(status=Message.Status.SENT).values_list("subject", "body")
    )
    for mail, count in (written - sent).items():
        yield f"{mail[0]!r} is marked as sent {count} times more than it was."
    for message in Message.objects.filter(status=Message.Status.WAITING):
        yield f"{message.key} waits."


def _nothing_left(town: Town) -> Iterator[str]:
    for event in Event.objects.filter(status__in=[Event.Status.NEW, Event.Status.DEAD]):
        yield f"{event} is {event.status}: {event.error[:200]}"
    late = Deferral.objects.filter(next_at__lt=town.now() - timedelta(days=1))
    yield from (f"{row} is late." for row in late)
    for invoice in Invoice.objects.filter(status="draft"):
        yield f"{invoice} is a draft."
    for page in Checkout.objects.filter(status=Checkout.Status.CLOSING):
        yield f"{page} was never closed."
