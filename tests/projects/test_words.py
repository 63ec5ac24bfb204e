"""Filters for what projects show."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from django.template import Context, Template

INSTANT = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)


def shown(value, how):
    template = Template("{% load projects %}{{ value|" + how + " }}")
    return template.render(Context({"value": value}))


@pytest.mark.parametrize("when", [date(2026, 11, 22), INSTANT])
@pytest.mark.parametrize(
    ("how", "text"),
    [("day", "22 November 2026"), ("short_day", "22 Nov"), ("month", "November 2026")],
)
def test_a_day_is_written_as_people_write_it(when, how, text):
    assert shown(when, how) == text


def test_days_a_week_are_written_rounded_down():
    assert shown(Fraction(299, 100), "days") == "2.9"


def test_markdown_is_written_as_html():
    assert shown("*so*", "from_markdown") == "<p><em>so</em></p>\n"


def test_markdown_brings_no_element_of_its_own():
    assert "<script" not in shown("<script>alert(1)</script>", "from_markdown")
