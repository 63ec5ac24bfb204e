"""The sponsor's page of a round: what became of a seat, and where its money is. Also which rounds a
company stands behind. Nothing here comes from an application, a review or what was said in private."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Sum

from funding.ledger import balances, posting
from funding.ledger.models import Account, Entry, Transfer
from funding.ledger.money import Money
from funding.programmes import phases
from funding.programmes.models import (
    Checkpoint,
    FundingCall,
    Outlay,
    Place,
    Post,
    Round,
    Share,
)
from sponsors.companies.models import Company
from sponsors.sponsorships import commitment_words, seating, signing, waiting_list
from sponsors.sponsorships.models import FIRM, Commitment, CommitmentStatus, Waiting

Kind = Account.Kind
ENDED_SHOWN, POSTS_SHOWN = 20, 30
STANDS = {
    Place.Status.RUNNING: "takes part",
    Place.Status.DONE: "completed it",
    Place.Status.ENDED: "ended early",
}


@dataclass(frozen=True, slots=True)
class Purse:
    """Where a round's money is, each figure a question to the books."""

    received: Money
    stipends: Money
    costs: Money
    fees: Money
    given_back: Money
    passed_on: Money  # to the next round, or to the operator's general fund
    left: Money

    @property
    def other(self) -> Money:
        """Kept from the round before, grants, corrections: so that the lines sum to what is left."""
        went = (self.stipends, self.costs, self.fees, self.given_back, self.passed_on)
        sum_of_them = sum(one.amount for one in went)
        return Money(self.left.amount - self.received.amount + sum_of_them, self.left.currency)


@dataclass(frozen=True, slots=True)
class Person:
    """A place with who is in it, as they want to be named, and who mentors them."""

    name: str
    mentors: str
    status: str


@dataclass(frozen=True, slots=True)
class Told:
    """A post that was released to sponsors, by somebody as they want to be named."""

    by: str
    title: str
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """Of the diary."""

    at: datetime
    words: str


class SponsorPage:
    """One commitment, at one instant; it comes `with_parties`."""

    def __init__(self, commitment: Commitment, *, now: datetime) -> None:
        self.commitment, self.now = commitment, now
        self.call: FundingCall = commitment.call
        self.round: Round = commitment.call.round

    @property
    def is_behind(self) -> bool:
        """Whether its company stands behind the round, or did until the money went back: what only
        sponsors read is for them."""
        return self.commitment.status in FIRM

    @cached_property
    def steps(self) -> list[phases.Step]:
        return phases.steps(self.round, now=self.now)

    @cached_property
    def seats(self) -> seating.Seats:
        return seating.Seats(self.call, now=self.now)

    @cached_property
    def others(self) -> list[seating.Seat]:
        rows = [one for one in self.seats.rows if one.pk != self.commitment.pk]
        return [seating.seat_of(one) for one in rows[: seating.MOST_SHOWN]]

    @cached_property
    def places(self) -> list[Person]:
        """Those who have accepted; who was chosen and has not is nobody's business yet."""
        if self.round.announced_at is None:
            return []
        rows = Place.objects.filter(
            round=self.round,
            status__in=[Place.Status.RUNNING, Place.Status.DONE, Place.Status.ENDED],
        ).prefetch_related("mentorings__user")
        return [_person(one) for one in rows]

    @cached_property
    def posts(self) -> list[Told]:
        rows = Post.objects.filter(place__round=self.round, released_at__isnull=False)
        rows = rows.select_related("author", "place").order_by("-released_at", "-id")
        return [Told(_author(one), one.title, one.body, one.at) for one in rows[:POSTS_SHOWN]]

    @cached_property
    def purse(self) -> Purse:
        return purse(self.round, self.call.currency)

    @cached_property
    def diary(self) -> list[Line]:
        """What became of the seat and of the call, in the order in which it happened."""
        moves = self.commitment.moves.all()
        lines = [Line(one.at, f"Your seat: {one.cause}.") for one in moves]
        lines += [Line(one.at, one.words) for one in self.call.notes.all()]
        return sorted(lines, key=lambda one: one.at)

    @cached_property
    def next_report(self) -> datetime | None:
        """The next day on which something is written down of the work."""
        if self.round.status != Round.Status.OPEN or self.call.state != "succeeded":
            return None
        coming = Checkpoint.objects.filter(round=self.round, due_at__gt=self.now)
        first = coming.order_by("due_at").first()
        if first is not None:
            return first.due_at
        end = next((step for step in reversed(self.steps) if step.ends_at > self.now), None)
        return end.ends_at if end else None

    @cached_property
    def next_round(self) -> Round | None:
        """The round after this one, while it looks for sponsors."""
        rounds = Round.objects.public().filter(previous=self.round).select_related("call")
        found = rounds.select_related("programme", "call").first()
        call = getattr(found, "call", None)
        return found if call is not None and call.is_open(self.now) else None

    @cached_property
    def next_own(self) -> Commitment | None:
        """The seat that the same company has in the next round already."""
        if self.next_round is None:
            return None
        rows = Commitment.objects.live().filter(call=self.next_round.call)
        return rows.filter(company=self.commitment.company_id).first()

    @cached_property
    def next_seat(self) -> Share | None:
        """Of the next round, at the price that is nearest to today's."""
        if self.next_round is None or not waiting_list.can_have_one(
            self.next_round.call, self.commitment.company, now=self.now
        ):
            return None
        free = [one for one in self.next_round.call.shares.all() if one.free]
        return min(free, key=lambda one: abs(one.amount - self.commitment.amount), default=None)

    @property
    def may_withdraw(self) -> bool:
        return self.commitment.status in signing.UNDECIDED

    @property
    def waits_for_signature(self) -> bool:
        kept = self.commitment.status == CommitmentStatus.RESERVED
        return kept and not self.commitment.is_signed

    @property
    def may_wait(self) -> bool:
        """Its seat is gone, and others may be had or waited for."""
        return not self.commitment.is_live and self.call.is_open(self.now)

    @property
    def may_take_again(self) -> bool:
        """A seat is free for it now."""
        return self.may_wait and waiting_list.can_have_one(
            self.call, self.commitment.company, now=self.now
        )


def purse(round_: Round, currency: str) -> Purse:
    held = posting.round(round_.pk, Kind.HELD)
    paid = _outlays(round_)
    came, gave_back = _between(held.owner, Kind.BILLED, currency)
    fee_back, fees = _between(held.owner, Kind.FEES, currency)
    back_in, back = _between(held.owner, Kind.STRIPE, currency)

    def money(amount: int) -> Money:
        return Money(amount, currency)

    return Purse(
        received=money(came - gave_back),
        stipends=money(paid.get(Outlay.Kind.STIPEND, 0)),
        costs=money(paid.get(Outlay.Kind.COST, 0)),
        fees=money(fees - fee_back),
        given_back=money(back - back_in + _went_as(held.owner, Entry.Kind.SENT_BACK, currency)),
        passed_on=money(_went_as(held.owner, Entry.Kind.REMAINDER, currency)),
        left=balances.of(held, currency),
    )


def _between(owner: str, kind: str, currency: str) -> tuple[int, int]:
    """What came into a round's account from accounts of this kind, and what went back there."""
    held = {"owner": owner, "kind": Kind.HELD, "currency": currency}
    came = {f"credit__{name}": value for name, value in held.items()} | {"debit__kind": kind}
    went = {f"debit__{name}": value for name, value in held.items()} | {"credit__kind": kind}
    sums = [
        Transfer.objects.filter(**one).aggregate(sum=Sum("amount"))["sum"] for one in (came, went)
    ]
    return sums[0] or 0, sums[1] or 0


def _went_as(owner: str, kind: str, currency: str) -> int:
    """What went out of a round's account by entries of this kind."""
    held = {"debit__owner": owner, "debit__kind": Kind.HELD, "debit__currency": currency}
    rows = Transfer.objects.filter(entry__kind=kind, **held)
    return rows.aggregate(sum=Sum("amount"))["sum"] or 0


def _outlays(round_: Round) -> dict[str, int]:
    """What was paid out and stands, by what for; each has its entry in the books."""
    rows = Outlay.objects.filter(round=round_, taken_back=None).order_by()
    return dict(rows.values_list("kind").annotate(Sum("amount")))


def _person(place: Place) -> Person:
    """No name is made of an e-mail address: who gave none is not named."""
    mentors = [one.user.name or "a mentor" for one in place.mentorings.all()]
    return Person(
        place.public_name or "A participant who is not named",
        " and ".join(mentors),
        STANDS.get(Place.Status(place.status), ""),
    )


def _author(post: Post) -> str:
    if post.author_id == post.place.user_id:
        return post.place.public_name or "A participant"
    return post.author.name or "A mentor"


# Which rounds a company stands behind


@dataclass(frozen=True, slots=True)
class Programmes:
    """Of one company: those that go on, those for whose seats it waits, and those that are past."""

    now: list[Commitment]
    waiting: list[Waiting]
    past: list[Commitment]

    def __bool__(self) -> bool:
        return bool(self.now or self.waiting or self.past)

    @property
    def asking(self) -> list[Commitment]:
        """Seats that wait for something that only their company can do."""
        return [one for one in self.now if commitment_words.asks(one)]


def of_company(company: Company) -> Programmes:
    """Its seats, the newest first; one that came to nothing is past. Two queries."""
    rows = Commitment.objects.filter(company=company).with_parties().order_by("-id")
    found = list(rows.defer("accepted_text"))
    going_on = [one for one in found if one.is_live and one.call.round.status == Round.Status.OPEN]
    past = [one for one in found if one not in going_on]
    return Programmes(going_on, waiting_list.of_company(company), past[:ENDED_SHOWN])


def shown_of(company: Company) -> list[Commitment]:
    """What everybody may see that it stands behind."""
    rows = Commitment.objects.filter(company=company, is_anonymous=False).firm().with_parties()
    return list(rows.exclude(call__round__status=Round.Status.DRAFT).order_by("-id"))
