"""What templates may ask about sponsorships. Templates stand above all layers, so a project's page
asks here for those who stand behind it."""

from dataclasses import dataclass
from datetime import datetime

from django import template
from django.template import Context

from funding.ledger.money import Money
from funding.office import clock
from funding.projects.models import Project
from sponsors.sponsorships import words
from sponsors.sponsorships.models import GRACE, Sponsorship

register = template.Library()
register.filter("state_in_words", words.say)
register.filter("state_tone", words.tone)

NAMED_AT_ONCE = 200

# Stripe's word for an invoice, ours, and the colour of its pill.
INVOICES = {
    "draft": ("Being made", "open"),
    "open": ("To be paid", "open"),
    "paid": ("Paid", ""),
    "void": ("Taken back", "open"),
    "uncollectible": ("Not paid", "fault"),
}


@register.filter
def invoice_in_words(status: str) -> str:
    """What Stripe's word for an invoice's state means; the word itself if it is a new one."""
    return INVOICES.get(status, (status, ""))[0]


@register.filter
def invoice_tone(status: str) -> str:
    """The colour of its pill: green holds, amber is open, red is a fault."""
    return INVOICES.get(status, ("", "open"))[1]


@dataclass(frozen=True, slots=True)
class Wall:
    """Who stands behind a project now, by what they pay: the upper half of it by money stands on
    top. Those who do not want to be named are a number."""

    top: list[Sponsorship]
    others: list[Sponsorship]
    unnamed: int
    not_shown: int

    @property
    def count(self) -> int:
        return len(self.top) + len(self.others) + self.unnamed + self.not_shown


@register.simple_tag(takes_context=True)
def sponsors_of(context: Context, project: Project) -> Wall:
    """The wall of a project, in one query, whatever its size. Notes on the request until when it is
    true: the next instant at which somebody's grace is over."""
    now = clock.now()
    rows = list(
        Sponsorship.objects.of_project(project).standing(now)
        .select_related("company").order_by("-a_month", "since", "id")
    )  # fmt: skip
    _note_until(context, rows)
    named = _one_a_company([row for row in rows if row.is_named])
    unnamed = {row.company_id for row in rows} - {row.company_id for row in named}
    shown = named[:NAMED_AT_ONCE]
    most = Money(named[0].a_month, project.currency) if named else Money.zero(project.currency)
    top = [row for row in shown if row.a_month * 2 > most.amount][:6]
    return Wall(
        top=top,
        others=shown[len(top):],
        unnamed=len(unnamed),
        not_shown=len(named) - len(shown),
    )  # fmt: skip


def _one_a_company(rows: list[Sponsorship]) -> list[Sponsorship]:
    return list({row.company_id: row for row in reversed(rows)}.values())[::-1]


def _note_until(context: Context, rows: list[Sponsorship]) -> None:
    ends: list[datetime] = [row.paid_through + GRACE for row in rows if row.paid_through]
    request = context.get("request")
    if request is not None and ends:
        known = getattr(request, "fresh_until", None)
        request.fresh_until = min([*ends, *([known] if known else [])])
