"""Badges: a small picture for a sponsor's own site, and the text around it. It says which round it is,
and no name of a company, so that one address serves all."""

from unicodedata import east_asian_width
from urllib.parse import urljoin

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html

from funding.programmes.models import Round

MOST = 60  # characters; what is longer is cut
WORDS = "Sponsor of"


def svg(round_: Round) -> str:
    """The picture, as wide as its words are."""
    name = _short(f"{round_.name} · {round_.programme.name}")
    width = 28 + max(_wide(name) * 9, _wide(WORDS) * 7)
    return render_to_string(
        "sponsorships/badge.svg", {"words": WORDS, "name": name, "width": width}
    )


def address(round_: Round) -> str:
    args = [round_.programme.slug, round_.slug]
    return urljoin(settings.SITE_URL, reverse("sponsorships:badge", args=args))


def page(round_: Round) -> str:
    """Where the badge leads: the round's own page."""
    return urljoin(settings.SITE_URL, round_.get_absolute_url())


def says(round_: Round) -> str:
    return f"{WORDS} {round_.name} · {round_.programme.name}"


def as_html(round_: Round) -> str:
    return format_html(
        '<a href="{}"><img src="{}" alt="{}" height="44"></a>',
        page(round_), address(round_), says(round_),
    )  # fmt: skip


def as_markdown(round_: Round) -> str:
    text = says(round_)
    for mark in "\\[]*_`<>":
        text = text.replace(mark, f"\\{mark}")
    return f"[![{text}]({address(round_)})]({page(round_)})"


def _short(text: str) -> str:
    return text if len(text) <= MOST else text[: MOST - 1].rstrip() + "…"


def _wide(text: str) -> int:
    """In narrow letters; those of East Asia are two wide."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
