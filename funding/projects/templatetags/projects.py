"""Filters for what projects show."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from math import ceil

from babel.dates import format_date
from django import template
from django.utils.safestring import SafeString, mark_safe

from funding.ledger.money import Money
from funding.office import markdown
from funding.projects import worktime
from funding.projects.models import Project

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
