"""Rounds: begun, copied, dated, opened, taken back and called off."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from funding.office import clock
from funding.programmes import instants, opening, phases, scheduling
from funding.programmes.models import (
    Checkpoint,
    Criterion,
    FundingCall,
    Programme,
    Question,
    Round,
)
from funding.programmes.refusals import Refused
from sponsors.sponsorships import commitments
from tests.programmes import scenes

pytestmark = [pytest.mark.django_db, pytest.mark.database]
DAY = timedelta(days=1)


def draft(**values):
    """With everything that it needs."""
    said = {"lead": "L.", "looks_for": "W.", "agreement": "A.", "status": "draft"}
    round_ = scenes.round_(scenes.programme(published_at=None), **{**said, **values})
    Round.objects.filter(pk=round_.pk).update(opened_at=None)
    scenes.call(round_, state="draft", opened_at=None)
    return round_


def organiser(round_):
    return round_.programme.parts.get(role="organiser").user


def opened(round_):
    return opening.open_round(round_=round_, by=organiser(round_), now=clock.now())


def test_opening_shows_programme_round_and_call_to_everybody():
    round_ = draft()

    assert opened(round_)
    assert not opened(round_)

    round_.refresh_from_db()
    assert round_.status == "open"
    assert Programme.objects.get().published_at is not None
    call = FundingCall.objects.get()
    assert (call.state, call.closes_at) == ("open", round_.phases.get(kind="funding").ends_at)
    assert call.notes.count() == 1
    assert "opened the round" in round_.deeds.first().words


def test_what_is_missing_is_said_and_nothing_is_opened():
    round_ = draft(lead="", agreement="")

    with pytest.raises(opening.NotReady) as refused:
        opened(round_)

    assert len(refused.value.missing) == 2
    assert Round.objects.get().status == "draft"


def test_a_closing_in_the_past_is_not_opened():
    round_ = draft()

    with (
        clock.stopped_at(clock.now() + 60 * DAY),
        pytest.raises(opening.NotReady, match="Not all"),
    ):
        opened(round_)


def test_seats_that_do_not_sum_are_not_opened():
    round_ = draft()
    round_.call.shares.filter(pk=round_.call.shares.first().pk).update(amount=1)

    with pytest.raises(opening.NotReady):
        opened(round_)


def test_a_round_is_taken_back_while_nobody_has_had_a_seat():
    round_ = draft()
    opened(round_)

    opening.take_back(round_=round_, by=organiser(round_))

    assert (Round.objects.get().status, FundingCall.objects.get().state) == ("draft", "draft")


def test_a_round_stays_open_once_somebody_has_had_a_seat_even_if_they_gave_it_back():
    round_ = draft()
    opened(round_)
    kept = scenes.reserved(FundingCall.objects.get())
    commitments.withdraw(commitment_id=kept.pk, now=clock.now())

    with pytest.raises(Refused, match="has taken a seat"):
        opening.take_back(round_=round_, by=organiser(round_))

    assert FundingCall.objects.get().state == "open"


def test_a_round_stays_open_once_somebody_applies():
    round_ = draft()
    opened(round_)
    scenes.application(round_, status="draft")

    with pytest.raises(Refused, match="begun to apply"):
        opening.take_back(round_=round_, by=organiser(round_))


def test_a_call_that_is_called_off_ends_as_one_that_missed_its_least():
    round_ = draft()
    opened(round_)
    promised = scenes.committed(FundingCall.objects.get())
    now = clock.now()

    opening.call_off(round_=round_, reason="The mentor is ill", by=organiser(round_), now=now)
    call = FundingCall.objects.get()
    assert list(FundingCall.objects.to_be_closed(now)) == [call]
    assert round_.phases.get(kind="funding").ends_at == call.closes_at
    with pytest.raises(commitments.NoSeat):
        scenes.reserved(call)
    assert commitments.close(call_id=call.pk, now=now)

    promised.refresh_from_db()
    assert promised.status == "released"
    assert "The mentor is ill" in call.notes.order_by("pk")[1].words
    assert Round.objects.get().status == "failed"


def test_a_decided_call_is_not_called_off():
    call = scenes.decided()

    with pytest.raises(Refused, match="decided"):
        opening.call_off(round_=call.round, reason="x", by=organiser(call.round), now=clock.now())


def test_a_treasurer_opens_nothing():
    round_ = draft()
    treasurer = scenes.part(round_.programme, "treasurer").user

    with pytest.raises(Exception, match="Only the organisers"):
        opening.open_round(round_=round_, by=treasurer, now=clock.now())


# Copies


def test_a_round_begins_as_an_earlier_one_was():
    earlier = draft(name="Spring", zone="Europe/Berlin")
    Question.objects.create(round=earlier, text="Why?")
    Criterion.objects.create(round=earlier, text="Of age?", reason="Sorry.")
    running = earlier.phases.get(kind="running")
    Checkpoint.objects.create(
        round=earlier, number=1, title="Half", opens_at=running.starts_at,
        due_at=running.ends_at, instalment=240000,
    )  # fmt: skip
    made = Round(name="Autumn", title="T", zone="Europe/Berlin", previous=earlier)
    now = clock.now() + 200 * DAY

    opening.begin(round_=made, programme=earlier.programme, by=organiser(earlier), now=now)

    assert (made.slug, made.looks_for, made.status) == ("autumn", "W.", "draft")
    assert made.phases.count() == earlier.phases.count()
    assert made.phases.get(kind="funding").ends_at > now
    assert made.call.wanted == earlier.call.wanted
    assert made.call.closes_at == made.phases.get(kind="funding").ends_at
    assert made.questions.count() == made.criteria.count() == made.checkpoints.count() == 1
    assert made.checkpoints.get().opens_at == made.phases.get(kind="running").starts_at
    assert earlier.questions.count() == 1


def test_a_name_that_stands_in_addresses_is_no_rounds_address():
    programme = scenes.programme()
    by = programme.parts.get().user

    made = opening.begin(
        round_=Round(name="People", title="T"), programme=programme, by=by, now=clock.now()
    )

    assert made.slug == "people-2"


def test_two_programmes_have_rounds_of_one_name():
    slugs = [
        opening.begin(
            round_=Round(name="Spring", title="T"), programme=one, by=one.parts.get().user,
            now=clock.now(),
        ).slug
        for one in (scenes.programme(), scenes.programme())
    ]  # fmt: skip

    assert slugs == ["spring", "spring"]


# Dates


def sent(client, round_, **values):
    form = client.get(f"/organise/{round_.programme.slug}/{round_.slug}/dates/").context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    data = {k: v if isinstance(v, str) else f"{v:%Y-%m-%dT%H:%M}" for k, v in data.items()}
    return client.post(
        f"/organise/{round_.programme.slug}/{round_.slug}/dates/", {**data, **values}
    )


def mine(user, **values):
    return scenes.round_(scenes.programme(organiser=user), status="draft", **values)


def test_dates_are_typed_in_the_rounds_zone(user, signed_in):
    round_ = mine(user, zone="Europe/Berlin", left_out=("applications", "work_sample", "review",
                  "selection", "acceptance", "running", "closing"))  # fmt: skip

    response = sent(signed_in, round_, funding_ends="2090-06-01T18:00")

    assert response.status_code == 302, response.text
    ends_at = round_.phases.get(kind="funding").ends_at
    assert ends_at == datetime(2090, 6, 1, 18, tzinfo=ZoneInfo("Europe/Berlin"))


def test_the_calls_end_is_the_end_of_funding(user, signed_in):
    round_ = mine(user)
    scenes.call(round_, state="draft")
    ends_at = (clock.now() + 10 * DAY).replace(second=0, microsecond=0)

    assert sent(signed_in, round_, funding_ends=f"{ends_at:%Y-%m-%dT%H:%M}").status_code == 302

    assert FundingCall.objects.get().closes_at == ends_at


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"funding_ends": "2019-01-01T10:00"}, "funding_ends", "This has passed"),
        ({"funding_ends": ""}, "funding_ends", "required"),
        ({"review_begins": "2019-01-01T10:00"}, "review_begins", "begins before"),
        ({"running_ends": ""}, "running_ends", "Say when it ends as well"),
        ({"running_ends": "0001-01-01T00:00"}, "running_ends", "Write a year"),
        ({"running_ends": "soon"}, "running_ends", "Write a day and a time"),
    ],
)
def test_dates_that_cannot_be_are_said_at_their_field(user, signed_in, values, field, words):
    round_ = mine(user)
    before = scheduling.of(round_)

    response = sent(signed_in, round_, **values)

    assert response.status_code == 422
    assert words in str(response.context["form"].errors[field])
    assert scheduling.of(Round.objects.get()) == before


def test_of_two_who_set_dates_the_second_is_told(user, signed_in):
    round_ = mine(user)

    response = sent(signed_in, round_, seen="something else")

    assert response.status_code == 422
    assert "Somebody else changed this" in response.text


def test_once_open_the_end_of_funding_stays():
    round_ = scenes.round_()
    times = scheduling.of(round_)
    times["funding"] = (times["funding"][0], times["funding"][1] - DAY)

    with pytest.raises(Refused, match="closes when it was announced"):
        scheduling.save(round_=round_, times=times, by=organiser(round_))


def test_phases_out_of_order_are_refused_by_the_process_too():
    round_ = scenes.round_()
    times = scheduling.of(round_)
    times["review"] = (times["funding"][0] - DAY, times["review"][1])

    with pytest.raises(phases.OutOfOrder):
        scheduling.save(round_=round_, times=times, by=organiser(round_))


# Instants


def test_an_instant_is_said_in_utc_and_in_the_zone():
    instant = datetime(2026, 12, 20, 16, tzinfo=UTC)

    assert (
        instants.said(instant, "Europe/Berlin") == "20 December 2026, 16:00 UTC (17:00 in Berlin)"
    )
    assert instants.said(instant, "UTC") == "20 December 2026, 16:00 UTC"
    assert instants.said(instant, "Asia/Tokyo").endswith("(21 December, 01:00 in Tokyo)")


def test_days_later_is_the_same_time_of_day_across_a_change_of_clocks():
    before = datetime(2026, 3, 1, 17, tzinfo=ZoneInfo("Europe/Berlin"))

    assert instants.shifted(before, 60 * DAY, "Europe/Berlin").astimezone(
        ZoneInfo("Europe/Berlin")
    ) == datetime(2026, 4, 30, 17, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(days=28, hours=3), "28 days left"), (timedelta(hours=30), "30 hours left"),
        (timedelta(minutes=90), "90 minutes left"), (timedelta(seconds=5), "a minute left"),
        (timedelta(0), ""),
    ],
)  # fmt: skip
def test_what_is_left_is_said_without_alarm(ahead, words):
    now = clock.now()

    assert instants.left(now + ahead, now) == words


def test_a_page_of_rules_keeps_what_was_announced(user, signed_in):
    round_ = scenes.round_(scenes.programme(organiser=user), purge_months=6)
    path = f"/organise/{round_.programme.slug}/{round_.slug}/rules/"
    seen = signed_in.get(path).context["form"]["seen"].value()

    signed_in.post(path, {"seen": seen, "reviews_needed": 3, "accept_days": 5, "purge_months": 36})

    round_.refresh_from_db()
    assert (round_.reviews_needed, round_.purge_months) == (3, 6)


# The pages of its desk


def tabs_of(user, round_):
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/organise/{round_.programme.slug}/{round_.slug}/ideas/").text
    nav = page[page.index('<nav aria-label="Round') :]
    return re.sub(r"\s+", " ", nav[: nav.index("</nav>")])


def test_the_pages_of_a_rounds_desk_stand_in_groups():
    round_ = scenes.round_()

    nav = tabs_of(organiser(round_), round_)

    groups = re.findall(r'<span id="tabs-\d">(\w+)</span>', nav)
    assert groups == ["Round", "Funding", "Applying", "Choosing", "Running"]
    assert nav.count("<a ") == 15
    assert nav.count("aria-current") == 1


def test_who_may_open_one_page_sees_no_groups():
    round_ = scenes.round_()

    nav = tabs_of(scenes.part(round_.programme, "mentor").user, round_)

    assert "tabs-1" not in nav
    assert ">Ideas<" in nav
