"""The end of a round: report, statistics, certificates, and what is deleted when."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.test import Client

from funding.accounts import leaving
from funding.office import clock
from funding.office.models import Message
from funding.programmes import (
    certificates,
    ending_rounds,
    my_places,
    outlays,
    purging,
    reminding,
    reporting,
    statistics,
    tasks,
)
from funding.programmes.models import (
    Answer,
    Application,
    Deed,
    Feedback,
    FundingCall,
    Place,
    Question,
    Review,
    Round,
)
from tests import factories
from tests.programmes import running_scenes as running
from tests.programmes import scenes

pytestmark = pytest.mark.database


@pytest.fixture
def round_(db):
    return running.round_()


def finished(round_):
    """Nothing of it waits."""
    place = running.place(round_, status="done", ended_at=clock.now())
    place.instalments.update(status="paid")
    now = clock.now()
    Round.objects.filter(pk=round_.pk).update(announced_at=now, report="Done.", reported_at=now)
    FundingCall.objects.filter(round=round_).update(settled_at=now)
    return place


def test_a_round_ends_once_nothing_of_it_waits(round_):
    finished(round_)

    ending_rounds.end(round_, by=running.organiser(round_), now=clock.now())

    round_.refresh_from_db()
    assert (round_.status, bool(round_.ended_at)) == (Round.Status.DONE, True)


def test_a_round_says_what_still_waits(round_):
    running.place(round_)

    with pytest.raises(ending_rounds.Unfinished) as refused:
        ending_rounds.end(round_, by=running.organiser(round_), now=clock.now())

    said = str(refused.value)
    for words in ("announce", "1 place is", "2 instalments are not paid", "report"):
        assert words in said


def test_a_round_whose_call_may_still_fail_does_not_end(round_):
    finished(round_)
    FundingCall.objects.filter(round=round_).update(settled_at=None)

    with pytest.raises(ending_rounds.Unfinished, match="may still fail"):
        ending_rounds.end(round_, by=running.organiser(round_), now=clock.now())

    round_.refresh_from_db()
    assert round_.status == Round.Status.OPEN


def test_a_report_is_published_once(round_):
    Round.objects.filter(pk=round_.pk).update(report="What we did.")
    by = running.organiser(round_)
    reporting.publish(round_, by=by, now=clock.now())

    with pytest.raises(reporting.NotNow):
        reporting.publish(round_, by=by, now=clock.now())
    assert list(reporting.reports_to_tell()) == [round_]


def test_an_empty_report_is_not_published(round_):
    with pytest.raises(reporting.NotNow):
        reporting.publish(round_, by=running.organiser(round_), now=clock.now())


# Statistics


def said(round_):
    return {line.name: line.said for line in statistics.of(Round.objects.get(pk=round_.pk))}


def test_nothing_is_counted_for_everybody_before_the_announcement(round_):
    running.place(round_)

    assert said(round_) == {}


def test_so_few_applicants_are_not_counted_in_public(round_):
    finished(round_)

    assert said(round_)["Applied"] == "fewer than 5"
    assert said(round_)["Accepted"] == "1"


def test_that_one_of_two_ended_early_is_told_by_no_figure(round_):
    finished(round_)
    running.place(round_, status="ended", ended_at=clock.now())
    Round.objects.filter(pk=round_.pk).update(status="done")

    assert "Completed" not in said(round_)
    assert "Ended early" not in said(round_)
    assert said(round_)["Completed, or ended early"] == "not said of so few"


def test_a_page_includes_the_numbers_and_the_report(round_):
    finished(round_)
    words = '{% load running %}{% statistics_of round %}{% include "programmes/_report.html" %}'

    page = Template(words).render(Context({"round": Round.objects.get(pk=round_.pk)}))

    assert "Accepted" in page and "<p>Done.</p>" in page


# Certificates


def test_a_certificate_is_a_tagged_pdf_and_the_same_every_time(round_):
    place = finished(round_)

    data = certificates.pdf(place)

    assert data.startswith(b"%PDF") and b"<pdfuaid:part>1" in data
    assert data == certificates.pdf(place)


def test_a_name_that_no_font_has_does_not_keep_a_certificate_from_its_owner(round_):
    place = finished(round_)
    place.signed_name = "山田 太郎"

    assert certificates.pdf(place).startswith(b"%PDF")


def test_everybody_can_verify_a_certificate_by_its_code(round_):
    page = Client().get(f"/programmes/certificates/{certificates.code(finished(round_))}/")

    assert "Grace Example has completed" in page.content.decode()


def test_a_certificate_stays_of_who_signed_whatever_they_are_called_later(round_):
    place = finished(round_)
    before = certificates.sheet(place)

    my_places.rename(place, public_name="Somebody Else")

    after = certificates.sheet(Place.objects.get(pk=place.pk))
    assert after["who"] == "Grace Example"
    assert after == before


def test_who_verifies_reads_the_name_that_is_printed_and_not_a_later_one(round_):
    place = finished(round_)
    my_places.rename(place, public_name="Somebody Else")

    page = Client().get(f"/programmes/certificates/{certificates.code(place)}/").content.decode()

    assert "Grace Example has completed" in page
    assert "Somebody Else" not in page


def test_who_chose_not_to_be_named_is_not_named(round_):
    place = finished(round_)
    place.public_name = ""
    place.save()

    page = Client().get(f"/programmes/certificates/{certificates.code(place)}/").content.decode()

    assert "has chosen not to be named" in page and "Grace" not in page
    assert "cannot tell whether the name on the paper is the right one" in page


def test_a_code_that_was_changed_is_of_nothing(round_):
    place = finished(round_)
    other = str(place.pk + 1) + certificates.code(place).removeprefix(str(place.pk))

    assert certificates.find(other) is None


def test_a_place_that_ended_early_has_no_certificate(round_):
    place = running.place(round_, status="ended", ended_at=clock.now())

    assert certificates.find(certificates.code(place)) is None


# Reminders


def reminded(now):
    count = reminding.remind(now=now)
    return count, reminding.remind(now=now)


def test_each_side_is_reminded_once_when_a_checkpoint_opens(round_):
    running.place(round_)

    assert reminded(clock.now()) == (2, 0)


def test_who_was_heard_is_not_reminded(round_):
    place = running.place(round_)
    running.say(place, "participant")

    reminding.remind(now=clock.now())

    [mail] = Message.objects.filter(key__startswith="checkpoint:")
    assert mail.recipients == [running.mentor_of(place).email]


def test_both_are_reminded_again_two_days_before_it_is_due(round_):
    place = running.place(round_)
    reminding.remind(now=clock.now())

    assert reminded(running.step(place).due_at - timedelta(days=2)) == (2, 0)


def test_organisers_are_told_three_days_after_it_was_due(round_):
    place = running.place(round_)
    due = running.step(place).due_at

    assert reminded(due + timedelta(days=2))[0] == 0
    assert reminded(due + timedelta(days=3)) == (1, 0)
    mail = Message.objects.get(key__endswith=":late")
    assert mail.recipients == [running.organiser(round_).email]


def test_the_jobs_find_what_is_due(round_):
    running.place(round_)

    tasks.remind_of_checkpoints()
    tasks.purge_applications()

    assert Message.objects.count() == 2


# Privacy


def applied(round_):
    """Somebody who was not chosen, with an answer and a review."""
    application = scenes.application(round_, about="Canary", links="https://canary.example")
    question = Question.objects.create(round=round_, text="Why?")
    Answer.objects.create(application=application, question=question, text="Canary")
    Review.objects.create(
        application=application, reviewer=factories.user(), status="done", score=4,
        comment="Canary", assigned_at=clock.now(), done_at=clock.now(),
    )  # fmt: skip
    return application


ENDED = datetime(2026, 8, 31, 12, tzinfo=UTC)
DUE = datetime(2027, 2, 28, 12, tzinfo=UTC)


@pytest.fixture
def ended(round_):
    place = finished(round_)
    Feedback.objects.create(
        place=place, checkpoint=round_.checkpoints.first(), side="mentor", by=factories.user(),
        text="Canary", private="Canary", goes_well=True, at=ENDED, sent_at=ENDED,
    )  # fmt: skip
    applied(round_)
    Round.objects.filter(pk=round_.pk).update(status="done", ended_at=ENDED, purge_months=6)
    return round_


def test_what_applicants_wrote_is_deleted_on_the_day_that_was_stated(ended):
    assert purging.purge(now=DUE - timedelta(seconds=1)) == []

    assert purging.purge(now=DUE) == [ended]

    assert "Canary" not in everything()
    assert not Application.objects.exclude(user=None).exists()
    assert purging.purge(now=DUE) == []


def test_who_declined_a_place_is_not_known_any_more(ended):
    place = running.place(ended, status="declined", end_reason="Canary")
    place.instalments.all().delete()

    purging.purge(now=DUE)

    assert not Place.objects.filter(pk=place.pk).exists()


def test_the_numbers_of_a_purged_round_stay(ended):
    before = said(ended)

    purging.purge(now=DUE)

    assert said(ended) == before


def test_applicants_are_told_two_weeks_before_and_once(ended):
    assert purging.announce(now=DUE - timedelta(days=15)) == 0
    assert purging.announce(now=DUE - timedelta(days=14)) == 2
    assert purging.announce(now=DUE - timedelta(days=13)) == 0


def everything():
    models = (Application, Answer, Review, Feedback)
    return json.dumps([list(model.objects.values()) for model in models], default=str)


def test_an_export_holds_what_a_participant_and_a_mentor_wrote(round_):
    place = running.place(round_)
    running.say(place, "mentor", text="Mine", private="Private")
    running.say(place, "participant", text="Theirs")

    held = json.dumps(leaving.export(user=running.mentor_of(place)), default=str)

    assert "Mine" in held and "Private" in held and "Theirs" not in held


def test_nobody_leaves_in_the_middle_of_a_place(round_):
    place = running.place(round_)

    for person in (place.user, running.mentor_of(place)):
        assert any("place in" in sentence for sentence in leaving.hindrances(user=person))


def test_who_left_is_named_on_no_page(round_):
    place = running.place(round_)
    running.funded(round_)
    paid = outlays.pay(
        running.released(place).pk, paid_by="Us", paid_on=clock.today(), reference="B",
        by=running.organiser(round_),
    )  # fmt: skip
    Place.objects.filter(pk=place.pk).update(status="done", ended_at=clock.now())

    assert leaving.leave(user=place.user, now=clock.now()) == []

    place.refresh_from_db()
    paid.refresh_from_db()
    words = [*Deed.objects.values_list("words", flat=True), paid.entry.memo, paid.payee]
    assert "Grace E." not in " ".join([*words, place.public_name])


def test_a_list_of_many_places_asks_no_more_than_one_of_few(round_, django_assert_max_num_queries):
    Round.objects.filter(pk=round_.pk).update(places_funded=20)
    for _ in range(12):
        running.place(round_)
    client = running.client_of(running.organiser(round_))

    with django_assert_max_num_queries(22):
        page = client.get(f"/organise/{round_.programme.slug}/{round_.slug}/places/")

    assert page.status_code == 200
