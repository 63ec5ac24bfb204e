"""Ending at the period's end, undoing it, and what stands how long."""

from datetime import timedelta

from django.core.management import call_command
from django.test import Client

from funding.office import clock
from funding.office.models import Message
from funding.projects.models import Funding, Tier
from sponsors.billing import ending, states
from sponsors.sponsorships import tasks
from sponsors.sponsorships.models import Sponsorship, Status
from tests import factories, scenarios, world


def wall(project):
    return Client().get(project.get_absolute_url()).content.decode()


def test_a_cancelled_one_stands_to_its_last_day_and_grace_then_leaves_the_wall(
    engine, user, signed_in
):
    company = factories.company(user, display_name="Kestrel Bank")
    sponsorship = scenarios.settled(engine, company)
    project = sponsorship.project

    signed_in.post(f"/sponsorships/{sponsorship.pk}/cancel/")
    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.CANCELLING
    assert Funding.objects.get(pk=project.pk).committed == sponsorship.a_month

    engine.advance(int((sponsorship.paid_through + timedelta(days=13)).timestamp()))
    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.CANCELLED
    assert "Kestrel Bank" in wall(project)
    assert Funding.objects.get(pk=project.pk).committed == 0

    world.days(engine, 1.5)
    assert "Kestrel Bank" not in wall(project)


def test_undoing_lets_it_renew(engine, user, signed_in):
    sponsorship = scenarios.settled(engine, factories.company(user))
    signed_in.post(f"/sponsorships/{sponsorship.pk}/cancel/")

    signed_in.post(f"/sponsorships/{sponsorship.pk}/undo/")
    world.days(engine, 35)

    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.ACTIVE
    assert sponsorship.invoices.filter(status="paid").count() == 2


def test_cancelling_twice_asks_once_and_says_so(engine, user, signed_in):
    sponsorship = scenarios.settled(engine, factories.company(user))
    address = f"/sponsorships/{sponsorship.pk}/cancel/"
    signed_in.post(address)

    again = signed_in.post(address, follow=True)

    assert again.status_code == 200
    assert "It ends soon and is not renewed." in again.content.decode()


def test_the_seat_is_free_when_it_has_ended_and_not_before(engine, user, signed_in):
    sponsorship = scenarios.settled(engine, factories.company(user), factories.tier(seats=1))
    signed_in.post(f"/sponsorships/{sponsorship.pk}/cancel/")
    assert Tier.objects.get().taken == 1

    world.days(engine, 32)

    assert Tier.objects.get().taken == 0


def test_a_failing_card_is_past_due_stands_in_grace_and_lapses(engine):
    sponsorship = scenarios.settled(engine)
    engine.replace_card(sponsorship.subscription.customer.stripe_id, "4000000000000341")

    world.days(engine, 33)
    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.PAST_DUE
    assert sponsorship.committed_until == sponsorship.stands_until
    assert Sponsorship.objects.standing(clock.now()).exists()

    world.days(engine, 20)
    tasks.refresh_funding()
    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.LAPSED
    assert not Sponsorship.objects.standing(clock.now()).exists()
    assert Funding.objects.get().committed == 0


def test_past_due_stops_counting_when_grace_is_over_though_nobody_writes(engine):
    sponsorship = scenarios.settled(engine)
    engine.replace_card(sponsorship.subscription.customer.stripe_id, "4000000000000341")
    world.days(engine, 33)
    version = Funding.objects.get().version
    sponsorship.refresh_from_db()

    with clock.stopped_at(sponsorship.stands_until + timedelta(seconds=1)):
        tasks.refresh_funding()

    funding = Funding.objects.get()
    assert funding.committed == 0
    assert funding.version > version


def test_when_stripe_does_not_answer_nothing_has_changed_and_it_can_be_asked_again(
    engine, user, signed_in
):
    sponsorship = scenarios.settled(engine, factories.company(user))
    operation = "POST /v1/subscriptions/{subscription_exposed_id}"
    engine.faults.add(operation, "timeout_before", times=3)

    failed = signed_in.post(f"/sponsorships/{sponsorship.pk}/cancel/", follow=True)
    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.ACTIVE
    assert "does not answer" in failed.content.decode()

    signed_in.post(f"/sponsorships/{sponsorship.pk}/cancel/")
    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.CANCELLING


def test_ending_while_a_payment_failed_ends_at_once_and_takes_the_invoice_back(
    engine, user, signed_in
):
    sponsorship = scenarios.settled(engine, factories.company(user))
    engine.replace_card(sponsorship.subscription.customer.stripe_id, "4000000000000341")
    world.days(engine, 33)

    page = signed_in.get(f"/sponsorships/{sponsorship.pk}/cancel/").content.decode()
    signed_in.post(f"/sponsorships/{sponsorship.pk}/cancel/")
    engine.replace_card(sponsorship.subscription.customer.stripe_id, "4242424242424242")
    world.days(engine, 40)

    sponsorship.refresh_from_db()
    assert "ends at once" in page
    assert sponsorship.status == Status.CANCELLED
    assert sorted(invoice.status for invoice in sponsorship.invoices.all()) == ["paid", "void"]
    call_command("check_books")


def test_an_end_that_was_cut_off_after_its_invoice_was_taken_back_is_finished(
    engine, user, signed_in
):
    sponsorship = scenarios.settled(engine, factories.company(user))
    engine.replace_card(sponsorship.subscription.customer.stripe_id, "4000000000000341")
    world.days(engine, 33)
    operation = "DELETE /v1/subscriptions/{subscription_exposed_id}"
    engine.faults.add(operation, "timeout_before", times=3)

    signed_in.post(f"/sponsorships/{sponsorship.pk}/cancel/")
    engine.deliver()

    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.CANCELLED
    assert sorted(invoice.status for invoice in sponsorship.invoices.all()) == ["paid", "void"]


def test_when_the_invoice_cannot_be_taken_back_nothing_ends_and_it_can_be_asked_again(
    engine, user, signed_in
):
    sponsorship = scenarios.settled(engine, factories.company(user))
    engine.replace_card(sponsorship.subscription.customer.stripe_id, "4000000000000341")
    world.days(engine, 33)
    engine.faults.add("POST /v1/invoices/{invoice}/void", "timeout_before", times=3)
    signed_in.post(f"/sponsorships/{sponsorship.pk}/cancel/")
    engine.deliver()
    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.PAST_DUE

    signed_in.post(f"/sponsorships/{sponsorship.pk}/cancel/")

    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.CANCELLED
    assert sorted(invoice.status for invoice in sponsorship.invoices.all()) == ["paid", "void"]


def written(word):
    return Message.objects.filter(key__startswith=word).order_by("pk")


def test_both_sides_are_told_of_an_end_and_of_its_undoing_each_time(engine):
    sponsorship = scenarios.settled(engine, factories.company(display_name="Kestrel"))

    ending.cancel(sponsorship)
    sponsorship.refresh_from_db()
    ending.undo(sponsorship)
    sponsorship.refresh_from_db()
    ending.cancel(sponsorship)

    subjects = list(written("change_of_mind").values_list("subject", flat=True))
    assert [subject.split(" ends on")[0] for subject in subjects] == [
        f"Your sponsorship of {sponsorship.project}", f"Your sponsorship of {sponsorship.project} goes on",
        f"Your sponsorship of {sponsorship.project}",
    ]  # fmt: skip
    told = written("sponsor_changed")
    assert [message.recipients for message in told] == [
        [sponsorship.project.maintainers.get().user.email]
    ] * 3
    assert "Kestrel" in told[0].subject


def test_maintainers_are_not_told_the_name_of_who_is_not_named_nor_what_was_paid(engine):
    company = factories.company(display_name="Kestrel")
    sponsorship = scenarios.settled(engine, company, visibility="anonymous")

    ending.cancel(sponsorship)

    told = written("sponsor_changed").get()
    assert "Kestrel" not in told.subject + told.body
    assert "less is paid for" not in told.body


# Why


WHY = {"reason": "shown", "words": "Nothing was\nto be seen <b>of it</b>"}


def test_the_maintainers_read_why_on_their_desk_and_in_the_mail(engine, user, signed_in):
    sponsorship = scenarios.settled(engine, factories.company(user))

    page = signed_in.post(f"/sponsorships/{sponsorship.pk}/cancel/", WHY, follow=True)

    sponsorship.refresh_from_db()
    assert (sponsorship.end_reason, sponsorship.end_words) == (
        "shown", "Nothing was to be seen <b>of it</b>",
    )  # fmt: skip
    assert "We saw too little" in page.content.decode()
    told = written("sponsor_changed").get().body
    assert "We saw too little" in told
    assert "to be seen" in told
    owner = Client()
    owner.force_login(sponsorship.project.maintainers.get().user)
    desk = owner.get(f"/maintain/{sponsorship.project.slug}/").content.decode()
    assert "We saw too little of what the money did" in desk
    assert "&lt;b&gt;of it" in desk


def test_undoing_clears_why(engine, user, signed_in):
    sponsorship = scenarios.settled(engine, factories.company(user))
    signed_in.post(f"/sponsorships/{sponsorship.pk}/cancel/", WHY)

    signed_in.post(f"/sponsorships/{sponsorship.pk}/undo/")

    sponsorship.refresh_from_db()
    assert (sponsorship.end_reason, sponsorship.end_words) == ("", "")


def test_a_reason_that_is_none_and_words_that_are_too_many_end_nothing(engine, user, signed_in):
    sponsorship = scenarios.settled(engine, factories.company(user))
    address = f"/sponsorships/{sponsorship.pk}/cancel/"

    for wrong in ({"reason": "weather"}, {"words": "x" * 301}, {"words": "\u202e\u202e"}):
        answer = signed_in.post(address, wrong)
        assert answer.status_code == 422

    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.ACTIVE


def test_a_reason_from_stripe_s_portal_is_told_in_our_words(engine):
    sponsorship = scenarios.settled(engine)

    engine.cancel_in_portal(
        sponsorship.subscription.stripe_id,
        wanted=True,
        feedback="too_expensive",
        comment="é" * 500,
    )
    engine.deliver()

    sponsorship.refresh_from_db()
    assert (sponsorship.status, sponsorship.end_reason) == (Status.CANCELLING, "budget")
    assert sponsorship.end_words == "é" * 300


def test_each_reason_comes_back_from_stripe_as_it_went():
    assert all(states.REASONS[word] == reason for reason, word in states.FEEDBACK.items())


def test_maintainers_do_not_read_that_a_payment_of_a_named_company_failed(engine, user):
    made = scenarios.settled(engine, factories.company(user, display_name="Kestrel"))
    engine.replace_card(made.subscription.customer.stripe_id, "4000000000000341")
    engine.deliver()
    world.days(engine, 32)

    ending.cancel(Sponsorship.objects.with_parties().get())

    told = Message.objects.get(key__startswith="sponsor_changed")
    assert "Kestrel asked for the end." in told.body
    assert "fail" not in told.subject + told.body
