"""Archiving: all documents of a company's year as one file. They are printed a few at a time, so
that thousands neither hold up the web nor one worker, and are handed out as a stream, so that no
more than a few are ever in memory."""

import csv
import io
import logging
import time
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from funding.office import clock, leases
from funding.office.text import harmless
from sponsors.billing import describing, documents, printing, stating
from sponsors.billing.documents import Document
from sponsors.billing.models import Archive, CreditNote, Invoice, Printed
from sponsors.companies.models import Company

log = logging.getLogger(__name__)

A_FEW = 20
AT_ONCE = 1.0  # seconds in which who asks may wait
A_TURN = 10.0  # seconds that a worker gives it before others have their turn
TURNS = 12  # so that a job ends within its time
KEPT = timedelta(days=1)
COLUMNS = (
    "Document", "Number", "Date", "Project", "Tier", "Purchase order and references",
    "Service from", "Service to", "Currency", "Net", "Tax", "Total", "State", "Paid on", "Due on",
    "File",
)  # fmt: skip


def ask(*, company: Company, year: int) -> Archive:
    """The archive of a year, begun anew if the last one is older than what was made since. A small
    one is ready when this returns."""
    total = len(documents.of_year(company, year))
    facts = {"asked_at": clock.machine_now(), "total": total, "done": 0}
    archive, _ = Archive.objects.update_or_create(company=company, year=year, defaults=facts)
    work_on(archive, seconds=AT_ONCE)
    archive.refresh_from_db()
    return archive


def current(company: Company, year: int) -> Archive | None:
    """The one that was asked for within a day."""
    return Archive.objects.filter(
        company=company, year=year, asked_at__gte=clock.machine_now() - KEPT
    ).first()


def work_on_all() -> None:
    """A turn for each archive that is not ready, the first asked for first."""
    waiting = Archive.objects.filter(done__lt=F("total")).select_related("company")
    for archive in waiting.order_by("asked_at")[:TURNS]:
        try:
            work_on(archive, seconds=A_TURN)
        except Exception:
            log.exception("The archive %s could not be made", archive.pk)


def work_on(archive: Archive, *, seconds: float) -> None:
    """Print what is still missing, for so long; whoever comes next goes on from there."""
    until = time.monotonic() + seconds
    try:
        with leases.held(f"archive:{archive.pk}") as token:
            ids = documents.of_year(archive.company, archive.year)
            while archive.done < archive.total and time.monotonic() < until:
                few = ids[archive.done : archive.done + A_FEW]
                made = _printed_anew(documents.load(few))
                with transaction.atomic():
                    leases.insist(f"archive:{archive.pk}", token)
                    _keep(made, few)
                    archive.done = min(archive.done + A_FEW, archive.total)
                    archive.save(update_fields=["done"])
    except (leases.LeaseTaken, leases.LeaseLost):
        return  # somebody else is at it


def forget_old() -> None:
    """What was kept for a day and more."""
    before = clock.machine_now() - KEPT
    Archive.objects.filter(asked_at__lt=before).delete()
    Printed.objects.filter(printed_at__lt=before).delete()


def stream(archive: Archive) -> Iterator[bytes]:
    """The file, a few documents at a time. What has changed since it was printed is printed anew."""
    ids = documents.of_year(archive.company, archive.year)
    out = _Pipe()
    index = io.StringIO()
    table = csv.writer(index)
    table.writerow(COLUMNS)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        for start in range(0, len(ids), A_FEW):
            rows = documents.load(ids[start : start + A_FEW])
            kept = _kept(rows) | {one.document_id: bytes(one.data) for one in _printed_anew(rows)}
            for row in rows:
                name = f"{file_name(row)}.pdf"
                file.writestr(_entry(name, row.created_at), kept[row.stripe_id])
                table.writerow([harmless(cell) for cell in _cells(row, name)])
            yield out.take()
        made_at = archive.asked_at
        file.writestr(_entry(f"index-{archive.year}.csv", made_at), "\ufeff" + index.getvalue())
    yield out.take()


def file_name(row: Document) -> str:
    """Its number, as a file may be called; two documents never have the same."""
    number = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in row.number)
    return number or row.stripe_id


class _Pipe(io.RawIOBase):
    """What a ZIP file is written into, and taken out of again piece by piece."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        written = bytes(data)  # type: ignore[call-overload]
        self._waiting += written
        return len(written)

    def take(self) -> bytes:
        taken = bytes(self._waiting)
        self._waiting.clear()
        return taken


def _printed_anew(rows: list[Document]) -> list[Printed]:
    """Those of which there is no copy that says the same, printed."""
    now = clock.now()
    marks = dict(
        Printed.objects.filter(document_id__in=[row.stripe_id for row in rows]).values_list(
            "document_id", "mark"
        )
    )
    made = []
    for row in rows:
        sheet = describing.sheet(row, now=now)
        mark = printing.mark(sheet)
        if marks.get(row.stripe_id) != mark:
            data = printing.pdf(sheet, made_at=row.created_at)
            made.append(_copy(row, mark, data))
    return made


def _copy(row: Document, mark: str, data: bytes) -> Printed:
    at = clock.machine_now()
    return Printed(document_id=row.stripe_id, mark=mark, data=data, printed_at=at)


def _keep(made: list[Printed], ids: list[str]) -> None:
    """For a day from now, those that were there already too."""
    Printed.objects.bulk_create(
        made,
        update_conflicts=True,
        unique_fields=["document_id"],
        update_fields=["mark", "data"],
    )
    Printed.objects.filter(document_id__in=ids).update(printed_at=clock.machine_now())


def _kept(rows: list[Document]) -> dict[str, bytes]:
    kept = Printed.objects.filter(document_id__in=[row.stripe_id for row in rows])
    return {one.document_id: bytes(one.data) for one in kept}


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=at.timetuple()[:6])
    entry.external_attr = 0o644 << 16
    return entry


def _cells(row: Document, name: str) -> list[str]:
    """A line of the index; amounts in major units, those of credit notes below zero."""
    is_credit = isinstance(row, CreditNote)
    invoice = row.invoice if isinstance(row, CreditNote) else row
    sign = -1 if is_credit else 1
    fields = documents.paper_of(row)["fields"]
    amounts = [describing.money(row, sign * amount) for amount in (row.net, row.tax)]
    return [
        "Credit note" if is_credit else "Invoice",
        str(row),
        _day(row.created_at),
        invoice.subject.payee,
        stating.what_for(invoice),
        ", ".join(f"{label}: {value}" for label, value in fields),
        *(_day(at) for at in _period(invoice)),
        invoice.currency,
        *(str(money.major) for money in (*amounts, amounts[0] + amounts[1])),
        f"for invoice {invoice}" if is_credit else _stands(invoice),
        "" if is_credit else _day(invoice.paid_at),
        "" if is_credit else _day(invoice.due_at),
        name,
    ]


def _period(invoice: Invoice) -> tuple[datetime | None, datetime | None]:
    """The time that it is for; a seat of a programme has none."""
    is_seat = invoice.commitment_id is not None
    return (None, None) if is_seat else (invoice.period_starts_at, invoice.period_ends_at)


def _stands(invoice: Invoice) -> str:
    how = stating.state(invoice, now=clock.now())
    return how.sentence if how.why else how.words


def _day(at: datetime | None) -> str:
    return at.date().isoformat() if at else ""
