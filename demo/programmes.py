"""Which programmes the demo has, and when what happens in their rounds: one is in each phase when the
demo's year is over. Days are counted as in `cast`; those beyond 364 are still to come. Amounts are in
minor units."""

from dataclasses import dataclass
from typing import Literal

from demo import cast

Days = tuple[int, int]
Answered = Literal["accept", "decline", "wait"]


@dataclass(frozen=True, slots=True)
class Run:
    """A programme: which project begins it, which run it too, and who has a part in it."""

    key: str
    name: str
    kind: str
    project: str
    currency: str
    zone: str
    summary: str
    description: str
    own_kind: str = ""
    with_projects: tuple[str, ...] = ()
    people: tuple[tuple[str, str, str], ...] = ()  # e-mail, name, role


@dataclass(frozen=True, slots=True)
class Seat:
    """A company takes one on a day: by a card that pays, that its bank asks about whenever it is
    charged, or that is declined; with a purchase order, which is paid on a later day; or it keeps a
    seat and has no number yet. *waits*: it joins the waiting list."""

    day: int
    sponsor: str
    pays: Literal["card", "asks", "declined", "invoice", "kept", "waits", "offered"] = "card"
    later: int | None = None  # the transfer, or the payment that its bank agreed to
    is_anonymous: bool = False


@dataclass(frozen=True, slots=True)
class Once:
    """A round, from its first day to its last."""

    run: str
    title: str
    lead: str
    phases: dict[str, Days]
    places: int
    least: int
    stipend: int
    cost: int  # of a mentor, for each place
    seats: int = 0
    taken: tuple[Seat, ...] = ()
    mode: str = "all_or_nothing"
    remainder: str = "refund"
    po_days: int = 14
    accept_days: int = 7
    reviews_with: int = 3  # reviewers who score what they are given
    applicants: int = 0
    is_crowded: bool = False
    answers: tuple[Answered, ...] = ()  # of those who are chosen, in their order
    checkpoints: tuple[Days, ...] = ()
    extended: int | None = None  # the day on which the second place is
    ended: int | None = None  # the day on which the last place is
    owes: bool = False  # to all but one: their instalments are released and not paid
    draft: int | None = None  # the day on which it is begun; it is not opened


def _reviewers(key: str, *names: str) -> tuple[tuple[str, str, str], ...]:
    return tuple((f"{one.split()[0].lower()}@{key}.example", one, "reviewer") for one in names)


_MENTOR = (cast.MENTOR, "Irena Dvorak", "mentor")
_REVIEWER = (cast.REVIEWER, "Joon Park", "reviewer")
_ORGANISER = (cast.MAINTAINER, "Tess Carter", "organiser")

RUNS = [
    Run(
        "harbour", "Harbour Mentors", "mentorship", "harbour-rest", "GBP", "Europe/London",
        "Newcomers work for a season on a toolkit that thousands rely on, with a mentor beside them.",
        "Two people at a time, paid, on work that is really needed. Each has one mentor who answers "
        "within a day. **What they make is released**; who they were before does not matter.",
        with_projects=("lattice-http",),
        people=(
            _MENTOR, (cast.TREASURER, "Ada Winthrop", "treasurer"),
            (cast.EDITOR, "Milan Kovar", "mentor"),
            *_reviewers("harbour", "Dinah Wells", "Rafael Cunha", "Moira Tait"),
        ),
    ),
    Run(
        "lattice", "Lattice Fellowship", "fellowship", "lattice-http", "GBP", "Europe/Istanbul",
        "Half a year of paid work on the protocols below the web, for people at any stage.",
        "A fellow chooses an idea, works on it for five months and writes it up for everybody.",
        people=(
            _ORGANISER, _REVIEWER, ("selma@lattice.example", "Selma Aydin", "mentor"),
            *_reviewers("lattice", "Bao Tran", "Chiara Galli", "Dov Lerner", "Esi Boateng",
                        "Freya Holm"),
        ),
    ),
    Run(
        "docs", "Pagewright Docs Season", "docs_season", "pagewright", "USD", "America/New_York",
        "Technical writers and projects that nobody can read, brought together for a summer.",
        "Projects say what is missing; writers choose. Each is paid for half a year of part-time work.",
        people=(
            _ORGANISER, _MENTOR, ("lars@docs.example", "Lars Nyberg", "mentor"),
            *_reviewers("docs", "Gwen Pryce", "Hugo Marti", "Ines Roth"),
        ),
    ),
    Run(
        "sprint", "Cobble Map Sprint", "sprint", "cobble-maps", "EUR", "Europe/Amsterdam",
        "Three weeks in which strangers make maps that can be read aloud.",
        "Short, intense and paid: a work sample of an afternoon, then three weeks together.",
        people=(
            _ORGANISER, ("joost@sprint.example", "Joost Bakker", "mentor"),
            *_reviewers("sprint", "Karin Vos", "Leo Adler", "Mina Farah"),
        ),
    ),
    Run(
        "access", "Plumbline Apprentices", "own", "plumbline", "GBP", "Europe/Dublin",
        "People who use a screen reader learn to mend what keeps them out.",
        "An apprenticeship for people with a disability, by people with a disability.",
        own_kind="Apprenticeship",
        people=(
            _ORGANISER, ("nuala@access.example", "Nuala Keane", "mentor"),
            *_reviewers("access", "Oscar Byrne", "Petra Lang", "Quinn Daly"),
        ),
    ),
    Run(
        "merge", "Saltmarsh Merge School", "mentorship", "saltmarsh-sync", "USD", "Africa/Windhoek",
        "Learn to take two databases apart and put them together again, at work on a real one.",
        "Three people, one mentor, and a fuzzer that never sleeps.",
        people=(
            _ORGANISER, ("ruth@merge.example", "Ruth Shikongo", "mentor"),
            *_reviewers("merge", "Sami Haile", "Tova Lind", "Uri Katz"),
        ),
    ),
    Run(
        "type", "Kumihimo Type Fellows", "fellowship", "kumihimo-text", "JPY", "Asia/Tokyo",
        "Set Japanese text as printers did, and be paid for learning how.",
        "Two fellows work with old books, a printer and a library in C++.",
        people=(
            _ORGANISER, ("wataru@type.example", "Wataru Mori", "mentor"),
            *_reviewers("type", "Xia Chen", "Yumi Endo", "Zoe Okada"),
        ),
    ),
]  # fmt: skip

ROUNDS = [
    Once(
        "harbour", "Two newcomers, two mentors, fourteen weeks",
        "We look for two people who have never been paid for open source. They mend what users "
        "report, and one of us reads every line with them.",
        {"funding": (10, 40), "applications": (41, 70), "review": (71, 85), "selection": (85, 92),
         "acceptance": (92, 100), "running": (100, 200), "closing": (200, 220)},
        2, 2, 300000, 66000, 3,
        (Seat(12, "kestrel"), Seat(20, "northline"), Seat(31, "halyard")),
        applicants=12, answers=("accept", "accept"), checkpoints=((140, 150), (180, 195)),
    ),
    Once(
        "harbour", "Two newcomers, two mentors, one autumn",
        "The same again, with one thing that is new: each works on a part that has an owner from "
        "the first day on.",
        {"funding": (180, 220), "applications": (221, 250), "review": (251, 262),
         "selection": (262, 268), "acceptance": (268, 277), "running": (280, 400),
         "closing": (400, 420)},
        2, 2, 320000, 70000, 4,
        (Seat(183, "kestrel", "invoice", 228), Seat(190, "northline"), Seat(199, "quay"),
         Seat(206, "mosswell", is_anonymous=True)),
        applicants=14, answers=("accept", "accept"),
        checkpoints=((320, 330), (360, 374), (388, 398)), owes=True,
    ),
    Once(
        "harbour", "Two newcomers, two mentors, one spring",
        "Two seats are promised and one is kept. When the third is promised too, applications open "
        "and we begin.",
        {"funding": (340, 388), "applications": (392, 420), "review": (421, 435),
         "selection": (435, 442), "acceptance": (442, 451), "running": (455, 555),
         "closing": (555, 575)},
        2, 2, 320000, 70000, 3,
        (Seat(344, "kestrel"), Seat(352, "northline"), Seat(361, "orrery", "kept"),
         Seat(363, "fathom", "waits")),
        po_days=20,
    ),
    Once(
        "harbour", "Four newcomers, two mentors, one summer",
        "Twice as many people, if we find twice as many companies.",
        {"funding": (430, 470), "applications": (475, 510), "review": (511, 525),
         "selection": (525, 532), "acceptance": (532, 541), "running": (545, 645)},
        4, 2, 320000, 70000, draft=358,
    ),
    Once(
        "lattice", "Two fellows on the odd servers of this world",
        "Two people, five months, and a list of two hundred servers that do not speak as they "
        "should.",
        {"funding": (60, 92), "applications": (95, 120), "review": (121, 135),
         "selection": (135, 142), "acceptance": (142, 150), "running": (155, 300)},
        2, 2, 600000, 90000, 4,
        (Seat(66, "fathom"), Seat(80, "quay", "kept")),
    ),
    Once(
        "lattice", "Four fellows, five months, HTTP/3 without a flag",
        "We look for four people who like to read what others send over a wire. Nobody has to know "
        "the protocols yet; everybody will.",
        {"funding": (230, 265), "applications": (266, 345), "review": (346, 381),
         "selection": (381, 388), "acceptance": (388, 396), "running": (400, 550),
         "closing": (550, 570)},
        4, 3, 600000, 90000, 5,
        (Seat(232, "kestrel", "invoice", 268), Seat(236, "tern", "asks", 249),
         Seat(240, "larkspur", "declined"), Seat(243, "gorse"), Seat(247, "polder"),
         Seat(249, "mosswell", "waits"), Seat(252, "mosswell", "offered")),
        is_crowded=True, reviews_with=6,
    ),
    Once(
        "docs", "Three writers, three projects, one half-year",
        "Three projects said what nobody could find in their documentation, and three writers mend "
        "it.",
        {"funding": (30, 62), "ideas": (63, 80), "applications": (82, 105), "review": (106, 120),
         "selection": (120, 125), "acceptance": (125, 133), "running": (135, 345),
         "closing": (345, 377)},
        3, 2, 450000, 50000, 3,
        (Seat(34, "pinewood"), Seat(40, "terrapin"), Seat(57, "tenon")),
        applicants=11, answers=("accept", "accept", "accept"),
        checkpoints=((190, 205), (260, 275), (320, 338)), extended=150, ended=240,
    ),
    Once(
        "docs", "Three writers for projects that are hard to read",
        "Mentors say now what is missing and where. Writers choose from that when applications "
        "open.",
        {"funding": (300, 338), "ideas": (340, 379), "applications": (380, 405),
         "review": (406, 420), "selection": (420, 425), "acceptance": (425, 433),
         "running": (440, 620), "closing": (620, 640)},
        3, 2, 450000, 50000, 3,
        (Seat(305, "pinewood"), Seat(311, "terrapin"), Seat(320, "cobalt")),
    ),
    Once(
        "sprint", "Three weeks for maps that can be heard",
        "A small group, three weeks, one question: what does a street sound like.",
        {"funding": (280, 318), "applications": (320, 354), "work_sample": (354, 374),
         "review": (374, 382), "selection": (382, 385), "acceptance": (385, 391),
         "running": (395, 416), "closing": (416, 426)},
        3, 1, 180000, 30000, 6,
        (Seat(284, "jizera"), Seat(291, "polder"), Seat(299, "brightwater"), Seat(307, "orrery")),
        mode="per_place", remainder="next_round", applicants=13,
    ),
    Once(
        "sprint", "Three weeks for maps that can be felt",
        "Raised lines, printed in an afternoon: three people find out what a hand needs to know.",
        {"funding": (350, 394), "applications": (396, 420), "work_sample": (420, 432),
         "review": (432, 440), "selection": (440, 443), "acceptance": (443, 449),
         "running": (455, 476), "closing": (476, 486)},
        3, 1, 180000, 30000, 6, (Seat(353, "jizera"), Seat(359, "polder")),
        mode="per_place", remainder="next_round",
    ),
    Once(
        "access", "Two apprentices, one year of learning in twelve weeks",
        "For people who use a screen reader, a switch or a keyboard alone. You bring what you know; "
        "we teach the rest.",
        {"funding": (295, 333), "applications": (336, 382), "review": (383, 395),
         "selection": (395, 402), "acceptance": (402, 410), "running": (415, 500),
         "closing": (500, 515)},
        2, 1, 360000, 60000, 2, (Seat(300, "bramble"), Seat(309, "redfern")),
        applicants=16,
    ),
    Once(
        "merge", "Three people and a fuzzer",
        "Three people, one mentor, and every bug that we find together gets a name.",
        {"funding": (245, 282), "applications": (284, 315), "review": (316, 338),
         "selection": (338, 357), "acceptance": (357, 373), "running": (376, 470),
         "closing": (470, 485)},
        3, 2, 500000, 80000, 3,
        (Seat(250, "pinewood", is_anonymous=True), Seat(258, "halyard"), Seat(266, "terrapin")),
        accept_days=14, applicants=13, answers=("accept", "decline", "wait"),
    ),
    Once(
        "type", "Two fellows, one printer, one library",
        "For people who can read Japanese and want to know why a line breaks where it does.",
        {"funding": (250, 285), "applications": (287, 320), "review": (321, 354),
         "selection": (354, 374), "acceptance": (374, 382), "running": (386, 486),
         "closing": (486, 500)},
        2, 1, 600000, 90000, 2, (Seat(255, "hinoki"), Seat(263, "sumire")), applicants=12,
    ),
]  # fmt: skip
