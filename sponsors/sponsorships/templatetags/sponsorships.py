"""What templates may ask about sponsorships. Templates stand above all layers, so a project's page
asks here for those who stand behind it."""

from dataclasses import dataclass
from datetime import datetime

from django import template
from django.db.models import Count, Q
from django.template import Context

from funding.accounts.models import User
from funding.office import clock
from funding.programmes.models import FundingCall
from funding.projects.models import Project
from sponsors.companies import access
from sponsors.companies.models import Company
from sponsors.sponsorships import (
    commitment_words,
    desk,
    seating,
    showing,
    sponsor_page,
    words,
)
from sponsors.sponsorships.models import ENDED, OFFERED_FOR, Sponsorship, Status

register = template.Library()
register.filter("state_in_words", words.say)
register.filter("state_tone", words.tone)
register.filter("state_name", words.name)
register.filter("seat_in_words", commitment_words.say)
register.filter("seat_tone", commitment_words.tone)
register.filter("seat_name", commitment_words.name)
register.filter("seat_asks", commitment_words.asks)

# Stripe's word for an invoice, ours, and the colour of its pill.
INVOICES = {
    "draft": ("Being made", "open"),
    "open": ("To be paid", "open"),
    "paid": ("Paid", ""),
    "void": ("Taken back", "open"),
    "uncollectible": ("Written off", "fault"),
}


@register.filter
def invoice_in_words(status: str) -> str:
    """What Stripe's word for an invoice's state means; the word itself if it is a new one."""
    return INVOICES.get(status, (status, ""))[0]


@register.filter
def invoice_tone(status: str) -> str:
    """The colour of its pill: green holds, amber is open, red is a fault."""
    return INVOICES.get(status, ("", "open"))[1]


@register.filter
def is_late(due_at: datetime | None) -> bool:
    """Whether a due date has passed."""
    return due_at is not None and due_at < clock.now()


@register.simple_tag(takes_context=True)
def sponsors_of(context: Context, project: Project) -> showing.Wall:
    """The wall of a project, in one query, whatever its size. Notes on the request until when it is
    true: the next instant at which somebody's grace is over."""
    now = clock.now()
    rows = list(
        Sponsorship.objects.of_project(project).standing(now).select_related("company__logo")
    )
    _note_until(context, rows)
    return showing.wall(rows)


@dataclass(frozen=True, slots=True)
class Home:
    """A company on the page that lists several: how many sponsorships go on, and how many of them
    wait for a payment that failed."""

    company: Company
    going_on: int
    failed: int


@register.simple_tag
def standing_of(companies: list[Company]) -> list[Home]:
    """In one query, however many."""
    rows = Sponsorship.objects.filter(company__in=companies).exclude(status__in=ENDED)
    counts = {
        row["company"]: row
        for row in rows.order_by()
        .values("company")
        .annotate(going_on=Count("pk"), failed=Count("pk", filter=Q(status=Status.PAST_DUE)))
    }
    nothing = {"going_on": 0, "failed": 0}
    found = [(company, counts.get(company.pk, nothing)) for company in companies]
    return [Home(company, row["going_on"], row["failed"]) for company, row in found]


@register.simple_tag
def desk_of(project: Project) -> desk.Desk:
    """Who came and went, who may go, what is owed and what was done, in four queries."""
    return desk.of(project, now=clock.now())


@register.simple_tag
def seats_of(call: FundingCall) -> seating.Seats:
    """Who stands behind a round and what is free, in three queries."""
    return seating.Seats(call, now=clock.now())


@register.simple_tag
def offered_days() -> int:
    """For how long a seat that comes free after the closing is offered."""
    return OFFERED_FOR.days


@register.simple_tag
def yours_in(call: FundingCall, user: User) -> seating.Yours:
    """How the companies that this person acts for stand in a call, in three queries."""
    return seating.of_companies(call, access.companies_for(user, "see"))


@register.simple_tag
def commitments_of(company: Company) -> sponsor_page.Programmes:
    """The rounds that a company stands behind, stood behind or waits for, in two queries."""
    return sponsor_page.of_company(company)


def _note_until(context: Context, rows: list[Sponsorship]) -> None:
    ends: list[datetime] = [row.stands_until for row in rows if row.stands_until]
    request = context.get("request")
    if request is not None and ends:
        known = getattr(request, "fresh_until", None)
        request.fresh_until = min([*ends, *([known] if known else [])])
