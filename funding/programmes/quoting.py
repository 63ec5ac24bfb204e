"""Quoting: the form of a call with its lines, as one, and what the typed figures come to. It works
without a script: a button adds a line, another one works everything out, and neither saves."""

from typing import Any

from django import forms
from django.forms import formset_factory

from funding.ledger.money import MOST, Money
from funding.programmes import calls, pricing
from funding.programmes.forms.call import (
    MOST_LINES,
    MOST_SEATS,
    NAMED,
    CallForm,
    LineForm,
    Lines,
    SeatForm,
    cut_of,
)
from funding.programmes.models import FundingCall, Round

BLANK = 2  # lines that wait to be filled in


class Sheet:
    """The form of a call with its lines, as one."""

    def __init__(
        self, data: Any, *, round_: Round, call: FundingCall | None,
        like: FundingCall | None = None,
    ) -> None:  # fmt: skip
        """`like` is another call, whose figures are typed in to begin with."""
        self.call = stands = call or like
        more = data.get("more", "") if data is not None else ""
        self.is_bound = data is not None and not more
        typed = data if self.is_bound else None
        again = data.dict() | _unticked(data) if more else None
        row = call or FundingCall(round=round_)
        if like is not None:
            row, again = pricing.like(like, round_), cut_of(like)
        self.form = CallForm(typed, round_=round_, instance=row, again=again)
        chosen = self.form.chosen
        costs = _typed_rows(data, "line", LineForm) if more else _cost_rows(stands)
        seats = _typed_rows(data, "seat", SeatForm) if more else _seat_rows(stands, self.form)
        self.lines = _lines(LineForm, typed, "line", costs, chosen, is_more=more == "line")
        self.named = _lines(SeatForm, typed, "seat", seats, chosen, is_more=more == "seat")

    def is_valid(self) -> bool:
        valid = [self.form.is_valid(), self.lines.is_valid()]
        if self.form["cut_by"].value() == NAMED:
            valid.append(self.named.is_valid())
        if not all(valid):
            return False
        if self.plan is None or self.plan.wanted.amount > MOST * MOST_SEATS:
            self.form.add_error(None, "These sums are too large to be charged.")
            return False
        return self._seats_fit(self.plan)

    def _seats_fit(self, plan: pricing.Plan) -> bool:
        if not plan.seats:
            self.form.add_error(None, "Write down at least one named seat, or choose equal seats.")
            return False
        if not plan.is_exact:
            self.form.add_error(None, str(calls.NotExact(plan.missing)))
            return False
        if max(one.amount for one in plan.seats) > MOST:
            most = Money(MOST, plan.place.currency)
            self.form.add_error(None, f"A seat costs at most {most}: cut it into more seats.")
            return False
        return True

    @property
    def cost_lines(self) -> list[pricing.Line]:
        return [pricing.Line(one["name"], one["when"], one["amount"]) for one in self.lines.rows]

    @property
    def plan(self) -> pricing.Plan | None:
        """What was typed comes to, or else what stands; None while the figures are not all there."""
        if not self.is_bound:
            return _standing(self.call)
        cleaned = self.form.cleaned_data if self.form.errors is not None else {}
        needed = ("currency", "stipend", "places_wanted", "places_least")
        if not all(cleaned.get(name) for name in needed) or not self.lines.is_valid():
            return None
        call = FundingCall(**{name: cleaned[name] for name in needed})
        is_named = cleaned.get("cut_by") == NAMED and self.named.is_valid()
        rows = self.named.rows if is_named else []
        named = [calls.Cut(one["name"], one["amount"], one["seats"]) for one in rows]
        seats = 0 if is_named else cleaned.get("seats") or 0
        return pricing.plan(call, lines=self.cost_lines, seats=seats, named=named)


def _standing(call: FundingCall | None) -> pricing.Plan | None:
    if call is None or call.pk is None:
        return None
    lines = [pricing.Line(one.name, one.when, one.amount) for one in call.parts.all()]
    cuts = [calls.Cut(one.name, one.amount, one.seats) for one in call.shares.all()]
    return pricing.plan(call, lines=lines, seats=0, named=cuts)


def _lines(
    form: type[forms.Form], data: Any, prefix: str, rows: list[dict[str, Any]], currency: str,
    *, is_more: bool,
) -> Any:  # fmt: skip
    blank = BLANK + is_more
    kind = formset_factory(
        form, formset=Lines, extra=min(len(rows) + blank, MOST_LINES), max_num=MOST_LINES,
        absolute_max=MOST_LINES, validate_max=True,
    )  # fmt: skip
    made = kind(data, prefix=prefix, initial=None if data is not None else rows)
    assert isinstance(made, Lines)
    made.currency = currency
    return made


def _typed_rows(data: Any, prefix: str, form: type[forms.Form]) -> list[dict[str, Any]]:
    """The lines as they were typed, right or wrong, without those that are empty."""
    names = list(form.base_fields)
    rows = [
        {name: data.get(f"{prefix}-{index}-{name}", "") for name in names}
        for index in range(MOST_LINES)
    ]
    return [row for row in rows if any(row.values())]


def _unticked(data: Any) -> dict[str, object]:
    return {name: name in data for name in ("takes_anonymous", "takes_invoices")}


def _cost_rows(call: FundingCall | None) -> list[dict[str, Any]]:
    if call is None or call.pk is None:
        return []
    return [{"name": o.name, "when": o.when, "amount": o.amount} for o in call.parts.all()]


def _seat_rows(call: FundingCall | None, form: CallForm) -> list[dict[str, Any]]:
    if call is None or form.initial.get("cut_by") != NAMED:
        return []
    return [{"name": o.name, "amount": o.amount, "seats": o.seats} for o in call.shares.all()]
