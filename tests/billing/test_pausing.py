"""Leaving out charges for a while, and what that means for week, name and seat."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from funding.office import clock
from funding.office.models import Message
from funding.projects.models import Funding, Tier
from sponsors.billing import describing, documents, ending, pausing, tasks
from sponsors.billing.models import Subscription
from sponsors.sponsorships import refusals
from sponsors.sponsorships.models import Sponsorship, Status
from tests import factories, scenarios, world


@pytest.fixture
def sponsorship(engine, user):
    """Paid on 5 January for a month; it is the 15th."""
    made = scenarios.settled(engine, factories.company(user, display_name="Kestrel"))
    world.days(engine, 10)
    return made


def written(word):
    return Message.objects.filter(key__startswith=word)


def day(instant):
    return instant.strftime("%m-%d")


@pytest.mark.parametrize(
    ("months", "goes_on", "charged"), [(1, "03-04", "03-05"), (3, "05-04", "05-05")]
)
def test_so_many_charges_are_left_out_and_then_it_goes_on_by_itself(
    engine, sponsorship, months, goes_on, charged
):
    paused = pausing.pause(sponsorship, months=months)
    assert (paused.status, day(paused.resumes_at)) == (Status.PAUSED, goes_on)
    assert Funding.objects.get().committed == 0
    assert Tier.objects.get().taken == 1

    engine.advance(int((paused.resumes_at + timedelta(days=2)).timestamp()))

    sponsorship.refresh_from_db()
    assert (sponsorship.status, sponsorship.resumes_at) == (Status.ACTIVE, None)
    paid = sponsorship.invoices.filter(status="paid").order_by("id")
    assert [day(one.period_starts_at) for one in paid] == ["01-05", charged]
    assert Funding.objects.get().committed == 10000
    call_command("check_books")


def test_the_paper_of_a_charge_that_was_left_out_says_why(engine, sponsorship, signed_in):
    pausing.pause(sponsorship, months=1)
    world.days(engine, 30)

    paper = sponsorship.invoices.get(status="void")
    said = describing.sheet(documents.load([paper.stripe_id])[0], now=clock.now())
    page = signed_in.get(f"/sponsorships/{sponsorship.pk}/").content.decode()

    assert said["stamp"] == "Not charged: the sponsorship was paused"
    assert "the sponsorship was paused" in page


def test_the_name_stands_for_what_was_paid_and_grace_and_comes_back_with_the_payment(
    engine, sponsorship
):
    pausing.pause(sponsorship, months=2)

    world.days(engine, 30)  # 14 February
    assert Sponsorship.objects.standing(clock.now()).exists()
    world.days(engine, 10)
    assert not Sponsorship.objects.standing(clock.now()).exists()
    world.days(engine, 45)
    assert Sponsorship.objects.standing(clock.now()).exists()


def test_it_can_go_on_earlier_and_is_charged_with_its_next_period(engine, sponsorship):
    pausing.pause(sponsorship, months=3)
    world.days(engine, 30)
    sponsorship.refresh_from_db()

    after = pausing.resume(sponsorship)
    assert after.status == Status.ACTIVE
    world.days(engine, 25)
    assert Funding.objects.get().committed == 10000

    paid = sponsorship.invoices.filter(status="paid").order_by("id")
    assert [day(one.period_starts_at) for one in paid] == ["01-05", "03-05"]


def test_a_31st_leaves_out_exactly_one_charge(engine, user):
    engine.advance(int(clock.now().replace(day=31).timestamp()))
    sponsorship = scenarios.settled(engine, factories.company(user))

    pausing.pause(sponsorship, months=1)
    world.days(engine, 65)

    paid = sponsorship.invoices.filter(status="paid").order_by("id")
    assert [day(one.period_starts_at) for one in paid] == ["01-31", "03-31"]


def test_both_sides_are_told_and_the_company_again_a_week_before_it_goes_on_once(
    engine, sponsorship
):
    pausing.pause(sponsorship, months=1)
    tasks.remind_of_pauses()
    assert (written("paused:").count(), written("sponsor_paused:").count()) == (1, 1)
    assert not written("resumes-soon").exists()

    world.days(engine, 43)
    for _ in range(2):
        tasks.remind_of_pauses()
    world.days(engine, 10)

    assert written("resumes-soon").count() == 1
    assert (written("resumed:").count(), written("sponsor_resumed:").count()) == (1, 1)


def test_a_paused_one_that_is_paid_for_can_end_with_its_period(engine, sponsorship):
    paused = pausing.pause(sponsorship, months=2)

    after = ending.cancel(paused)
    assert (after.status, Funding.objects.get().committed) == (Status.CANCELLING, 10000)
    world.days(engine, 25)

    assert Sponsorship.objects.get().status == Status.CANCELLED
    assert sponsorship.invoices.count() == 1


def test_a_paused_one_that_nothing_is_paid_for_ends_at_once(engine, sponsorship):
    pausing.pause(sponsorship, months=3)
    world.days(engine, 40)
    sponsorship.refresh_from_db()

    after = ending.cancel(sponsorship, reason="budget", words="Next year again")

    assert (after.status, after.end_reason, after.end_words) == (
        Status.CANCELLED, "budget", "Next year again",
    )  # fmt: skip
    assert Subscription.objects.get().status == "canceled"
    assert Tier.objects.get().taken == 0


def test_a_pause_made_at_stripe_without_an_end_is_a_pause(engine, sponsorship):
    with engine.lock:
        from sandbox import changes

        changes.update(
            engine.account, {"pause_collection": {"behavior": "void"}},
            sponsorship.subscription.stripe_id,
        )  # fmt: skip
    engine.deliver()

    sponsorship.refresh_from_db()
    assert (sponsorship.status, sponsorship.resumes_at) == (Status.PAUSED, None)


def test_yearly_ones_and_those_that_end_or_are_past_due_are_not_paused(engine, sponsorship):
    year = scenarios.settled(engine, interval="year")
    with pytest.raises(refusals.NotAllowed, match="A year is paid for at once"):
        pausing.pause(year, months=1)
    for status in (Status.CANCELLING, Status.PAST_DUE, Status.PAUSED):
        sponsorship.status = status
        with pytest.raises(refusals.NotAllowed):
            pausing.pause(sponsorship, months=1)


def test_the_pages_say_what_it_means_and_do_it(engine, sponsorship, signed_in):
    address = f"/sponsorships/{sponsorship.pk}/pause/"
    page = signed_in.get(address).content.decode()
    assert "The next charge would be on 5 February 2026" in page
    assert "goes on by itself on 4 April 2026 and is charged on 5 April 2026" in page

    assert signed_in.post(address, {"months": "7"}).status_code == 422
    shown = signed_in.post(address, {"months": "2"}, follow=True).content.decode()
    assert "goes on by itself on 4 April 2026" in shown
    again = signed_in.post(address, {"months": "1"}, follow=True).content.decode()
    assert "It is paused. To change that" in again
    back = signed_in.post(f"/sponsorships/{sponsorship.pk}/resume/", follow=True).content.decode()

    assert "counts for the week again" in back
    assert (
        "not paused"
        in signed_in.post(f"/sponsorships/{sponsorship.pk}/resume/", follow=True).content.decode()
    )


def test_when_stripe_does_not_answer_nothing_is_paused(engine, sponsorship, signed_in):
    operation = "POST /v1/subscriptions/{subscription_exposed_id}"
    engine.faults.add(operation, "timeout_before", times=3)

    page = signed_in.post(f"/sponsorships/{sponsorship.pk}/pause/", {"months": "1"}, follow=True)

    assert "does not answer" in page.content.decode()
    assert Sponsorship.objects.get().status == Status.ACTIVE


def test_it_counts_again_at_once_while_it_is_paid_for(engine, sponsorship):
    pausing.pause(sponsorship, months=3)

    pausing.resume(Sponsorship.objects.get())

    assert Funding.objects.get().committed == 10000
    call_command("check_books")


def test_going_on_early_counts_from_the_next_charge_and_not_for_time_nobody_pays_for(
    engine, sponsorship, signed_in
):
    pausing.pause(sponsorship, months=3)
    world.days(engine, 28)  # 12 February: the charge of the 5th was left out

    address = f"/sponsorships/{sponsorship.pk}/resume/"
    page = signed_in.post(address, follow=True).content.decode()

    assert "from its next charge on" in page
    assert "from its next charge" in written("resumed:").get().body
    assert Sponsorship.objects.get().status == Status.ACTIVE
    assert Funding.objects.get().committed == 0
    call_command("check_books")
    engine.advance(int(clock.now().replace(month=3, day=5, hour=18).timestamp()))
    assert Funding.objects.get().committed == 10000
    call_command("check_books")


def test_a_pause_cannot_follow_upon_a_pause_without_a_payment_between(engine, sponsorship):
    paused = pausing.pause(sponsorship, months=3)
    engine.advance(int((paused.resumes_at + timedelta(hours=2)).timestamp()))
    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.ACTIVE

    with pytest.raises(refusals.NotPaidYet):
        pausing.pause(sponsorship, months=3)
    world.days(engine, 3)
    sponsorship.refresh_from_db()

    assert pausing.pause(sponsorship, months=3).status == Status.PAUSED
    assert sponsorship.invoices.filter(status="paid").count() == 2


def test_page_and_mails_tell_the_same_days(engine, sponsorship):
    pausing.pause(sponsorship, months=1)

    told = written("paused:").get().body.replace("\n", " ")

    assert "by itself on 4 March 2026 and is charged on 5 March 2026" in told
