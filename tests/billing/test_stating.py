"""How an invoice stands and what it was for, as its paper and the lists say it."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps

from sponsors.billing import describing, documents, stating
from sponsors.billing.models import Invoice
from tests import factories, scenarios, world
from tests.billing import papers

pytestmark = pytest.mark.django_db
NOW = world.BEGINNING + timedelta(days=90)
LATER, LAST = world.BEGINNING + timedelta(days=20), world.BEGINNING + timedelta(days=40)


def stand(row):
    return stating.state(documents.load([row.stripe_id])[0], now=NOW)


def line(text, amount=10000):
    return {"text": text, "amount": amount, "starts": None, "ends": None}


def test_what_was_given_back_has_a_day_of_its_own():
    row = papers.invoice(returned=2400)
    papers.payment(row, refunds=[LATER, LAST])

    how = stand(row)
    assert how.words == "Paid, in part given back"
    assert how.sentence == (
        "Paid on 5 January 2026, in part given back on 25 January 2026, "
        "in part given back on 14 February 2026"
    )


def test_what_was_wholly_given_back_says_both_days():
    row = papers.invoice(returned=12000)
    papers.payment(row, refunds=[LATER])

    assert stand(row).sentence == (
        "Given back on 25 January 2026, after it was paid on 5 January 2026"
    )


@pytest.mark.parametrize(
    ("status", "words", "sentence"),
    [
        ("under_review", "Disputed", "Disputed since 25 January 2026"),
        ("lost", "Taken back by your bank", "Taken back by your bank on 25 January 2026"),
    ],
)
def test_what_a_bank_took_back_was_not_given_back_by_us(status, words, sentence):
    row = papers.invoice(returned=12000)
    papers.payment(row, disputes=[(LATER, status)])

    how = stand(row)
    assert how.words == words
    assert how.sentence == f"{sentence}, after it was paid on 5 January 2026"


def test_a_dispute_that_was_won_leaves_it_paid():
    row = papers.invoice()
    papers.payment(row, disputes=[(LATER, "won")])
    assert stand(row).sentence == "Paid on 5 January 2026"


def test_an_upgrade_that_failed_was_not_charged():
    row = papers.invoice(status="void", paid_at=None, is_change=True)
    assert stand(row).sentence == "Not charged: the change did not come about"


def test_nothing_is_owed_on_what_was_taken_back():
    row = papers.invoice(status="void", paid_at=None)
    assert stand(row).sentence == "Taken back: nothing is owed"
    assert describing.still_owed(row).amount == 0


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("Harbour: Gold", "Gold"),
        ("Harbour: Gold (at £100.00 / month)", "Gold"),
        ("Remaining time on Harbour: Platinum after 25 Jan 2026", "Platinum"),
        ("Another name: Gold", "Another name: Gold"),
    ],
)
def test_an_invoice_is_for_what_it_says_itself(text, tier):
    row = papers.invoice(paper={"lines": [line("Unused time: Harbour: X", -5), line(text)]})
    row.sponsorship.project.name = "Harbour"
    assert stating.what_for(row) == tier


def test_an_invoice_without_lines_is_for_the_tier_of_its_sponsorship():
    row = papers.invoice(paper={"lines": []})
    assert stating.what_for(row) == row.sponsorship.tier_name


def test_an_old_invoice_keeps_the_name_of_its_tier(engine, client, user):
    company = factories.company(user)
    sponsorship = scenarios.paid(engine, company)
    was = sponsorship.tier_name
    sponsorship.tier_name = "Cornerstone"
    sponsorship.save()
    client.force_login(user)

    page = client.get(f"/companies/{company.slug}/invoices/").content.decode()
    assert f"<small>{was}</small>" in page
    assert "Cornerstone" not in page
    assert stating.what_for(Invoice.objects.get()) == was


def test_what_was_billed_before_it_was_told_apart_is_told_apart_by_its_time():
    whole = papers.invoice()
    of_it = {"of": whole.sponsorship, "status": "void", "paid_at": None, "created_at": LATER}
    change = papers.invoice(**of_it, period_ends_at=whole.period_ends_at)
    pause = papers.invoice(**of_it)
    failed = papers.invoice(**of_it, attempts=2)

    import_module("sponsors.billing.migrations.0011_changes_and_pauses").note_them(apps, None)

    said = Invoice.objects.in_bulk()
    assert [(said[one.pk].is_change, said[one.pk].is_left_out) for one in (whole, change)] == [
        (False, False), (True, False),
    ]  # fmt: skip
    assert [said[one.pk].is_left_out for one in (pause, failed)] == [True, False]
