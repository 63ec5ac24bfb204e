"""A draft at Stripe that does not bill what was agreed: nobody is charged, the seat is not late, staff see
it, and it is looked at once a day until it is right."""

import pytest
from django.urls import reverse

from funding.office import clock
from funding.office.models import Message
from sandbox import finalizing, one_off, taxes
from sponsors.billing import attention, charging, gateway, wrong_drafts
from sponsors.billing.models import Call, Invoice, WrongDraft
from tests import factories
from tests.programmes import running_scenes as running
from tests.programmes.money import again, all_promised, closed, insist_books_agree, run, statuses

pytestmark = pytest.mark.database

TITLE = "Seats whose invoice is wrong"


@pytest.fixture
def call(engine, monkeypatch):
    """Somebody at Stripe puts another line on the first draft."""
    real, put_on = gateway.create_invoice_item, []

    def create(*, params, key):
        item = real(params=params, key=key)
        if not put_on:
            put_on.append(params["invoice"])
            other = {**params, "amount": 777, "description": "Something else"}
            real(params=other, key=f"{key}:other")
        return item

    monkeypatch.setattr(gateway, "create_invoice_item", create)
    made, _ = all_promised(engine)
    run(engine)
    return made


def shown():
    return next(one.count for one in attention.tasks(now=clock.now()) if one.title == TITLE)


def draft(engine):
    return engine.account.store.by_id[WrongDraft.objects.get().stripe_id]


def mend(engine):
    """They take the line off again."""
    invoice = draft(engine)
    lines = invoice["lines"]
    engine.account.change(invoice, lines={**lines, "data": lines["data"][:1]})
    taxes.assess(engine.account, invoice)


def test_nobody_is_charged_and_staff_see_it(call):
    row = WrongDraft.objects.get()

    assert statuses(call) == ["due", "paid", "paid"]
    assert shown() == 1
    assert "777" in row.words or "2,007.77" in row.words


def test_it_is_looked_at_once_a_day(engine, call):
    before = WrongDraft.objects.get().looked_at
    for _ in range(3):
        run(engine)
    assert WrongDraft.objects.get().looked_at == before

    run(engine, days=1)

    assert WrongDraft.objects.get().looked_at > before
    assert WrongDraft.objects.get().found_at < WrongDraft.objects.get().looked_at


def test_its_seat_waits_without_harm(engine, call):
    run(engine, days=20)
    row = WrongDraft.objects.get().commitment

    assert (row.status, row.grace_until) == ("due", None)
    assert not Message.objects.filter(key=f"seat-not-paid:{row.pk}").exists()


def test_once_it_is_mended_it_is_charged_as_agreed(engine, call):
    mend(engine)
    run(engine, days=1)
    run(engine)

    assert statuses(call) == ["paid"] * 3
    assert shown() == 0
    assert set(Invoice.objects.values_list("net", flat=True)) == {200000}
    insist_books_agree(engine)


def test_staff_may_have_it_looked_at_at_once(engine, call):
    staff = running.client_of(factories.user(is_staff=True, is_superuser=True))
    mend(engine)
    page = reverse("admin:billing_wrongdraft_changelist")
    asked = {"action": "look_again", "_selected_action": [WrongDraft.objects.get().pk]}
    staff.post(page, asked)
    for _ in range(2):
        run(engine)

    assert statuses(call) == ["paid"] * 3


def test_a_draft_that_was_thrown_away_is_made_anew(engine, call):
    one_off.delete_draft(engine.account, {}, WrongDraft.objects.get().stripe_id)
    run(engine, days=1)
    run(engine)

    assert statuses(call) == ["paid"] * 3
    assert Call.objects.filter(purpose=charging.BILL, status="done").count() == 3
    insist_books_agree(engine)


def test_a_wrong_draft_of_a_seat_that_is_taken_back_is_forgotten(engine, call):
    row = WrongDraft.objects.get()

    assert charging.take_back(commitment_id=row.commitment_id)
    assert not WrongDraft.objects.exists()


def test_its_call_is_not_settled_meanwhile(engine, call):
    closed(engine, call)

    assert again(call).settled_at is None
    assert wrong_drafts.look_again(WrongDraft.objects.all()) == 1


def test_one_that_somebody_finalised_at_stripe_as_it_was_is_charged_to_nobody(engine, call):
    finalizing.finalize(engine.account, draft(engine))
    run(engine, days=1)
    run(engine)

    assert statuses(call) == ["due", "paid", "paid"]
    assert shown() == 1
