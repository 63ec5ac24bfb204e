"""What is funded in the demo: invented projects, with their people, ladders, tiers and suppliers.
Amounts are in minor units of the project's currency, as the site keeps them."""

from dataclasses import dataclass
from typing import Literal

from demo import cast


@dataclass(frozen=True, slots=True)
class Rung:
    """A goal of the ladder: days a week it adds, and what for."""

    days: str
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Promise:
    """Something that comes with a tier, of a kind that the site knows, and in words."""

    kind: str
    text: str
    hours: int | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A tier: its price a month, what it promises, for whom; a year costs ten months."""

    name: str
    monthly: int
    benefits: tuple[Promise, ...] = ()
    seats: int | None = None
    audience: Literal["anyone", "individuals", "organisations"] = "anyone"
    closes: int | None = None  # day of the history


@dataclass(frozen=True, slots=True)
class Gift:
    """A grant: who gave it, how much, when it came, and the days it pays for."""

    funder: str
    amount: int
    came: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Funded:
    """A project as it stands on the site. `people` are (name, what they do, days a week) and
    `suppliers` (name, what it costs a month)."""

    slug: str
    name: str
    currency: str
    day_rate: int
    language: str
    licence: str
    summary: str
    description: str = ""
    people: tuple[tuple[str, str, str], ...] = ()
    rungs: tuple[Rung, ...] = ()
    offers: tuple[Offer, ...] = ()
    gifts: tuple[Gift, ...] = ()
    suppliers: tuple[tuple[str, int], ...] = ()
    archived: int | None = None  # day of the history
    is_draft: bool = False
    has_logo: bool = True
    team: tuple[tuple[str, str, str], ...] = ()  # who runs it too: e-mail, name, role


_LOGO = Promise("logo", "Your logo on the project’s page")
_DOCS = Promise("docs", "Named in the documentation’s sidebar")
_ANSWER = Promise("support", "Priority support: an answer within the next working day")
_HOME = Promise("own", "Your logo on the project’s home page")
_HOURS = Promise("hours", "4 hours of the maintainers’ time each month", 4)
_CALL = Promise("call", "A call with the maintainers each quarter")
_RELEASES = Promise("releases", "Named in the notes of every release")


def _three(basic: int, professional: int, premium: int) -> tuple[Offer, Offer, Offer]:
    return (
        Offer("Basic", basic),
        Offer("Professional", professional, (_LOGO, _DOCS, _ANSWER)),
        Offer("Premium", premium, (_LOGO, _DOCS, _ANSWER, _HOME)),
    )


HARBOUR = Funded(
    "harbour-rest", "Harbour REST", "GBP", 32000, "Python", "BSD-3-Clause",
    "A toolkit for web APIs in Python that you can still read after five years.",
    "Harbour REST turns models into web APIs: serialisers, permissions, throttling, and pages "
    "on which a person can try the API by hand.\n\n"
    "It is old, widely used and unexciting, and we want it to stay so. What it needs is somebody "
    "who answers reports, reviews every pull request, and keeps up with each new release of the "
    "framework below it. **Sponsors pay for that work and for nothing else**; there is no paid "
    "edition and there will not be one.",
    (
        ("Tess Carter", "Releases, security reports, triage", "3.0"),
        ("Milan Kovar", "Documentation, reviews, async views", "2.5"),
    ),
    (
        Rung("3", "Maintenance", "Every report answered within a week, a patch release a month."),
        Rung("2", "Documentation and reviews", "No pull request waits for longer than a month."),
        Rung("2.5", "Async views", "Views and permissions that run natively under asyncio."),
    ),
    (
        Offer("Individual", 1500, audience="individuals"),
        Offer("Basic", 15000),
        Offer("Professional", 45000, (_LOGO, _DOCS, _ANSWER)),
        Offer("Premium", 140000, (_LOGO, _DOCS, _ANSWER, _HOME, _HOURS, _CALL, _RELEASES), seats=4,
              audience="organisations"),
    ),
    suppliers=(("Build servers", 9600), ("Documentation hosting", 2400)),
    team=(
        (cast.EDITOR, "Milan Kovar", "editor"),
        (cast.TREASURER, "Ada Winthrop", "treasurer"),
    ),
)  # fmt: skip

LATTICE = Funded(
    "lattice-http", "Lattice HTTP", "GBP", 34000, "Python", "BSD-3-Clause",
    "An HTTP client with one interface for blocking and asynchronous code.",
    "Lattice speaks HTTP/1.1, HTTP/2 and, behind a flag, HTTP/3. Timeouts are on unless you turn "
    "them off, connections are pooled, and every part can be replaced in tests by a function.\n\n"
    "Most of the work goes where nobody looks: proxies, redirects, odd servers. A sponsored day "
    "is a day on which such a report gets a test and a fix.",
    (("Okan Yildiz", "Protocols and transports", "2.0"),),
    (
        Rung("2", "Correctness", "Two days a week on reports, proxies and odd servers."),
        Rung("1.5", "HTTP/3 without a flag", "The transport finished, measured and documented."),
    ),
    _three(10000, 35000, 90000),
    suppliers=(("Build servers", 4200),),
)  # fmt: skip

TIDEWATER = Funded(
    "tidewater", "Tidewater", "EUR", 38000, "Python", "MIT",
    "A queue for background work that lives in the database you already have.",
    "Tidewater keeps jobs in PostgreSQL beside the rows they are about, so that a job is "
    "written in the same transaction as its reason. There is no second server to run.\n\n"
    "A grant pays a part of this year; sponsors pay what has to go on after it.",
    (
        ("Sofia Marchetti", "Scheduler, releases", "2.0"),
        ("Jan Oude Kamp", "Upgrades between versions", "1.0"),
    ),
    (
        Rung("2", "Keep it running", "Support for each PostgreSQL in the month it appears."),
        Rung("1", "Upgrades without a stop", "Workers of two versions side by side."),
        Rung("1", "A dashboard", "See what waits, what failed, and why, without SQL."),
    ),
    _three(12000, 40000, 100000),
    gifts=(Gift("Northern Fund for Shared Code", 2400000, 196, 200, 560),),
    suppliers=(("Test databases", 6500),),
)  # fmt: skip

PAGEWRIGHT = Funded(
    "pagewright", "Pagewright", "USD", 42000, "TypeScript", "Apache-2.0",
    "Documentation sites from Markdown, with a search that works offline.",
    "Pagewright builds a site from a folder of Markdown. The pages work without JavaScript, are "
    "checked for broken links, and carry their own search index.",
    (("Noor Haddad", "Everything so far", "1.5"),),
    (
        Rung("1", "Keep it working", "Releases, reports, and themes that do not break."),
        Rung("1.5", "Translations", "One site in several languages, with what is missing shown."),
    ),
    (
        Offer("Basic", 10000),
        Offer("Professional", 35000, (_LOGO, _DOCS, _ANSWER)),
        Offer("Premium", 100000, (_LOGO, _DOCS, _ANSWER, _HOME), seats=2),
    ),
    suppliers=(("Hosting", 3800),),
)  # fmt: skip

COBBLE = Funded(
    "cobble-maps", "Cobble Maps", "EUR", 36000, "Rust", "EUPL-1.2",
    "Vector map tiles from open data, on a server small enough to sit under a desk.",
    "Cobble turns an extract of open map data into tiles and serves them. Municipalities use it "
    "for maps that must not depend on anybody abroad.",
    (("Eline Dijkgraaf", "Tiles and styles", "1.0"),),
    (
        Rung("1", "Fresh tiles", "Each week's data, built and checked, for everybody."),
        Rung("1", "Maps that read aloud", "A map that a screen reader can walk through."),
    ),
    (
        Offer("Basic", 8000),
        Offer("Founding", 15000, (_DOCS,), closes=60),
        Offer("Professional", 30000, (_LOGO, _DOCS, _ANSWER)),
    ),
    gifts=(Gift("Province of Westerland", 900000, 30, 40, 190),),
    suppliers=(("Tile server", 7900),),
)  # fmt: skip

MARGINALIA = Funded(
    "marginalia", "Marginalia", "EUR", 22000, "C", "GPL-3.0-or-later",
    "A reader for e-ink devices that keeps your notes in plain text.",
    "Marginalia is written by one person for people who read. It has no companies behind it and "
    "asks for none: all its tiers are for individuals.",
    (("Aurelie Simonet", "Writes and releases it", "0.5"),),
    (
        Rung("0.5", "A release each season", "Four quiet releases a year, tested on old devices."),
        Rung("0.5", "Right to left", "Arabic and Hebrew set as they should be."),
    ),
    (
        Offer("Reader", 800, audience="individuals"),
        Offer("Patron", 4000, (Promise("own", "Your name in the About page"),), audience="individuals"),
    ),
)  # fmt: skip

KUMIHIMO = Funded(
    "kumihimo-text", "Kumihimo Text", "JPY", 42000, "C++", "MPL-2.0",
    "Line breaking and vertical setting for Japanese text, as a small library.",
    "Kumihimo sets Japanese text as printers did: ruby, vertical numbers, punctuation that hangs. "
    "Browsers and e-readers can use it without taking over their own layout.",
    (("Rin Asakura", "Layout, tests against printed books", "1.0"),),
    (
        Rung("1", "Maintenance", "Releases, reports, and the yearly Unicode update."),
        Rung("1", "Warichu", "Notes set in two small lines within the line."),
    ),
    _three(12000, 45000, 130000),
    suppliers=(("Test devices", 6000),),
)  # fmt: skip

SALTMARSH = Funded(
    "saltmarsh-sync", "Saltmarsh Sync", "USD", 45000, "Go", "Apache-2.0",
    "Two SQLite files that were apart, made one again without losing a row.",
    "Saltmarsh merges databases that were edited offline, and shows what it could not decide. "
    "Field crews, ships and clinics use it where there is no network for days.",
    (("Peter Nakamba", "Merging, file formats", "1.0"),),
    (
        Rung("1.5", "Trust", "A fuzzer that runs all day and a fix for what it finds."),
        Rung("1.5", "Phones", "The same library, tested on both kinds of phone."),
        Rung("1", "Questions", "A page on which people settle what the machine could not."),
    ),
    _three(15000, 50000, 140000),
)  # fmt: skip

PLUMBLINE = Funded(
    "plumbline", "Plumbline", "GBP", 28000, "Python", "MIT",
    "Finds what keeps people out of a web page, before it is published.",
    "Plumbline reads templates, not pages, so it tells where a mistake was made and how to mend "
    "it. It is used in public services, where barriers are against the law.",
    (("Orla McBride", "Rules and wording", "1.0"),),
    (
        Rung("0.5", "Rules kept true", "Each rule tested with people who use a screen reader."),
        Rung("0.5", "More template languages", "The same rules for four template languages."),
    ),
    _three(8000, 25000, 60000),
    suppliers=(("Test sessions", 12000),),
)  # fmt: skip

HEDGEROW = Funded(
    "hedgerow", "Hedgerow", "USD", 38000, "Ruby", "MIT",
    "Kept dependencies up to date, one small pull request at a time.",
    "Hedgerow has come to its end: forges do this themselves now. The code stays where it is, "
    "and the last update says what became of the money.",
    (("Wyatt Olsen", "Closing it down in order", "0.5"),),
    (Rung("0.5", "Maintenance", "Half a day a week to keep it working."),),
    (Offer("Basic", 12000, closes=182),),
    archived=238,
)  # fmt: skip

BELLFOUNDER = Funded(
    "bellfounder", "Bellfounder", "USD", 40000, "Elixir", "Apache-2.0",
    "Alarms that ring once, for the person who can do something about it.",
    has_logo=False,
)  # fmt: skip

FIELDNOTES = Funded(
    "fieldnotes", "Fieldnotes", "EUR", 30000, "Kotlin", "GPL-3.0-or-later",
    "Forms for people who count birds, plants and fish where there is no network.",
    "This page is being written.",
    rungs=(Rung("1", "A first release", "Forms, photographs and places, kept on the device."),),
    offers=(Offer("Basic", 9000),),
    is_draft=True,
)  # fmt: skip

PROJECTS = [
    HARBOUR, LATTICE, TIDEWATER, PAGEWRIGHT, COBBLE, MARGINALIA, KUMIHIMO, SALTMARSH, PLUMBLINE,
    HEDGEROW, BELLFOUNDER, FIELDNOTES,
]  # fmt: skip
