"""Who reads what is on paper: its company and staff alone."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from sponsors.billing import documents
from sponsors.billing.models import Invoice
from tests import factories
from tests.billing import papers


def test_the_answer_is_for_its_reader_alone_and_named_by_its_number(signed_in, company):
    row = papers.invoice(company, number="KES/00 12é")

    answer = signed_in.get(row.get_absolute_url())

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["Content-Disposition"] == 'attachment; filename="KES-00-12-.pdf"'
    assert answer.content.startswith(b"%PDF")


def test_a_reader_who_has_it_is_not_sent_it_again_until_it_says_something_else(signed_in, company):
    row = papers.invoice(company)
    etag = signed_in.get(row.get_absolute_url())["ETag"]

    again = signed_in.get(row.get_absolute_url(), headers={"If-None-Match": etag})
    Invoice.objects.filter(pk=row.pk).update(returned=12000)
    changed = signed_in.get(row.get_absolute_url(), headers={"If-None-Match": etag})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert changed.status_code == 200


def test_asking_for_the_head_of_it_sends_no_body(signed_in, company):
    answer = signed_in.head(papers.invoice(company).get_absolute_url())

    assert (answer.status_code, answer.content) == (200, b"")


def test_a_credit_note_is_for_its_company_alone(signed_in, company):
    theirs = papers.credit_note(papers.invoice(company))
    anothers = papers.credit_note(papers.invoice())

    assert signed_in.get(theirs.get_absolute_url()).status_code == 200
    assert signed_in.get(anothers.get_absolute_url()).status_code == 404


def test_staff_have_every_document(db):
    client = Client()
    client.force_login(factories.user(is_staff=True))

    assert client.get(papers.invoice().get_absolute_url()).status_code == 200


@pytest.mark.parametrize("name", ["in_none", "cn_none", "x", "in_%00", "-1", "in_1%2F.."])
def test_nonsense_in_the_address_is_not_found(signed_in, name):
    assert signed_in.get(f"/documents/{name}.pdf").status_code == 404


def test_a_draft_is_not_found(signed_in, company):
    row = papers.invoice(company, status="draft", paid_at=None)

    assert signed_in.get(row.get_absolute_url()).status_code == 404


def test_a_document_takes_few_queries(signed_in, company, django_assert_max_num_queries):
    row = papers.invoice(company)

    with django_assert_max_num_queries(8):
        signed_in.get(row.get_absolute_url())


def test_the_year_of_a_document_is_that_of_its_day_in_utc(company):
    last = papers.invoice(company, created_at=datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC))
    first = papers.invoice(company, created_at=datetime(2026, 1, 1, tzinfo=UTC))

    assert documents.of_year(company, 2025) == [last.stripe_id]
    assert documents.of_year(company, 2026) == [first.stripe_id]
    assert documents.years(company) == [2026, 2025]
