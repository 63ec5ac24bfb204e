"""What maintainers write becomes HTML that can harm nobody: CommonMark with tables, then a list of
the few elements that may stay. Images are left out, since they would tell strangers who reads."""

from urllib.parse import urljoin

import nh3
from markdown_it import MarkdownIt

_parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_without_tables = MarkdownIt("commonmark", {"html": False}).enable("strikethrough")
MOST_CELLS = 10_000

_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p",
    "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip


def render(text: str, *, base: str = "") -> str:
    """HTML of `text`. Its highest headings are of the third level, below those of the page. With
    the address `base` that it belongs to, its links hold wherever they are read."""
    parser = _parser if _cells(text) <= MOST_CELLS else _without_tables
    tokens = parser.parse(text)
    headings = [token for token in tokens if token.type in {"heading_open", "heading_close"}]
    highest = min((int(token.tag[1]) for token in headings), default=1)
    for token in headings:
        token.tag = f"h{min(int(token.tag[1]) - highest + 3, 6)}"
    return nh3.clean(
        parser.renderer.render(tokens, parser.options, {}),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        attribute_filter=lambda tag, name, value: _absolute(base, name, value),
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )


def _cells(text: str) -> int:
    """As many as a text could have in its tables: every line after a heading of a thousand cells is
    a row of a thousand, so a few kilobytes could become a page that takes seconds."""
    lines = text.replace("\r", "\n").split("\n")
    pipes = max(line.count("|") for line in lines)
    return (pipes + 1) * len(lines) if pipes else 0


def _absolute(base: str, name: str, value: str) -> str:
    if not base or name != "href":
        return value
    try:
        return urljoin(base, value)
    except ValueError:  # no address at all, like http://[
        return value
