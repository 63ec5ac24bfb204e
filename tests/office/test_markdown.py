"""Markdown: what maintainers write becomes HTML that can harm nobody."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from funding.office import markdown

ELEMENTS = {
    "a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p",
    "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {("a", "href"), ("a", "rel"), ("a", "title"), ("ol", "start")}
SCHEMES = {"http", "https", "mailto"}

SCRIPT_URLS = [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)",
    "java&#10;script:alert(1)", "javascript&colon;alert(1)", "javascript&#58;alert(1)",
    "javascript&#x3a;alert(1)", "&#106;avascript:alert(1)", "&#x6A;avascript:alert(1)",
    "&#0000106avascript:alert(1)", "\x01javascript:alert(1)", "java\0script:alert(1)",
    "%6Aavascript:alert(1)", "javascript%3Aalert(1)", "javascript://%0aalert(1)",
    "javascript:%61lert(1)", "jav\u00adascript:alert(1)", "vbscript:msgbox(1)",
    "VBSCRIPT:msgbox(1)", "livescript:x", "mocha:x", "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD4=", "DATA:text/html,x", "data:image/svg+xml,<svg/onload=x>",
    "data:image/png;base64,AAAA", "file:///etc/passwd", "ftp://example.org", "blob:x", "about:blank",
    "view-source:http://x", "feed:javascript:alert(1)", "jar:x", "ws://x", "tel:123", "sms:1",
    "chrome://x", "filesystem:x", "intent://x", "magnet:x", "ms-word:ofe|u|http://x", "x-y:z",
    "&Tab;javascript:alert(1)", "&NewLine;javascript:alert(1)", "java&NewLine;script:alert(1)",
]  # fmt: skip

FORMS = ["[x]({})", "[x](<{}>)", "[x][1]\n\n[1]: {}", "<{}>"]

RAW = [
    "<script>alert(1)</script>", "<SCRIPT SRC=//x></SCRIPT>", "<scr<script>ipt>alert(1)</script>",
    "<script\n>alert(1)</script>", "<script/x>alert(1)</script>", "<<script>alert(1)//<</script>",
    "<img src=x onerror=alert(1)>", '<img src="javascript:alert(1)">', "<img/src/onerror=alert(1)>",
    "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>", "<svg/onload=alert(1)//",
    "<svg><a xlink:href=javascript:alert(1)>x</a></svg>", "<math><mtext></p><img onerror=x></math>",
    "<body onload=alert(1)>", "<iframe src=javascript:alert(1)>", "<iframe srcdoc='<script>'>",
    "<object data=javascript:alert(1)>", "<embed src=javascript:alert(1)>", "<applet code=x>",
    "<link rel=stylesheet href=//x>", "<style>*{background:url(//x)}</style>", "<base href=//x>",
    "<meta http-equiv=refresh content=0;url=//x>", "<form action=//x><input></form>",
    "<input autofocus onfocus=alert(1)>", "<select onfocus=x autofocus>", "<textarea onfocus=x>",
    "<button formaction=javascript:alert(1)>x</button>", "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>", "<audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>", "<isindex type=image onerror=x>", "<keygen onfocus=x>",
    "<a href=javascript:alert(1)>x</a>", "<a href='x' onclick=alert(1)>x</a>", "<p onclick=x>x</p>",
    "<a href=x style=color:red>x</a>", "<div style=background:url(javascript:x)>x</div>",
    "<p id=x class=y>z</p>", "<template><script>x</script></template>", "<noscript><p title='</noscript><img src=x onerror=x>'>",
    "<!--<img src=x onerror=x>-->", "<!--><script>alert(1)</script>-->", "<![CDATA[<script>x</script>]]>",
    "<?php echo 1 ?>", "<?xml-stylesheet href=javascript:x?>", "<!DOCTYPE html><script>x</script>",
    "<x onclick=alert(1)>y</x>", "<custom-element onclick=x>y", "</p><script>alert(1)</script><p>",
    "`<script>alert(1)</script>`", "```\n<script>alert(1)</script>\n```", "    <script>x</script>",
    "```html\"onclick=x\n<b>\n```", "``` <script>\nx\n```", "# <script>alert(1)</script>",
    "> <script>alert(1)</script>", "- <img src=x onerror=x>", "| <script>x</script> |\n|---|\n| <img onerror=x> |",
    "**<script>x</script>**", "~~<svg onload=x>~~", "[<script>x</script>](http://x)",
    '[x](http://x "onclick=alert(1)")', "[x](http://x '\"onclick=\"alert(1)')", '[x](http://x"onclick="alert(1))',
    '[x](<http://x" onclick="alert(1)>)', "[x](http://x'onclick='alert(1))", '<http://x"onclick=x>',
    "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;script&#62;alert(1)", "\\<script>alert(1)</script>",
    "<scr\0ipt>alert(1)</scr\0ipt>", "\ufeff<script>x</script>", "<ſcript>x</ſcript>", "＜script＞x",
    "<a\x0chref=javascript:x>y</a>", "<textarea></textarea><script>x</script>", "<xmp><script>x</script></xmp>",
    "<plaintext><script>x", "<listing><img onerror=x></listing>", "<frameset onload=x>", "<title><script>x</title>",
]  # fmt: skip

IMAGES = [
    "![x](http://example.org/y.png)", "![x](/y.png)", "![x](data:image/png;base64,AAAA)",
    "![x](javascript:alert(1))", "![x][1]\n\n[1]: http://example.org/y.png", "[![x](http://a/b.png)](http://c)",
    '![x" onerror="alert(1)](http://a/b.png)', '![x](http://a/b.png "onerror=x")', "![](//x/y.gif)",
]  # fmt: skip

TRICKS = [form.format(url) for url in SCRIPT_URLS for form in FORMS] + RAW + IMAGES


class Reader(HTMLParser):
    """Every element with its attributes, as a browser would find them."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, attributes))


def scheme(href):
    """As a browser reads it: without the white space and control characters that it skips."""
    seen = re.sub(r"^[\x00-\x20]+|[\t\n\r]", "", href)
    found = re.match(r"([a-z][a-z0-9+.-]*):", seen, re.IGNORECASE)
    return found and found[1].lower()


def harm(html):
    """What of it a browser should not get: elements, attributes and addresses."""
    for tag, attributes in Reader(html).found:
        if tag not in ELEMENTS:
            yield tag
        for name, value in attributes:
            known = (tag, name) in ATTRIBUTES
            if not known or (name == "href" and scheme(value) not in SCHEMES | {None}):
                yield tag, name, value


@pytest.mark.parametrize("trick", TRICKS)
def test_no_trick_gets_through(trick):
    assert list(harm(markdown.render(trick))) == []


def test_there_are_two_hundred_tricks():
    assert len(set(TRICKS)) >= 200


@given(
    some.text()
    | some.lists(some.sampled_from([*RAW, *SCRIPT_URLS, *"<>[]()!`\"'\n"])).map("".join)
)
@settings(max_examples=300, deadline=None)
def test_no_text_at_all_gets_through(text):
    assert list(harm(markdown.render(text))) == []


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One *word* and **another**.", "<p>One <em>word</em> and <strong>another</strong>.</p>"),
        ("a\n\nb", "<p>a</p>\n<p>b</p>"),
        ("a  \nb", "<p>a<br>\nb</p>"),
        ("`code`", "<p><code>code</code></p>"),
        ("```\n1 < 2\n```", "<pre><code>1 &lt; 2\n</code></pre>"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. c", '<ol start="3">\n<li>c</li>\n</ol>'),
        ("~~gone~~", "<p><s>gone</s></p>"),
        ("---", "<hr>"),
        ("AT&T <3", "<p>AT&amp;T &lt;3</p>"),
    ],
)
def test_ordinary_markdown_stays(text, html):
    assert markdown.render(text).strip() == html


def test_tables_stay():
    html = markdown.render("| a | b |\n|---|---|\n| 1 | 2 |")

    assert [tag for tag, _ in Reader(html).found] == [
        "table", "thead", "tr", "th", "th", "tbody", "tr", "td", "td"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "url",
    ["http://example.org/a?b=c#d", "https://example.org", "mailto:a@example.org", "/projects/x/"],
)
def test_ordinary_links_stay_and_vouch_for_nobody(url):
    (_, (tag, attributes)) = Reader(markdown.render(f"[x]({url})")).found

    assert (tag, dict(attributes)) == ("a", {"href": url, "rel": "nofollow ugc noopener"})


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("# a", ["h3"]),
        ("a\n===", ["h3"]),
        ("# a\n\n## b\n\n### c", ["h3", "h4", "h5"]),
        ("# a\n\n###### b", ["h3", "h6"]),
    ],
)
def test_headings_stand_below_those_of_the_page(text, tags):
    assert [tag for tag, _ in Reader(markdown.render(text)).found] == tags


@pytest.mark.parametrize("image", IMAGES)
def test_images_are_left_out(image):
    assert "img" not in [tag for tag, _ in Reader(markdown.render(image)).found]


def test_nothing_becomes_nothing():
    assert markdown.render("") == ""


def table(columns, rows):
    return "a|" * columns + "\n" + "-|" * columns + "\n" + "x\n" * rows


@pytest.mark.parametrize("columns", [1, 3, 10, 100, 660, 4000, 8000])
@pytest.mark.parametrize("gap", ["a", "a\u2028"])
def test_no_text_becomes_more_cells_than_can_be_drawn_in_no_time(columns, gap):
    text = table(columns, 25_000).replace("a", gap)[:50_000]

    assert markdown.render(text).count("<td") <= markdown.MOST_CELLS


def test_a_table_of_two_hundred_rows_is_one():
    assert markdown.render(table(8, 200)).count("<tr>") == 201


def test_a_text_with_too_many_cells_is_shown_without_tables():
    html = markdown.render(table(100, 200))

    assert "<table" not in html
    assert "a|a|a" in html
