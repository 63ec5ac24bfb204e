"""What templates ask about programmes. Templates stand above all layers, so a project's page asks
here for its programmes."""

from datetime import datetime

from django import template
from django.template import Context
from django.urls import reverse

from funding.office import clock
from funding.programmes import directory, founding, instants, inviting
from funding.programmes.desk_tabs import PROGRAMME, ROUND
from funding.programmes.models import Hosting, Programme, Round
from funding.projects.models import Maintainer, Project
from funding.projects.waiting import Need

register = template.Library()
register.filter("in_zone", instants.said)
register.filter("a_part", inviting.a)


@register.filter
def left(until: datetime) -> str:
    """28 days left; nothing once it is over."""
    return instants.left(until, clock.now())


@register.filter
def allows(deeds: list[str], deed: str) -> bool:
    """Whether the deeds that a person may do hold this one."""
    return deed in deeds


@register.simple_tag
def needs_of(needs: list[Need], deeds: list[str]) -> list[Need]:
    """What waits in a round for somebody who may do these deeds."""
    return [one for one in needs if one.deed in deeds]


@register.inclusion_tag("programmes/desk/_tabs.html")
def programme_tabs(
    deeds: list[str], current: str, programme: Programme, round_: Round | None
) -> dict[str, object]:
    """The pages of the desk that these roles may open: of a round in groups, or of the whole programme.
    A group of which nothing may be opened is left out."""
    lines = ROUND if round_ else {"": PROGRAMME}
    args = [programme.slug, round_.slug] if round_ else [programme.slug]
    found = {
        group: [
            {
                "address": reverse(f"programmes:{name}", args=args),
                "label": words,
                "is_current": name == current,
            }
            for name, words, deed in pages
            if deed in deeds
        ]
        for group, pages in lines.items()
    }
    return {"groups": {group: tabs for group, tabs in found.items() if tabs}}


@register.simple_tag(takes_context=True)
def programmes_of(context: Context, project: Project) -> list[directory.Card]:
    """The programmes that a project runs, in the same few queries however many. Notes on the
    request until when it is true: the next instant at which a phase begins or ends."""
    cards = directory.of_project(project, now=clock.now())
    request = context.get("request")
    ends = [card.fresh_until for card in cards if card.fresh_until]
    if request is not None and ends:
        known = getattr(request, "fresh_until", None)
        request.fresh_until = min([*ends, *([known] if known else [])])
    return cards


@register.simple_tag
def programmes_now() -> list[directory.Card]:
    """Those that look for sponsors or for people just now, the one that closes first at the top."""
    return directory.looking(now=clock.now(), most=3)


@register.simple_tag
def asked_of(maintainer: Maintainer) -> list[Hosting]:
    """Programmes that ask this project to run them too, for an owner of it."""
    if maintainer.role != Maintainer.Role.OWNER:
        return []
    return list(founding.asked_of(maintainer.user).filter(project=maintainer.project_id))


@register.simple_tag
def ways() -> list[tuple[str, str, str]]:
    """Where a person finds what they do in programmes: words, address, what is there."""
    return [(words, reverse(f"programmes:{name}"), said) for name, words, said in WAYS]


# From a person's account: the name of the address, words, and what is there.
WAYS = [
    ("mine", "Programmes that you run", "Those in which you have a part, and what waits for you."),
    ("my-reviews", "Your reviews", "Applications that were given to you to read and score."),
    ("my-places", "Your places", "Where you take part or mentor, and what is asked of you next."),
    (
        "my-applications",
        "Your applications",
        "What you write and have sent to be taken into a round.",
    ),
]
