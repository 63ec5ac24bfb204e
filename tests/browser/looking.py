"""What is looked at on every page, and how a state of a page is told of."""

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

SHOWN = {}


def shown(show):
    """`show(site, come)` answers a browser's page with the page of its name on it."""
    SHOWN[show.__name__.replace("_", " ")] = show
    return show


def what_is_wrong(page):
    page.evaluate(AXE.read_text())
    found = [f"in the light: {finding}" for finding in page.evaluate(FINDINGS, {})]
    page.emulate_media(color_scheme="dark")
    found += [f"in the dark: {finding}" for finding in page.evaluate(FINDINGS, COLOURS)]
    page.set_viewport_size(TELEPHONE)
    found += page.evaluate(TOO_WIDE)
    return "\n".join(found)


def at(site, come, path, user=None):
    page = come(user)
    page.goto(site.at(path))
    return page
