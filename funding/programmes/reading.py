"""What of an application is read, and by whom: all of it by organisers, without what would tell who
it is by the reviewers of a blind round."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from django.db.models import QuerySet

from funding.programmes.models import Answer, Application, Question, Round


@dataclass(frozen=True, slots=True)
class Line:
    """A question and what was answered."""

    question: str
    text: str
    is_links: bool = False


def sent(round_: Round) -> QuerySet[Application]:
    """What organisers may read at all: drafts and what was withdrawn stay their writer's own."""
    status = Application.Status
    return Application.objects.filter(
        round=round_, status__in=[status.SUBMITTED, status.INELIGIBLE]
    ).select_related("idea", "user")


def number(application: Application) -> str:
    """What it is called where its name is not to be read."""
    return f"Application {application.pk}"


def lines(application: Application, *, blind: bool) -> list[Line]:
    """The fixed questions, then the organisers' own, in their order; what was left empty is left
    out."""
    all_ = [*_fixed(application, blind=blind), *_own(application, blind=blind)]
    return [line for line in all_ if line.text.strip()]


def hidden(application: Application) -> list[str]:
    """What a reviewer of a blind round is not shown, by its question."""
    own = application.answers.filter(question__is_sensitive=True).select_related("question")
    return ["Name", "Links", *(answer.question.text for answer in own)]


def _fixed(application: Application, *, blind: bool) -> Iterator[Line]:
    yield Line("About", application.about)
    yield Line("Hours a week", "" if application.hours is None else str(application.hours))
    yield Line("Other commitments", application.away)
    yield Line("What AI tools were used for", application.ai_use)
    contacts = list(application.contacts.all())
    if blind:
        count = len(contacts)
        said = f"{count} shown, hidden from you like names and links" if count else ""
        yield Line("Contacts and contributions", said)
    else:
        said = "\n".join(f"{contact.words}: {contact.url}" for contact in contacts)
        yield Line("Contacts and contributions", said, is_links=True)
        yield Line("Links", application.links, is_links=True)


def _own(application: Application, *, blind: bool) -> Iterator[Line]:
    for answer in application.answers.select_related("question"):
        if not (blind and answer.question.is_sensitive):
            yield Line(answer.question.text, said(answer))


def said(answer: Answer) -> str:
    """An answer as people write it: a day with its month in words."""
    if answer.question.kind != Question.Kind.DATE:
        return answer.text
    try:
        return format_date(date.fromisoformat(answer.text), "d MMMM yyyy", locale="en_GB")
    except ValueError:
        return answer.text
