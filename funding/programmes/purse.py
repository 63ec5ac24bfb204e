"""The purse of a round: what its account says, and what is still to be paid out of it."""

from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from funding.ledger.money import Money
from funding.programmes import outlays
from funding.programmes.models import Instalment, Outlay, Round

Status = Instalment.Status


@dataclass(frozen=True, slots=True)
class Purse:
    """All in the call's currency."""

    held: Money
    stipends: Money  # paid
    costs: Money  # paid
    released: Money  # to be paid now
    waiting: Money  # for checkpoints
    not_yet: str  # why nothing can be paid out

    @property
    def left(self) -> Money:
        """Once every stipend that is planned is paid."""
        return self.held - self.released - self.waiting


def of(round_: Round) -> Purse | None:
    """None before the round has a call."""
    held = outlays.held(round_)
    if held is None:
        return None
    paid = _by(Outlay.objects.filter(round=round_, taken_back=None), "kind")
    planned = _by(Instalment.objects.filter(place__round=round_), "status")

    def money(amount: int | None) -> Money:
        return Money(amount or 0, held.currency)

    return Purse(
        held, money(paid.get(Outlay.Kind.STIPEND)), money(paid.get(Outlay.Kind.COST)),
        money(planned.get(Status.RELEASED)), money(planned.get(Status.PENDING)),
        outlays.not_yet(round_.call),
    )  # fmt: skip


def to_pay(round_: Round) -> "QuerySet[Instalment]":
    """What was released and not paid yet, the oldest first."""
    rows = Instalment.objects.filter(place__round=round_, status=Status.RELEASED)
    return rows.select_related("place__user", "checkpoint").order_by("released_at", "pk")


def paid(round_: Round) -> "QuerySet[Outlay]":
    """All that was recorded, what was taken back too."""
    return Outlay.objects.filter(round=round_).select_related(
        "taken_back", "recorded_by", "instalment__place__user"
    )


def _by(rows: "QuerySet[Outlay] | QuerySet[Instalment]", name: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(name).annotate(Sum("amount")))
