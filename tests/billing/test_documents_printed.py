"""Print: the same bytes for the same facts, in any script."""

from datetime import timedelta

import pytest

from funding.office import printing as printer
from sponsors.billing import printing
from tests.billing import papers
from tests.billing.sheets import NOW, pdf, sheet

# Of which no font here has a letter, and some that need more than one font
NAMES = [
    "株式会社 山田",
    "한국 주식회사",
    "👩‍👩‍👧 Ltd",
    "ᚠᚢᚦ",
    "شركة",
    "ẹ́҉",
    "a\u200db",
    "\U0010ffff",
    "\x01\x1b",
]


def test_the_same_facts_give_the_same_bytes_whenever_it_is_printed(db):
    row = papers.invoice()

    assert pdf(row) == pdf(row, now=NOW + timedelta(days=400))


def test_it_is_a_tagged_pdf_with_a_title_and_a_language(db):
    data = pdf(papers.invoice())

    assert b"/StructTreeRoot" in data and b"/Marked true" in data
    assert b"/Lang" in data
    assert b"<pdfuaid:part>1" in data and b"<pdfaid:part>3" in data


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_any_script_never_keeps_an_invoice_from_being_printed(db, name):
    row = papers.invoice(paper={"customer": {"name": name, "lines": [name], "tax_ids": [name]}})

    assert pdf(row).startswith(b"%PDF")


def test_letters_that_no_font_has_become_a_sign_and_a_note_says_so():
    said = {"notes": [], "link": "", "to": {"name": "山田 Ltd, Łódź, Ελλάς, शर्मा"}}

    shown = printer.with_signs(said, printer.is_printable, printing.LACKING)

    assert shown["to"]["name"] == "□□ Ltd, Łódź, Ελλάς, शर्मा"
    assert shown["notes"] == [printing.LACKING]


def test_what_people_write_is_never_read_as_typst(db):
    name = '#panic("no") $x$ *bold* <label> `raw` ] ) // /* #sys.inputs'
    row = papers.invoice(paper={"customer": {"name": name, "lines": [name], "tax_ids": []}})

    assert pdf(row).startswith(b"%PDF")
    assert sheet(row)["to"]["name"] == name


def test_one_word_of_140_characters_and_twelve_lines_fit(db):
    line = papers.PAPER["lines"][0] | {"text": "Unused time " * 12}
    row = papers.invoice(paper={"lines": [line] * 12, "fields": [["PO number", "4" * 140]]})

    assert pdf(row).startswith(b"%PDF")


def test_what_is_changed_on_the_paper_changes_its_mark():
    said = {"a": "1"}

    assert printing.mark(said) == printing.mark({"a": "1"}) != printing.mark({"a": "2"})
