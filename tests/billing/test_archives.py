"""A year's documents as one file: made a few at a time, handed out as a stream, kept for a day."""

import csv
import io
import tracemalloc
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from funding.office import leases
from sponsors.billing import archiving, printing, tasks
from sponsors.billing.models import Archive, Invoice, Printed
from tests import factories, world
from tests.billing import papers

pytestmark = pytest.mark.database


@pytest.fixture
def company(user):
    return factories.company(user, display_name="Kestrel")


def address(company, year=2026):
    return f"/companies/{company.slug}/documents/{year}"


def archive_of(answer):
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def index_of(file, year=2026):
    text = file.read(f"index-{year}.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_small_year_is_ready_as_soon_as_it_is_asked_for(signed_in, company):
    invoice = papers.invoice(company)
    note = papers.credit_note(invoice)

    page = signed_in.post(f"{address(company)}/", follow=True).content.decode()
    file = archive_of(signed_in.get(f"{address(company)}.zip"))

    assert "Download 2026 as one file" in page
    assert set(file.namelist()) == {
        f"{invoice.number}.pdf", f"{note.number}.pdf", "index-2026.csv",
    }  # fmt: skip
    assert file.testzip() is None
    assert file.read(f"{invoice.number}.pdf").startswith(b"%PDF")


def test_the_index_has_the_amounts_and_credit_notes_below_zero(signed_in, company):
    invoice = papers.invoice(company)
    papers.credit_note(invoice)
    signed_in.post(f"{address(company)}/")

    sold, credited = index_of(archive_of(signed_in.get(f"{address(company)}.zip")))

    assert (sold["Net"], sold["Tax"], sold["Total"]) == ("100.00", "20.00", "120.00")
    assert sold["Paid on"] == "2026-01-05"
    assert sold["Purchase order and references"] == "PO number: 4500018823, Reference: CC 2210"
    assert (credited["Document"], credited["Total"]) == ("Credit note", "-60.00")
    assert credited["State"] == f"for invoice {invoice}"


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"), ("+44", "'+44"), ("-cmd", "'-cmd"), ("@x", "'@x"), ("\t=1", "'\t=1"),
        (" =1", "' =1"), ("-60.00", "-60.00"), ("-60.00=", "'-60.00="), ("", ""), ("A-1", "A-1"),
    ],
)  # fmt: skip
def test_a_cell_that_begins_like_a_formula_is_made_harmless(cell, shown):
    assert archiving.harmless(cell) == shown


def test_a_project_whose_name_is_a_formula_is_harmless_in_the_index(signed_in, company):
    row = papers.invoice(company)
    project = row.sponsorship.project
    project.name = '=HYPERLINK("http://x")'
    project.save()
    signed_in.post(f"{address(company)}/")

    (line,) = index_of(archive_of(signed_in.get(f"{address(company)}.zip")))

    assert line["Project"].startswith("'=")


def test_an_empty_year_says_so_and_has_no_file(signed_in, company):
    page = signed_in.get(f"{address(company, 2019)}/").content.decode()
    asked = signed_in.post(f"{address(company, 2019)}/")
    file = signed_in.get(f"{address(company, 2019)}.zip")

    assert "No invoice and no credit note was made in 2019" in page
    assert asked.status_code == file.status_code == 302


@pytest.mark.parametrize("year", ["1", "99999", "20266666666666666666"])
def test_a_year_that_is_none_is_not_found(signed_in, company, year):
    assert signed_in.get(f"{address(company, year)}/").status_code == 404
    assert signed_in.get(f"{address(company, year)}.zip").status_code == 404


def test_a_large_year_is_made_in_turns_and_says_how_far_it_is(signed_in, company, monkeypatch):
    many(company, 50)
    monkeypatch.setattr(archiving, "AT_ONCE", 0.0)
    monkeypatch.setattr(archiving, "A_TURN", 60.0)
    signed_in.post(f"{address(company)}/")
    waiting = signed_in.get(f"{address(company)}/").content.decode()
    early = signed_in.get(f"{address(company)}.zip")

    tasks.print_archives()

    assert "0 of 50 documents" in waiting
    assert early.status_code == 302
    assert len(archive_of(signed_in.get(f"{address(company)}.zip")).namelist()) == 51


def test_who_comes_next_goes_on_where_a_crash_left_it(company, monkeypatch):
    many(company, 50)
    monkeypatch.setattr(archiving, "AT_ONCE", 60.0)
    printed = []
    real = printing.pdf

    def until_it_breaks(sheet, **how):
        if len(printed) == 25:
            raise RuntimeError("the power went")
        printed.append(sheet["number"])
        return real(sheet, **how)

    monkeypatch.setattr(printing, "pdf", until_it_breaks)
    with pytest.raises(RuntimeError):
        archiving.ask(company=company, year=2026)
    assert Archive.objects.get().done == Printed.objects.count() == 20

    monkeypatch.setattr(printing, "pdf", real)
    tasks.print_archives()

    assert Archive.objects.get().is_ready
    assert Printed.objects.count() == 50


def test_a_year_that_cannot_be_printed_does_not_hold_up_the_others(company, monkeypatch):
    other = factories.company()
    for owner in (company, other):
        papers.invoice(owner, number=owner.slug)
        Archive.objects.create(company=owner, year=2026, asked_at=later(0), total=1)
    real = printing.pdf
    monkeypatch.setattr(printing, "pdf", lambda said, **how: refused(company, said, how, real))

    tasks.print_archives()

    assert not Archive.objects.get(company=company).is_ready
    assert Archive.objects.get(company=other).is_ready


def refused(company, said, how, real):
    if said["number"] == company.slug:
        raise RuntimeError("no ink")
    return real(said, **how)


def test_two_workers_do_not_print_the_same(company):
    papers.invoice(company)
    archive = Archive.objects.create(company=company, year=2026, asked_at=later(0), total=1)

    with leases.held(f"archive:{archive.pk}"):
        tasks.print_archives()

    archive.refresh_from_db()
    assert archive.done == 0


def test_what_was_paid_since_it_was_printed_is_printed_anew(signed_in, company):
    row = papers.to_be_paid(company)
    signed_in.post(f"{address(company)}/")
    before = archive_of(signed_in.get(f"{address(company)}.zip")).read(f"{row.number}.pdf")
    Invoice.objects.filter(pk=row.pk).update(status="paid", paid_at=world.BEGINNING)

    file = archive_of(signed_in.get(f"{address(company)}.zip"))

    assert file.read(f"{row.number}.pdf") != before
    assert index_of(file)[0]["State"] == "Paid"


def test_what_came_since_is_offered_anew(signed_in, company):
    papers.invoice(company)
    signed_in.post(f"{address(company)}/")
    papers.invoice(company)

    page = signed_in.get(f"{address(company)}/").content.decode()

    assert "Make one file of 2026" in page


def test_it_is_kept_for_a_day(signed_in, company):
    papers.invoice(company)
    signed_in.post(f"{address(company)}/")
    tasks.tidy_archives()
    assert Archive.objects.count() == Printed.objects.count() == 1

    Archive.objects.update(asked_at=later(-25))
    Printed.objects.update(printed_at=later(-25))
    answer = signed_in.get(f"{address(company)}.zip")
    tasks.tidy_archives()

    assert answer.status_code == 302
    assert Archive.objects.count() == Printed.objects.count() == 0


def test_what_is_asked_for_again_is_kept_for_another_day(company):
    papers.invoice(company)
    archiving.ask(company=company, year=2026)
    Printed.objects.update(printed_at=later(-23))

    archiving.ask(company=company, year=2026)

    assert Printed.objects.get().printed_at > later(-1)


def test_of_another_company_there_is_nothing_in_it(signed_in, company):
    papers.invoice(company, number="MINE-1")
    papers.invoice(number="THEIRS-1")
    signed_in.post(f"{address(company)}/")

    file = archive_of(signed_in.get(f"{address(company)}.zip"))

    assert sorted(file.namelist()) == ["MINE-1.pdf", "index-2026.csv"]


def test_the_head_of_a_file_prints_nothing(signed_in, company, monkeypatch):
    papers.invoice(company)
    signed_in.post(f"{address(company)}/")
    monkeypatch.setattr(archiving, "stream", None)

    answer = signed_in.head(f"{address(company)}.zip")

    assert answer["Content-Type"] == "application/zip"


def test_a_file_of_any_size_is_handed_out_piece_by_piece(company):
    ids = many(company, 60)
    Printed.objects.bulk_create(
        Printed(document_id=one, mark="", data=b"x", printed_at=later(0)) for one in ids
    )
    archive = archiving.ask(company=company, year=2026)
    tracemalloc.start()
    largest = max(len(piece) for piece in archiving.stream(archive))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert largest < 1_500_000  # twenty documents
    assert most < 20_000_000


def many(company, count):
    of = papers.sponsorship(company)
    days = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hour) for hour in range(count)]
    return [papers.invoice(of=of, created_at=day).stripe_id for day in days]


def later(hours):
    return datetime.now(UTC) + timedelta(hours=hours)
