"""The mailbox of the demo: every mail that the site sent, to whomever, to be read in the browser.
Django's filebased backend writes them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.core import mail as django
from django.core.mail.backends.filebased import EmailBackend
from django.http import Http404, HttpRequest, HttpResponse
from django.template import engines
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from funding.office import clock

HERE = Path(__file__).parent
BETWEEN = b"-" * 79 + b"\n"  # what the backend writes after each mail
MOST = 100


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it went out."""

    name: str
    sent_at: datetime
    to: str
    subject: str
    text: str


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All mails, the newest first."""
    return page(request, "mailbox.html", {"mails": list(newest_first())[:MOST], "most": MOST})


@never_cache
@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail as text, with its links."""
    found = next((one for one in newest_first() if one.name == name), None)
    if found is None:
        raise Http404
    return page(request, "mail.html", {"mail": found})


class Backend(EmailBackend):
    """Dates each mail by the clock of the demo's world."""

    def write_message(self, message: django.EmailMessage) -> None:
        date = format_datetime(clock.now(), usegmt=True)
        message.extra_headers = {"Date": date, **message.extra_headers}
        super().write_message(message)


def newest_first() -> Iterator[Mail]:
    files = Path(settings.EMAIL_FILE_PATH).glob("*.log")
    for file in sorted(files, key=lambda file: (file.stat().st_mtime_ns, file.name), reverse=True):
        yield from reversed(_mails(file))


def _mails(file: Path) -> list[Mail]:
    parts = file.read_bytes().split(BETWEEN)
    return [
        _read(f"{file.stem}-{number}", part) for number, part in enumerate(parts) if part.strip()
    ]


def _read(name: str, raw: bytes) -> Mail:
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain", "html"))
    text = body.get_content() if body else ""
    sent_at = parsedate_to_datetime(str(message["Date"]))
    return Mail(name, sent_at, str(message["To"]), str(message["Subject"]), text)


def page(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    """The templates lie beside this module, where the site's settings need not know of them."""
    text = (HERE / template).read_text(encoding="utf-8")
    return HttpResponse(engines["django"].from_string(text).render(context, request))
