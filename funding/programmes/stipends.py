"""Stipends: into which instalments a place's stipend is cut. They sum to it, always."""

from collections.abc import Sequence

from funding.programmes.models import Checkpoint, Instalment, Place, Round
from funding.programmes.refusals import Refused


def parts(stipend: int, weights: Sequence[int]) -> list[int]:
    """Positive whole amounts that sum exactly to the stipend: the weights themselves where they do,
    else in their proportion, of which the last takes the rest."""
    if not weights or min(weights) < 1 or stipend < len(weights):
        raise ValueError("A stipend is cut into one positive part a checkpoint.")
    total = sum(weights)
    if total == stipend:
        return list(weights)
    beyond = stipend - len(weights)  # each has one minor unit, so that none has nothing
    first = [1 + beyond * weight // total for weight in weights[:-1]]
    return [*first, stipend - sum(first)]


def plan(place: Place) -> list[Instalment]:
    """The instalments of a place that is accepted, one a checkpoint of its round. In the caller's
    transaction. Raises `Refused` where the round has no checkpoints."""
    checkpoints = list(Checkpoint.objects.filter(round=place.round_id).order_by("number"))
    if not checkpoints:
        raise Refused(WITHOUT)
    amounts = parts(place.stipend, [one.instalment for one in checkpoints])
    return Instalment.objects.bulk_create(
        Instalment(place=place, checkpoint=checkpoint, amount=amount)
        for checkpoint, amount in zip(checkpoints, amounts, strict=True)
    )


def insist_planned(round_: Round) -> None:
    """Raises `Refused` unless the round says how its stipend is paid, to the last minor unit."""
    amounts = list(Checkpoint.objects.filter(round=round_).values_list("instalment", flat=True))
    if not amounts:
        raise Refused(WITHOUT)
    missing = round_.call.money(round_.call.stipend - sum(amounts))
    if missing:
        off = missing if missing.amount > 0 else -missing
        less = "less" if missing.amount > 0 else "more"
        raise Refused(
            f"The instalments sum to {off.exact} {less} than the stipend. Mend that first."
        )


WITHOUT = "The round has no checkpoints, after which its stipend is paid. Add them first."
