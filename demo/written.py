"""What people write in the demo's programmes: rounds, questions, applications, reviews, posts. Texts of
applications are put together from parts by a number, so that the same number writes the same."""

from dataclasses import dataclass
from pathlib import Path
from random import Random

LOOKS_FOR = """People who finish small things. You can show something that you made, be it code, a
translation, a bug report or a talk.

- No degree and no job in software are needed.
- You have about 25 hours a week while the round runs.
- You may be anywhere where we can pay you."""
AGREEMENT = """# What we agree

1. You work on what was planned with your mentor, about 25 hours a week.
2. Your mentor answers within a working day and meets you once a week.
3. At each checkpoint both of you say how it goes. Then that part of the stipend is paid.
4. What you make is released under the project’s licence, with your name if you want that.
5. Either side may end this early. What was earned until then is paid."""
POLICY = """You get your name on the round’s page, the posts that are released to you, and the final
report. You do not choose who takes part or what they work on, and you do not get their names before
everybody does."""
IDEAS = {
    "lattice": [
        (
            "HTTP/3 without a flag",
            "The transport is there and nobody dares to turn it on.\n\n**You "
            "will measure it**, and mend what is slow.",
        ),
        (
            "Servers that lie about length",
            "Two hundred servers announce one length and send another.",
        ),
        ("Redirects, read aloud", "Say in words what happened on the way, for people who debug."),
        (
            "A proxy for the classroom",
            "Small, honest, and with a page that shows what went through.",
        ),
    ],
    "docs": [
        (
            "A search that finds what people type",
            "Readers type the error message; we index the "
            "headings.\n\n**You will read a month of searches**, and write what was missing.",
        ),
        (
            "The first hour, written by a beginner",
            "Install, first page, first mistake: in that order.",
        ),
        (
            "One page for everybody who moves over",
            "From six other tools, with what each calls things.",
        ),
        ("Messages that say what to do", "Forty errors, each with a page of its own that helps."),
    ],
}  # by programme: organisers put up the first three, a mentor proposes the last
CHECKPOINTS = ("A first release", "Half-way", "What is left behind")
CRITERIA = [
    ("Are you 18 or older?", "We can only sign an agreement with adults. Come back when you are."),
    ("Have you never taken part in this programme?", "Everybody takes part once, so that others can."),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of an organiser's own."""

    text: str
    kind: str = "short"
    choices: tuple[str, ...] = ()
    is_required: bool = True
    is_sensitive: bool = False
    stage: str = "application"


LEVELS = ("Less than a year", "One to three years", "Longer")
SYSTEMS = ("Linux", "macOS", "Windows", "Something else")
HEARD = ("From a friend", "On the project’s page", "From a teacher", "From an earlier participant")
MEET = ("Mornings, UTC", "Afternoons, UTC", "Evenings, UTC")
FEW_QUESTIONS = [
    Asked("Why this project, and not another one?", "long"),
    Asked("For how long have you written software?", "choice", LEVELS),
    Asked("From which day on could you begin?", "date"),
    Asked("Is there anything about your situation that we should know?", "long", (), False, True),
]
QUESTIONS = [
    *FEW_QUESTIONS,
    Asked("Describe a mistake that you found in somebody else’s software.", "long"),
    Asked("What do you do when nobody answers your question?", "long"),
    Asked("Which part of your plan is most likely to go wrong?", "long"),
    Asked("What will exist in the end that does not exist now?", "long"),
    Asked("Who will use it?", "short"),
    Asked("Which of these do you work on?", "several", SYSTEMS),
    Asked("How did you hear of us?", "choice", HEARD, False),
    Asked("When could you meet your mentor?", "several", MEET),
    Asked("How many pull requests of yours were merged somewhere?", "number", (), False),
    Asked("Which language do you think in when you program?", "short"),
    Asked("Name one thing in our documentation that is wrong.", "short", (), False),
    Asked("How many weeks of your plan are for tests?", "number"),
    Asked("What did you read last that changed how you work?", "short", (), False),
    Asked("What will you do when the five months are over?", "short"),
    Asked("In which country will you work?", "short", (), True, True),
    Asked("What would make you say no to an offer?", "short", (), False),
]  # 20
SAMPLE = [
    Asked("Your work sample: what did you do in that afternoon?", "long", stage="work_sample"),
    Asked("Where can it be seen?", "short", stage="work_sample"),
]  # fmt: skip

_NAMES = (Path(__file__).parent / "names.txt").read_text(encoding="utf-8")
_GIVEN, _FAMILY = (part.split() for part in _NAMES.split("\n\n"))
_WHO = [
    "I repair bicycles for a living and programs in the evening.",
    "I teach mathematics at a school and look after its servers.",
    "I am in my last year of studies and want to see software that is older than I am.",
    "After ten years in a hospital I am changing to what keeps hospitals running.",
    "I translate software, and began to mend what I could not translate.",
    "I kept a small shop’s site alive for six years with nobody to ask.",
    "I write drivers for weather stations that stand where nobody goes.",
    "I came back to work after three years with two children.",
]
_DID = [
    "Last winter I rewrote how our club books rooms, and nobody noticed: that was the point.",
    "My first patch was a comma. My second took four months and taught me more.",
    "I keep a list of error messages that lie, and have mended nine of them.",
    "I maintain a package that forty people use; I know most of them by now.",
    "I wrote a parser for old timetables, with more tests than code.",
    "I gave a talk about reading logs to people who were afraid of them.",
]
_WANTS = [
    "I want to learn how a change is made that nobody has to undo.",
    "I want to work beside somebody who reads my code before I believe in it.",
    "I want to finish something large for once.",
    "I want to understand why the simple way was not taken.",
    "I want to be able to live from this, and to find out whether I can.",
]
_LONG = [
    "I would begin with a test that fails, keep it as small as I can, and ask early. ",
    "The hardest part is what others rely on without knowing it; I would look for that first. ",
    "I have read the open reports and sorted them: a third of them are one mistake. ",
    "I write down what I believe, then try to show that it is wrong. ",
    "When nobody answers I write what I tried, in the same place, so that the next one finds it. ",
    "It can go wrong in its middle, when all is begun and nothing is whole. I plan a release there. ",
]
_SHORT = ["Whoever runs it at three in the morning", "Small teams without an operator", "Myself, first",
          "Python, with a foot in C", "People who never hear of it", "Go on, if somebody has me",
          "The page about timeouts", "A book about bridges", "Unpaid overtime"]  # fmt: skip
_COMMENTS = [
    "Clear about what is not known yet, which I trust more than the plan itself.",
    "The plan is too large by half; the person is not.",
    "Knows the code. Says little of how it would be tested.",
    "Reads well and says little. I would ask for a smaller plan.",
    "One mended mistake is shown from report to release. That is what we need.",
    "Good, but another idea would suit better.",
]
_AI = [
    "None",
    "To check my English",
    "A model suggested the outline; the sentences are mine",
    "None",
]
POSTS = [
    ("The first three weeks", "I read more than I wrote. **Two small mistakes are mended**, and one "
     "large one has a test that fails, which is how every good week begins."),
    ("What was in the way", "The old code was right for a reason that nobody had written down. Now "
     "it is written down, and the new code is half as long."),
]  # fmt: skip
REPORT = """## What was done

{places} people worked on what users had reported. What they made is in the releases of this season.

## What we learned

A mentor who answers within a day is worth more than a plan. Next time we begin with smaller work.

## Where the money went

Stipends were paid after each checkpoint at which both sides were heard; the rest paid mentors."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who applies, by a number."""

    number: int

    @property
    def name(self) -> str:
        given = _GIVEN[self.number % len(_GIVEN)]
        return f"{given} {_FAMILY[self.number * 37 // len(_GIVEN) % len(_FAMILY)]}"

    @property
    def email(self) -> str:
        return f"{self.name.lower().replace(' ', '.')}.{self.number}@people.example"

    def about(self) -> str:
        random = Random(self.number)
        return "\n\n".join(random.choice(part) for part in (_WHO, _DID, _WANTS))

    def fixed(self) -> dict[str, str]:
        """What every round asks."""
        random = Random(self.number)
        return {
            "name": self.name, "about": self.about(), "hours": str(random.randrange(20, 41)),
            "away": random.choice(["", "", "Exams in the second week", "A wedding, four days"]),
            "links": f"https://people.example/{self.number}", "ai_use": random.choice(_AI),
        }  # fmt: skip

    def answers(self, asked: list[Asked]) -> list[str]:
        """One for each question, of several choices one a line; some leave out what they may."""
        random = Random(self.number)
        return [_answer(one, random) for one in asked]


def _answer(one: Asked, random: Random) -> str:
    if not one.is_required and random.random() < 0.15:
        return ""
    match one.kind:
        case "long":
            return "".join(random.sample(_LONG, random.randrange(2, 5))).strip()
        case "choice":
            return random.choice(one.choices)
        case "several":
            return "\n".join(one.choices[: random.randrange(1, len(one.choices) + 1)])
        case "number":
            return str(random.randrange(1, 40))
        case "date":
            return f"2027-{random.randrange(1, 13):02}-01"
    return random.choice(_SHORT)


def judged(application: int, reviewer: int) -> tuple[int, str, list[str]]:
    """A score, a comment and flags: reviewers agree mostly, and not always."""
    worth = Random(application * 7).gauss(3.1, 0.9)
    random = Random(application * 1009 + reviewer)
    score = min(max(round(worth + random.gauss(0, 0.6)), 1), 5)
    flags = random.choice([["ai"], ["look"], ["copied"]]) if random.random() < 0.06 else []
    return score, random.choice(_COMMENTS), flags
