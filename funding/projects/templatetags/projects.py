"""Filters for what projects show."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from math import ceil

from babel.dates import format_date
from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from funding.ledger.money import Money
from funding.office import markdown
from funding.projects import access, worktime
from funding.projects.models import Maintainer, Project

register = template.Library()
register.filter("days", worktime.shown)
register.filter("in_words", worktime.said)


@register.filter
def from_markdown(text: str) -> SafeString:
    """HTML that can harm nobody; `markdown.render` has cleaned it."""
    return mark_safe(markdown.render(text))  # noqa: S308


@register.filter
def day(when: date | datetime) -> str:
    """22 November 2026."""
    return format_date(when, "d MMMM yyyy", locale="en_GB")


@register.filter
def short_day(when: date | datetime) -> str:
    """22 Nov."""
    return format_date(when, "d MMM", locale="en_GB")


@register.filter
def brief_day(when: date | datetime) -> str:
    """22 Nov 2026, for tables."""
    return format_date(when, "d MMM yyyy", locale="en_GB")


@register.filter
def moment(when: datetime) -> str:
    """22 November 2026, 14:05 UTC."""
    return f"{day(when)}, {when.astimezone(UTC):%H:%M} UTC"


@register.filter
def month(when: date | datetime) -> str:
    """November 2026."""
    return format_date(when, "LLLL yyyy", locale="en_GB")


@register.filter
def short_month(when: date | datetime) -> str:
    """Nov 2026."""
    return format_date(when, "MMM yyyy", locale="en_GB")


@register.filter
def days_up(days: Fraction | Decimal) -> str:
    """Days that are missing, with one decimal, rounded up: never less than what is short."""
    return worktime.shown(Fraction(ceil(days * 10), 10))


@register.filter
def less(amount: Money, other: Money) -> Money:
    """What is left of one amount after another."""
    return amount - other


@register.filter
def as_work(monthly: Money, project: Project) -> str:
    """What an amount a month pays for: "1.2 days a week"."""
    return worktime.said(worktime.days_funded(monthly, project.money(project.day_rate)))


# The desk's pages: name of the address, words, and the deed one must be allowed.
TABS = [
    ("desk", "Home", "see"),
    ("texts", "Texts", "edit"),
    ("logo", "Logo", "edit"),
    ("people", "People", "edit"),
    ("goals", "Goals", "edit"),
    ("tiers", "Tiers", "edit"),
    ("updates", "Updates", "edit"),
    ("grants", "Grants", "spend"),
    ("payments", "Payments", "spend"),
    ("team", "Team", "see"),
    ("log", "Log", "see"),
]


@register.inclusion_tag("projects/desk/_tabs.html")
def desk_tabs(maintainer: Maintainer, current: str) -> dict[str, object]:
    """The desk's pages that this role may open."""
    slug = maintainer.project.slug
    return {
        "tabs": [
            {
                "address": reverse(f"projects:{name}", args=[slug]),
                "label": label,
                "is_current": name == current,
            }
            for name, label, deed in TABS
            if access.may(maintainer, deed)
        ]
    }


@register.filter
def may(maintainer: Maintainer, deed: str) -> bool:
    """Whether this role allows the deed."""
    return access.may(maintainer, deed)


@register.filter
def is_id(text: str, pk: int) -> bool:
    """Whether an address named this row."""
    return text == str(pk)


register.filter("a_role", access.a)
