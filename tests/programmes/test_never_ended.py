"""Rounds that nobody ends, and what was announced and stays: reviews, the day on which all is deleted."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from funding.office import clock
from funding.office.models import Message
from funding.programmes import (
    eligibility,
    ending_rounds,
    phases,
    places,
    purging,
    releasing,
    reminding_organisers,
    running_places,
    scheduling,
    waiting,
)
from funding.programmes.models import Application, Deed, Instalment, Phase, Post, Round
from funding.programmes.refusals import Refused
from sponsors.billing import attention
from tests import factories
from tests.programmes import applicants, scenes
from tests.programmes import running_scenes as running

pytestmark = [pytest.mark.django_db, pytest.mark.database]
OVER = datetime(2026, 3, 31, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SECRET = "Canary is ill"


@pytest.fixture
def round_():
    """Its last phase ended on 31 March; what applicants wrote is kept six months."""
    made = running.round_(purge_months=6)
    made.phases.exclude(kind="funding").delete()
    Phase.objects.filter(round=made).update(starts_at=OVER - 90 * DAY, ends_at=OVER)
    return made


def test_what_applicants_wrote_is_deleted_though_nobody_ended_the_round(round_):
    scenes.application(round_, about="Canary")
    due = datetime(2027, 3, 31, 12, tzinfo=UTC)  # six months and six

    assert purging.purge(now=due - timedelta(seconds=1)) == []
    assert purging.purge(now=due) == [round_]

    assert Application.objects.get().about == ""
    assert purging.purge(now=due + DAY) == []


def test_a_round_that_was_ended_is_purged_by_its_end_alone(round_):
    Round.objects.filter(pk=round_.pk).update(status="done", ended_at=OVER + 100 * DAY)

    round_.refresh_from_db()
    assert purging.due_at(round_) == datetime(2027, 1, 9, 12, tzinfo=UTC)


def test_applicants_are_told_two_weeks_before_of_that_too(round_):
    scenes.application(round_)
    due = purging.due_at(round_)

    assert purging.announce(now=due - 15 * DAY) == 0
    assert purging.announce(now=due - 14 * DAY) == 1


@pytest.mark.parametrize("page", ["round", "apply"])
def test_the_round_says_so(page):
    round_ = applicants.open_round(purge_months=3, looks_for="People.")
    address = reverse(f"programmes:{page}", args=[round_.programme.slug, round_.slug])

    said = running.client_of(running.organiser(round_)).get(address).content.decode()

    assert "9 months after its last phase if nobody has ended it" in said


def test_dates_are_not_moved_once_all_is_deleted(round_):
    Round.objects.filter(pk=round_.pk).update(purged_at=clock.now())

    with pytest.raises(Refused, match="deleted already"):
        scheduling.save(round_=round_, times=scheduling.of(round_), by=running.organiser(round_))


def test_organisers_are_reminded_three_times(round_):
    days = [day for day in range(200) if reminding_organisers.remind(now=OVER + day * DAY)]

    assert days == [14, 60, 120]


def test_the_reminder_says_what_is_missing_and_when_all_is_deleted(round_):
    reminding_organisers.remind(now=OVER + 14 * DAY)

    mail = Message.objects.get()
    assert mail.recipients == [running.organiser(round_).email]
    assert "* The final report is not published." in mail.body
    assert "deleted on 31 March 2027" in mail.body


def test_a_run_that_comes_late_tells_once(round_):
    assert reminding_organisers.remind(now=OVER + 70 * DAY) == 1
    assert reminding_organisers.remind(now=OVER + 71 * DAY) == 0


@pytest.mark.parametrize("status", ["done", "failed", "draft"])
def test_only_rounds_that_are_under_way_are_reminded_of(round_, status):
    Round.objects.filter(pk=round_.pk).update(status=status)

    assert reminding_organisers.remind(now=OVER + 60 * DAY) == 0


def test_it_is_a_task_on_their_desk(round_):
    round_.refresh_from_db()

    assert not waiting.of([round_], now=OVER + 13 * DAY)[round_.pk]
    (task,) = waiting.of([round_], now=OVER + 14 * DAY)[round_.pk]
    assert task.page == "end-round"
    assert list(ending_rounds.overdue(now=OVER + 14 * DAY)) == [round_]


def staff_page(address):
    return running.client_of(factories.user(is_staff=True)).get(address).content.decode()


def over_for(round_, days):
    times = {"starts_at": clock.now() - 300 * DAY, "ends_at": clock.now() - days * DAY}
    Phase.objects.filter(round=round_).update(**times)


def test_staff_see_a_round_that_was_forgotten_for_two_months(round_):
    over_for(round_, 61)

    page = staff_page("/staff/rounds/")

    assert str(round_) in page and running.organiser(round_).email in page
    assert "What applicants wrote is deleted on" in page
    assert [one.count for one in attention.tasks(now=clock.now()) if "ends" in one.title] == [1]


def test_what_is_deleted_by_then_is_said_so(round_):
    over_for(round_, 61)
    Round.objects.filter(pk=round_.pk).update(purged_at=clock.now())

    assert "What applicants wrote was deleted on" in staff_page("/staff/rounds/")


def test_staff_are_told_when_no_round_is_forgotten(round_):
    over_for(round_, 59)

    assert "Every round that is over is ended." in staff_page("/staff/rounds/")


def test_before_that_nothing_waits_for_them(round_):
    tasks = attention.tasks(now=OVER + 59 * DAY)

    assert [one.count for one in tasks if one.title == "Rounds that nobody ends"] == [0]


# What is purged


@pytest.fixture
def purged(round_):
    place, by = running.place(round_), running.organiser(round_)
    first, second = place.instalments.all()
    running_places.release(first.pk, by=by, reason=SECRET, now=clock.now())
    releasing.hold(second.pk, by=by, reason=SECRET)
    running_places.extend(place.pk, weeks=1, reason=SECRET, by=by, now=clock.now())
    running.post(place, body=SECRET)
    running.post(place, title="Shown", released_at=clock.now())
    running_places.end_early(place.pk, last_day=clock.today(), reason=SECRET, by=by)
    purging.purge(now=purging.due_at(round_))
    place.refresh_from_db()
    return place


def test_why_something_was_decided_of_somebody_is_purged(purged):
    reasons = [purged.end_reason, purged.extensions.get().reason]
    reasons += purged.instalments.values_list("reason", flat=True)

    assert SECRET not in reasons
    assert Instalment.objects.filter(reason=purging.GONE).count() == 2  # that there was one stays


def test_posts_that_sponsors_were_never_shown_are_purged(purged):
    assert [one.title for one in Post.objects.all()] == ["Shown"]


def test_who_declined_is_not_named_in_the_log_after_that(round_):
    place = scenes.offered(scenes.application(round_))
    places.decline(place=place, by=place.user, words=SECRET, now=clock.now())
    assert Deed.objects.filter(by=place.user).exists()

    purging.purge(now=purging.due_at(round_))

    assert not Deed.objects.filter(by=place.user).exists()


def test_why_it_was_announced_early_is_purged(round_):
    Round.objects.filter(pk=round_.pk).update(early_because=SECRET)

    purging.purge(now=purging.due_at(round_))

    assert Round.objects.get(pk=round_.pk).early_because == ""


# What was announced


def without_review(round_):
    return {kind: one for kind, one in scheduling.of(round_).items() if kind != "review"}


def test_the_review_phase_stays_once_somebody_has_applied():
    round_ = scenes.round_(during="applications")
    scenes.application(round_)

    with pytest.raises(Refused, match="the review phase stays"):
        scheduling.save(round_=round_, times=without_review(round_), by=running.organiser(round_))

    assert phases.find(Round.objects.get(pk=round_.pk), "review") is not None


def test_an_application_that_was_withdrawn_was_sent_under_that_rule_too():
    round_ = scenes.round_(during="applications")
    scenes.application(round_, status="withdrawn", submitted_at=clock.now())

    with pytest.raises(Refused):
        scheduling.save(round_=round_, times=without_review(round_), by=running.organiser(round_))

    assert round_.phases.filter(kind="review").exists()


def test_before_that_it_may_go():
    round_ = scenes.round_(during="applications")

    scheduling.save(round_=round_, times=without_review(round_), by=running.organiser(round_))

    assert not round_.phases.filter(kind="review").exists()


@pytest.mark.parametrize(
    "status, number, answer", [("open", 2, 422), ("open", 4, 302), ("draft", 2, 302)]
)
def test_reviews_that_were_announced_get_no_fewer(status, number, answer):
    round_ = scenes.round_(reviews_needed=3, status=status)
    client = running.client_of(running.organiser(round_))
    address = reverse("programmes:rules", args=[round_.programme.slug, round_.slug])
    form = client.get(address).context["form"]
    seen = form.fields["seen"].initial
    said = {"reviews_needed": number, "accept_days": 7, "purge_months": 6, "seen": seen or ""}

    assert client.post(address, said).status_code == answer

    round_.refresh_from_db()
    assert round_.reviews_needed == (number if answer == 302 else 3)


def test_the_page_of_the_round_says_how_many_read_each():
    round_ = scenes.round_(during="applications", looks_for="People.", reviews_needed=3)

    page = running.client_of(running.organiser(round_)).get(round_.get_absolute_url())

    assert "by 3 reviewers at least" in page.content.decode()


def test_an_applicant_who_goes_back_and_forth_does_not_flood_the_log():
    round_ = applicants.open_round()
    adult = applicants.criterion(round_)
    made = applicants.draft(round_)

    for number in range(20):
        said = {f"c{adult.pk}": "no" if number % 2 else "yes"}
        eligibility.answer(application=made, data=applicants.data(**said))

    lines = round_.deeds.filter(words__contains="eligibility")
    assert lines.count() == eligibility.MOST_NOTED
    assert lines.first().words.endswith("change 5, the last that is noted.")
