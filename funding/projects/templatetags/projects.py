"""Filters for what projects show."""

from datetime import date, datetime

from babel.dates import format_date
from django import template
from django.utils.safestring import SafeString, mark_safe

from funding.office import markdown
from funding.projects import worktime

register = template.Library()
register.filter("days", worktime.shown)


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
