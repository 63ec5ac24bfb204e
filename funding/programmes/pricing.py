"""Pricing: what a round costs and into which seats that is cut, put down by its organisers while the
call is a draft. Once it is open nothing of it changes: companies read it and promise money on it."""

from dataclasses import dataclass

from django.db import transaction

from funding.accounts.models import User
from funding.ledger.money import Money
from funding.programmes import calls, editing, log
from funding.programmes.models import CostPart, FundingCall, Phase, Round, Share
from funding.programmes.refusals import Refused

TERMS = (
    "currency", "stipend", "places_wanted", "places_least", "mode", "remainder", "policy",
    "takes_anonymous", "takes_invoices", "po_days",
)  # fmt: skip


class Announced(Refused):
    """The call is open or decided: what it says stays."""

    def __init__(self) -> None:
        super().__init__(
            "The call is open, so what it says stays: companies rely on it. While nobody has had "
            "a seat, the round can be taken back to a draft and changed."
        )


class NoClosing(Refused):
    """It is not said yet until when the round looks for sponsors."""

    def __init__(self) -> None:
        super().__init__("Say first until when the round looks for sponsors: set its dates.")


@dataclass(frozen=True, slots=True)
class Line:
    """A part of what a place costs, besides the stipend."""

    name: str
    when: str
    amount: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What was typed, worked out: what a place costs, what all of them do, and the seats."""

    place: Money
    wanted: Money
    least: Money
    seats: list[calls.Cut]
    missing: Money

    @property
    def is_exact(self) -> bool:
        return not self.missing

    @property
    def too_much(self) -> Money:
        return -self.missing

    @property
    def is_too_much(self) -> bool:
        return self.missing.amount < 0

    @property
    def number(self) -> int:
        return sum(one.seats for one in self.seats)

    @property
    def priced(self) -> list[tuple[str, int, Money]]:
        currency = self.place.currency
        return [(one.name, one.seats, Money(one.amount, currency)) for one in self.seats]


def of(round_: Round) -> FundingCall | None:
    """The call of a round, if it has one."""
    return getattr(round_, "call", None)


def plan(call: FundingCall, *, lines: list[Line], seats: int, named: list[calls.Cut]) -> Plan:
    """What these figures come to: seats of equal price, or those that are `named`."""
    cost = call.stipend + sum(line.amount for line in lines)
    place, wanted = call.money(cost), call.money(cost * call.places_wanted)
    cut = named or (calls.equal(wanted, seats) if seats else [])
    sum_ = sum(one.amount * one.seats for one in cut)
    return Plan(
        place, wanted, call.money(cost * call.places_least), cut,
        missing=Money(wanted.amount - sum_, wanted.currency),
    )  # fmt: skip


def insist_draft(call: FundingCall) -> None:
    if call.state != FundingCall.State.DRAFT:
        raise Announced


@transaction.atomic
def save(
    call: FundingCall, *, round_: Round, by: User, lines: list[Line], cuts: list[calls.Cut]
) -> FundingCall:
    """What the call says from now on. Raises `Announced`, `NoClosing`, and `calls.NotExact` for
    seats that do not sum; then nothing has changed."""
    editing.lock(round_.programme, by)
    there = FundingCall.objects.select_for_update(of=("self",)).filter(round=round_).first()
    if there is not None:
        insist_draft(there)
        if call.pk is None:
            raise Refused("Somebody else set the call while you were writing. Look at it first.")
    funding = round_.phases.filter(kind=Phase.Kind.FUNDING).first()
    if funding is None:
        raise NoClosing
    call.round, call.closes_at = round_, funding.ends_at
    call.save()
    calls.price(call, parts=[CostPart(name=o.name, when=o.when, amount=o.amount) for o in lines])
    calls.cut(call, into=cuts)
    log.note_of_money(round_, by, f"set the call: {call.places_wanted} places, {call.cost} each")
    return call


def latest_besides(round_: Round) -> FundingCall | None:
    """The newest call of another round of the programme."""
    rows = FundingCall.objects.filter(round__programme=round_.programme_id).exclude(round=round_)
    return rows.select_related("round").order_by("-round_id").first()


def like(before: FundingCall, round_: Round) -> FundingCall:
    """A call of this round with the figures and terms of another; nothing is kept."""
    return FundingCall(round=round_, **{name: getattr(before, name) for name in TERMS})


def copy(*, earlier: Round, to: Round) -> None:
    """The call of an earlier round as a draft, with its seats. In the transaction of who begins the
    round."""
    before, funding = of(earlier), to.phases.filter(kind=Phase.Kind.FUNDING).first()
    if before is None or funding is None:
        return
    call = like(before, to)
    call.closes_at = funding.ends_at
    call.save()
    parts = before.parts.all()
    calls.price(call, parts=[CostPart(name=p.name, when=p.when, amount=p.amount) for p in parts])
    shares: list[Share] = list(before.shares.all())
    calls.cut(call, into=[calls.Cut(one.name, one.amount, one.seats) for one in shares])
