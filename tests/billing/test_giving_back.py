"""Staff and treasurers give money back: what they are told first, what they may not, and that nothing
goes back twice."""

from datetime import timedelta

import pytest
from django.test import Client

from funding.ledger import balances, posting
from funding.ledger.models import Account
from funding.office import clock, outbox
from sponsors.billing import ending, gateway, giving_back, tasks, weighing
from sponsors.billing.giving_back import CannotGiveBack, Wish
from sponsors.billing.models import Asked, CreditNote, Dispute, Invoice, Movement, Payment, Refund
from sponsors.sponsorships.models import Sponsorship, Status
from tests import factories, racing, scenarios, world
from tests.billing.went_back import held, insist_books_agree, pay_once_more
from tests.certainty import certain

pytestmark = pytest.mark.database


@pytest.fixture
def sponsorship(engine):
    return scenarios.settled(engine)


@pytest.fixture
def payment(sponsorship):
    return Payment.objects.get()


@pytest.fixture
def staff(db):
    return factories.user(is_staff=True)


def wish(payment, amount=None, *, ends=False):
    left = weighing.left(payment).amount
    return Wish(amount=left if amount is None else amount, why="Agreed", ends=ends, seen_left=left)


def give(payment, amount=None, *, by, within=False, ends=False):
    asked_for = wish(payment, amount, ends=ends)
    return giving_back.ask(payment, asked_for, by=by, now=clock.now(), within=within)


def owner_of(sponsorship):
    return sponsorship.project.maintainers.get().user


def signed_in(user):
    client = Client()
    client.force_login(user)
    return certain(client)


def test_staff_give_a_part_back_by_a_credit_note(engine, payment, staff):
    give(payment, 2500, by=staff)

    asked, note, refund = Asked.objects.get(), CreditNote.objects.get(), Refund.objects.get()
    assert (asked.status, refund.asked, refund.credit_note) == ("done", asked, note)
    assert (note.total.amount, note.reason) == (2500, "Agreed")
    engine.deliver()
    insist_books_agree(engine)


def test_what_is_said_first_is_what_happens(engine, sponsorship, payment, staff):
    meant = weighing.meaning(payment, payment.amount)

    give(payment, by=staff)

    sponsorship.refresh_from_db()
    assert meant.held_after.amount == held(sponsorship)
    assert (meant.paid_through, meant.stands_until) == (
        sponsorship.paid_through, sponsorship.stands_until,
    )  # fmt: skip


def test_what_is_said_of_a_year_counts_the_months_to_come(engine, staff):
    sponsorship = scenarios.settled(engine, interval="year")
    payment = Payment.objects.get()
    meant = weighing.meaning(payment, payment.amount)

    give(payment, by=staff)

    assert meant.held_after.amount == held(sponsorship)


def test_a_refund_above_the_charge_is_refused(payment, staff):
    for amount in (0, -1, payment.amount + 1):
        with pytest.raises(CannotGiveBack, match="At most £100.00"):
            give(payment, amount, by=staff)

    assert not Asked.objects.exists()


def test_the_same_form_sent_twice_gives_back_once(payment, staff):
    asked_for = wish(payment, 1000)
    giving_back.ask(payment, asked_for, by=staff, now=clock.now())

    with pytest.raises(CannotGiveBack, match="since you looked"):
        giving_back.ask(payment, asked_for, by=staff, now=clock.now())

    assert Refund.objects.count() == 1


def test_while_one_is_on_its_way_another_is_refused(engine, staff):
    scenarios.settled(engine, card="4000000000007726")
    payment = Payment.objects.get()
    give(payment, 1000, by=staff)

    with pytest.raises(CannotGiveBack, match="on its way back already"):
        give(payment, 1000, by=staff)


def test_of_a_disputed_charge_nothing_is_given_back(engine, payment, staff):
    engine.dispute(payment.charge)
    engine.deliver()

    with pytest.raises(CannotGiveBack, match="answer the dispute"):
        give(payment, 1000, by=staff)


def test_during_an_inquiry_money_may_be_given_back(engine, payment, staff):
    engine.dispute(payment.charge, inquiry=True)
    engine.deliver()

    give(payment, by=staff)

    assert Refund.objects.get().amount == payment.amount


def test_a_dispute_of_which_we_have_not_heard_stops_a_refund_at_stripe(engine, payment, staff):
    engine.knobs.add("drop")
    engine.dispute(payment.charge)
    engine.deliver()

    with pytest.raises(CannotGiveBack, match="just now"):
        give(payment, 1000, by=staff)

    assert Asked.objects.get().status == "refused"
    assert Dispute.objects.get().status == "needs_response"
    insist_books_agree(engine)


def test_a_refund_and_the_end_of_the_sponsorship_at_once(engine, sponsorship, payment, staff):
    give(payment, by=staff, ends=True)

    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.CANCELLED
    assert Asked.objects.get().ended_at == clock.now()


def test_a_part_and_the_end_leave_what_is_paid_for(engine, sponsorship, payment, staff):
    give(payment, 1000, by=staff, ends=True)

    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.CANCELLING


def test_what_its_company_has_ended_already_is_not_ended_again(
    engine, sponsorship, payment, staff
):
    ending.cancel(sponsorship)

    give(payment, 1000, by=staff, ends=True)

    assert Sponsorship.objects.get().status == Status.CANCELLING


@pytest.mark.parametrize("kind", ["timeout_after", "reset_after", "error_after", "timeout_before"])
def test_a_lost_answer_leaves_one_refund_and_the_job_finishes_it(engine, payment, staff, kind):
    engine.faults.add("POST /v1/credit_notes", kind, 3)
    with pytest.raises(gateway.GatewayError):
        give(payment, 1000, by=staff, ends=True)
    engine.faults.clear()
    engine.deliver()

    for _ in range(2):
        world.days(engine, 0.01)
        tasks.sweep_asked()

    assert [refund.amount for refund in Refund.objects.all()] == [1000]
    assert len(gateway.refunds(payment.payment_intent)) == 1
    assert Asked.objects.get().status == "done"
    assert Sponsorship.objects.get().status == Status.CANCELLING
    insist_books_agree(engine)


def test_what_was_paid_twice_goes_back_first_and_by_itself(engine, sponsorship, staff):
    second = pay_once_more(engine, Invoice.objects.get())
    other = Payment.objects.exclude(pk=second.pk).get()
    assert not weighing.too_much(other)

    give(second, by=staff)

    assert not CreditNote.objects.exists()
    assert Refund.objects.get().asked == Asked.objects.get()
    sponsorship.refresh_from_db()
    assert sponsorship.paid_through == Invoice.objects.get().period_ends_at
    insist_books_agree(engine)


# A project's own people


def test_a_treasurer_gives_back_what_the_project_holds(engine, sponsorship, payment):
    with pytest.raises(CannotGiveBack, match="Ask the people who run this site"):
        give(payment, by=owner_of(sponsorship), within=True)  # the fee is gone

    give(payment, 9000, by=owner_of(sponsorship), within=True)

    assert held(sponsorship) == 680
    insist_books_agree(engine)


def test_what_stripe_has_made_and_not_booked_yet_is_held_no_more(payment):
    before = weighing.meaning(payment, 1000).held_now
    made = {"payment": payment, "amount": 3000, "created_at": clock.now()}
    Refund.objects.create(stripe_id="re_1", status="pending", **made)
    Refund.objects.create(stripe_id="re_2", status="failed", **made)

    assert (before - weighing.meaning(payment, 1000).held_now).amount == 3000


def test_a_treasurer_gives_nothing_back_of_long_ago(engine, sponsorship, payment):
    now = clock.now() + timedelta(days=61)

    assert "older than 60 days" in weighing.why_not(payment, now=now, within=True)
    assert not weighing.why_not(payment, now=now)


def test_a_treasurer_sees_and_gives_back_nothing_of_who_shows_no_amount(engine):
    sponsorship = scenarios.settled(engine, visibility="anonymous")
    payment, client = Payment.objects.get(), signed_in(owner_of(sponsorship))
    assert "does not show" in weighing.why_not(payment, now=clock.now(), within=True)

    page = client.get(f"/maintain/{sponsorship.project.slug}/received/").content.decode()

    assert sponsorship.company.display_name not in page
    assert "Not shown" in page
    assert "£100" not in page


def test_a_maintainer_sees_that_a_payment_was_taken_back_and_not_whose(
    engine, sponsorship, payment
):
    engine.dispute(payment.charge)
    engine.deliver()

    client = signed_in(owner_of(sponsorship))
    page = client.get(f"/maintain/{sponsorship.project.slug}/received/").content.decode()

    assert "Disputed" in page
    assert sponsorship.company.display_name not in page


def test_the_payment_of_another_project_is_not_there(engine, sponsorship, payment):
    other = factories.project()
    client = signed_in(other.maintainers.get().user)

    answer = client.post(f"/maintain/{other.slug}/received/{payment.pk}/refund/")

    assert answer.status_code == 404


def test_a_payment_that_a_bank_asked_for_is_for_staff(engine, sponsorship, payment, staff):
    engine.win_dispute(engine.dispute(payment.charge))
    engine.deliver()

    with pytest.raises(CannotGiveBack, match="A bank asked"):
        give(payment, 1000, by=owner_of(sponsorship), within=True)

    give(payment, 1000, by=staff)


def test_a_company_whose_payment_went_back_is_told_of_the_next_charge(
    engine, sponsorship, payment
):
    renews = sponsorship.paid_through
    engine.refund(payment.charge)
    world.days(engine, 3)

    client = signed_in(sponsorship.bought_by)
    page = client.get(f"/companies/{sponsorship.company.slug}/home/").content.decode()

    assert f"on {renews.day} {renews:%B %Y}" in page
    assert "It goes on, and is charged when its next period begins." in page


# At the door


def form(payment, **values):
    left = weighing.left(payment).amount
    return {"amount": "25", "why": "Agreed", "left": left, **values}


def test_the_page_says_what_it_means_before_anything_happens(payment, staff):
    client, path = signed_in(staff), f"/staff/payments/{payment.pk}/refund/"

    page = client.post(path, form(payment))

    assert page.status_code == 200
    for words in ("£25.00", "£96.80 now", "£71.80 afterwards", "cannot be taken back", "£3.20"):
        assert words in page.content.decode()
    assert not Asked.objects.exists()
    answer = client.post(path, form(payment, confirmed="yes"))
    assert answer.url == f"/staff/payments/{payment.pk}/"
    assert Refund.objects.get().amount == 2500


@pytest.mark.parametrize("values", [
    {"amount": ""}, {"amount": "-1"}, {"amount": "100.01"}, {"amount": "1,5"}, {"amount": "NaN"},
    {"why": ""}, {"why": "x" * 301}, {"why": "\u202e"}, {"left": "x"}, {"left": ""},
])  # fmt: skip
def test_what_makes_no_sense_is_to_be_mended(payment, staff, values):
    client, path = signed_in(staff), f"/staff/payments/{payment.pk}/refund/"

    page = client.post(path, form(payment, confirmed="yes", **values))

    assert page.status_code == 422
    assert not Asked.objects.exists()


def test_while_stripe_does_not_answer_the_wish_is_kept(engine, payment, staff):
    engine.faults.add("POST /v1/credit_notes", "timeout_before", 9)
    client, path = signed_in(staff), f"/staff/payments/{payment.pk}/refund/"

    page = client.post(path, form(payment, confirmed="yes"), follow=True)

    assert "asked again by itself" in page.content.decode()
    assert Asked.objects.get().status == "asked"


def test_payments_are_found_by_whose_they_are_in_a_constant_number_of_questions(
    engine, staff, payment, django_assert_max_num_queries
):
    client, name = signed_in(staff), payment.invoice.sponsorship.company.display_name
    scenarios.settled(engine)
    for kind in ("", "disputed", "refunded", "surplus", "failed", "warned", "nonsense"):
        assert client.get("/staff/payments/", {"show": kind}).status_code == 200

    with django_assert_max_num_queries(9):
        page = client.get("/staff/payments/", {"q": name}).content.decode()

    assert page.count(f"/staff/payments/{payment.pk}/") == 1
    assert page.count('scope="row"') == 1


def test_staff_are_told_what_waits(engine, payment, staff):
    engine.warn_of_fraud(payment.charge)
    pay_once_more(engine, Invoice.objects.get())
    engine.deliver()
    client = signed_in(staff)
    for kind in ("warned", "surplus"):
        assert b'scope="row"' in client.get("/staff/payments/", {"show": kind}).content

    engine.dispute(payment.charge)
    engine.deliver()

    assert b'scope="row"' not in client.get("/staff/payments/", {"show": "warned"}).content
    assert "1 waits" in client.get("/staff/").content.decode()
    dispute = Dispute.objects.get()
    page = client.get(f"/staff/disputes/{dispute.pk}/").content.decode()
    assert "somebody else paid with it" in page
    assert f"payments/{payment.payment_intent}" in page
    assert str(payment.invoice) in page


def test_the_sponsorships_page_says_what_went_back(engine, sponsorship, payment):
    engine.refund(payment.charge, 1000)
    engine.dispute(payment.charge)
    engine.deliver()

    client = signed_in(sponsorship.bought_by)
    page = client.get(sponsorship.get_absolute_url()).content.decode()

    assert "was given back" in page
    assert "took invoice" in page


# Races


@pytest.mark.django_db(transaction=True)
def test_of_many_who_give_back_at_once_one_does(transactional_db):
    with world.engine() as engine:
        scenarios.settled(engine)
        payment, staff = Payment.objects.get(), factories.user(is_staff=True)
        asked_for = wish(payment, 6000)

        outcomes = racing.together(
            lambda: giving_back.ask(
                Payment.objects.select_related("invoice").get(), asked_for, by=staff,
                now=clock.now(),
            ),
            threads=6,
        )  # fmt: skip

        refused = [one for one in outcomes if isinstance(one, CannotGiveBack)]
        assert len(refused) == 5, outcomes
        assert [row.amount for row in Refund.objects.all()] == [6000]
        engine.deliver()
        insist_books_agree(engine)


@pytest.mark.django_db(transaction=True)
def test_a_refund_and_a_dispute_at_once_are_both_in_the_books(transactional_db):
    with world.engine() as engine:
        sponsorship = scenarios.settled(engine)
        payment = Payment.objects.get()
        engine.refund(payment.charge, 3000)
        engine.dispute(payment.charge)

        racing.together(lambda: tasks._refresh(payment.payment_intent), threads=4)
        engine.deliver()

        assert Movement.objects.count() == 2
        assert held(sponsorship) == -320 - 1500
        insist_books_agree(engine)


@pytest.mark.django_db(transaction=True)
def test_a_refund_and_the_companys_own_end_at_once_leave_one_ended_sponsorship(transactional_db):
    with world.engine() as engine:
        sponsorship = scenarios.settled(engine)
        payment, staff = Payment.objects.get(), factories.user(is_staff=True)
        deeds = iter(
            [
                lambda: give(payment, by=staff, ends=True),
                lambda: ending.cancel(Sponsorship.objects.with_parties().get()),
            ]
        )

        racing.together(lambda: next(deeds)(), threads=2)
        engine.deliver()
        tasks.sweep_asked()

        sponsorship.refresh_from_db()
        assert sponsorship.status in (Status.CANCELLED, Status.CANCELLING)
        assert Refund.objects.count() == 1
        assert (
            balances.of(posting.project(sponsorship.project_id, Account.Kind.HELD), "GBP").amount
            == -320
        )
        insist_books_agree(engine)


def test_the_company_is_told_once_with_the_reason(payment, staff):
    give(payment, 2500, by=staff)

    message = outbox.Message.objects.get(key=f"refund:{Refund.objects.get().stripe_id}")
    assert "Agreed" in message.body
    assert payment.invoice.sponsorship.company.billing_email in message.recipients


def test_a_row_says_what_is_on_its_way_and_offers_no_second_link(
    engine, sponsorship, payment, staff
):
    row = Asked.objects.create(payment=payment, amount=2500, why="W", by=staff, at=clock.now())
    page = f"/maintain/{sponsorship.project.slug}/received/"
    treasurer = signed_in(owner_of(sponsorship))

    shown = treasurer.get(page).content.decode()
    assert "Going back: £25.00" in shown
    assert "/refund/" not in shown

    row.status = Asked.Status.REFUSED
    row.save()
    shown = treasurer.get(page).content.decode()
    assert "Going back" not in shown
    assert "/refund/" in shown
