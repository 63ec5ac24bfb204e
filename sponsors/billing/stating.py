"""Stating: how an invoice stands and what it was for, in a few words, for its paper and for lists. Each
day that is said is the day of what is said."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date

from sponsors.billing.gateway import Json
from sponsors.billing.models import Dispute, Invoice

WORTH = re.compile(
    r"^(?:Remaining|Unused) time(?: on (?:\d+ × )?|: )"
)  # Stripe's words of a change
AFTER = re.compile(r" \(at [^()]*\)$| after \d{1,2} \w{3} \d{4}$")
Step = tuple[str, date]  # what happened, and when: ("paid on", 5 January)


@dataclass(frozen=True, slots=True)
class State:
    """A word or two, the tone in which they are said, and what happened when."""

    words: str
    tone: str  # held, open, fault, plain
    steps: tuple[Step, ...] = ()
    why: str = ""

    @property
    def pill(self) -> str:
        """The colour of its pill: green holds, amber is open, red is a fault."""
        return {"held": "", "fault": "fault"}.get(self.tone, "open")

    @property
    def details(self) -> list[Step]:
        """What stands below the pill, which is not said twice."""
        said = self.words.lower()
        return [(words.removeprefix(said).strip(), day) for words, day in self.steps]

    @property
    def sentence(self) -> str:
        """For the paper: Paid on 5 January 2026, in part given back on 3 March 2026."""
        said = ", ".join(f"{words} {written(day)}" for words, day in self.steps)
        if self.why:
            return f"{self.words}: {self.why}"
        return said[:1].upper() + said[1:] or self.words


def written(day: date | datetime | None) -> str:
    """22 November 2026."""
    return format_date(day, "d MMMM yyyy", locale="en_GB") if day else ""


def state(invoice: Invoice, *, now: datetime) -> State:
    """An invoice that is sent is overdue from the day after it was due."""
    due = invoice.due_at
    match invoice.status:
        case "paid" if invoice.paid_at:
            return _paid(invoice, invoice.paid_at.date())
        case "open" if due and invoice.is_sent and now > due:
            return State("Overdue", "fault", (("overdue since", due.date()),))
        case "open" if due and invoice.is_sent:
            return State("To be paid", "open", (("to be paid by", due.date()),))
        case "void" if invoice.is_change:
            return State("Not charged", "plain", why="the change did not come about")
        case "void" if invoice.is_left_out:
            return State("Not charged", "plain", why="the sponsorship was paused")
        case "void":
            return State("Taken back", "plain", why="nothing is owed")
        case "uncollectible":
            return State("Not paid", "fault")
    return State("Being made" if invoice.status == "draft" else "To be paid", "open")


def what_for(invoice: Invoice) -> str:
    """The tier as the invoice itself names it; its sponsorship may be on another by now."""
    lines = _lines(invoice)
    charged = [line for line in lines if line["amount"] > 0] or lines
    if not charged:
        return invoice.subject.item
    text = AFTER.sub("", WORTH.sub("", charged[-1]["text"]))
    return text.removeprefix(f"{invoice.subject.payee}: ")


def _lines(invoice: Invoice) -> list[Json]:
    """As they were frozen by `documents`."""
    lines: list[Json] = invoice.paper.get("lines", [])
    return lines


def _paid(invoice: Invoice, on: date) -> State:
    if not invoice.returned:
        return State("Paid", "held", (("paid on", on),))
    taken = [one for one in _disputes(invoice) if one.is_taken]
    if taken:
        words, at = _taken(taken)
        name = words.rpartition(" ")[0].capitalize()
        return State(name, "open", ((words, at), ("after it was paid on", on)))
    return _given_back(invoice, on)


def _given_back(invoice: Invoice, on: date) -> State:
    """By us; where a refund is not known any more, without its day."""
    days = _given_back_on(invoice)
    if invoice.returned >= invoice.total.amount:
        steps = [("given back on", days[-1]), ("after it was paid on", on)] if days else []
        return State(
            "Given back", "plain", (*steps,) or (("given back after it was paid on", on),)
        )
    parts = [("paid on", on), *(("in part given back on", day) for day in days)]
    steps = parts if days else [("in part given back, paid on", on)]
    return State("Paid, in part given back", "held", (*steps,))


def _taken(disputes: list[Dispute]) -> Step:
    """What a bank took back, for good or until it is decided."""
    for one in disputes:
        if one.status != "lost":
            return "disputed since", one.opened_at.date()
    return "taken back by your bank on", disputes[0].opened_at.date()


def _disputes(invoice: Invoice) -> list[Dispute]:
    return [one for payment in invoice.payments.all() for one in payment.disputes.all()]


def _given_back_on(invoice: Invoice) -> list[date]:
    refunds = [one for payment in invoice.payments.all() for one in payment.refunds.all()]
    return sorted({one.created_at.date() for one in refunds if one.went_back})
