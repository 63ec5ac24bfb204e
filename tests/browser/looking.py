"""What is looked at on every page, and how a state of a page is told of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from inspect import signature
from pathlib import Path

AXE = Path(__file__).parents[1] / "vendor" / "axe-core" / "4.14.1" / "axe.min.js"
FINDINGS = """async only => (await axe.run({ resultTypes: ["violations"], ...only })).violations.map(
    rule => `${rule.id}: ${rule.nodes.map(node => node.target.join(" ")).join(", ")}`
)"""
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
TOO_WIDE = """() => {
    const page = document.documentElement;
    if (page.scrollWidth <= page.clientWidth) return [];
    return [...document.querySelectorAll("body *")]
        .filter(one => one.getBoundingClientRect().right > page.clientWidth + 1)
        .map(one => `scrolls sideways on a telephone: ${one.outerHTML.slice(0, 90)}`);
}"""
TELEPHONE = {"width": 320, "height": 640}
A_LONG_NAME = "Gesellschaft für Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbau"
MARKDOWN = """
A paragraph with `code`, a [link](https://example.org/) and a_word_that_is_far_too_long_for_a_telephone_of_any_kind.

# What was done

1. One
2. Two

> Said by somebody.

| Left | Right |
| ---- | ----- |
| 1    | 2     |

```
some = {"code": "that", "is": "wider", "than": "any", "telephone": "in", "the": "world"}
```
"""


@dataclass
class Moment:
    """A site, and the states of its pages that are looked at there one after the other."""

    make: Callable | None = None
    most: int = 12  # so that no test takes too long
    states: dict[str, Callable] = field(default_factory=dict)

    def __str__(self) -> str:
        first, *more = self.states
        return f"{first} and {len(more)} more" if more else first

    def begin(self, site) -> list:
        """What each state is given beside the site and the browser."""
        if self.make is None:
            return []
        return [self.make(site) if signature(self.make).parameters else self.make()]


MOMENTS: list[Moment] = []


def shown(show):
    """`show(site, come)` answers a browser's page with the page of its name on it. It has a site to
    itself, and may do there what it likes."""
    MOMENTS.append(Moment(most=1, states={named(show): show}))
    return show


def shown_beside_others(show):
    """The same for who only looks, and only at what they made for themselves: on a site on which
    others were before, and will be."""
    join(None, show)
    return show


def shown_in(make):
    """`show(site, come, made)` only looks: what `make()` or `make(site)` answers is made once for
    all that are shown in it."""

    def shown(show):
        join(make, show)
        return show

    return shown


def join(make, show):
    fitting = (one for one in MOMENTS if one.make is make and len(one.states) < one.most)
    moment = next(fitting, None)
    if moment is None:
        MOMENTS.append(moment := Moment(make))
    moment.states[named(show)] = show


def named(show):
    name = show.__name__.replace("_", " ")
    assert not any(name in moment.states for moment in MOMENTS), f"Shown twice: {name}"
    return name


def what_is_wrong(page):
    page.wait_for_load_state()  # whoever made it saw a part that proves it, and it has others
    page.evaluate(axe())
    found = [f"in the light: {finding}" for finding in page.evaluate(FINDINGS, {})]
    page.emulate_media(color_scheme="dark")
    found += [f"in the dark: {finding}" for finding in page.evaluate(FINDINGS, COLOURS)]
    page.set_viewport_size(TELEPHONE)
    found += page.evaluate(TOO_WIDE)
    return "\n".join(found)


@cache
def axe():
    return AXE.read_text()


def at(site, come, path, user=None):
    page = come(user)
    page.goto(site.at(path))
    return page
