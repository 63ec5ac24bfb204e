"""Places as people walk through them: a participant, a mentor, an organiser, a treasurer."""

from datetime import timedelta

import pytest

from funding.office import clock
from funding.office.models import Message
from funding.programmes import reminding, running_places
from funding.programmes.models import Feedback, Mentoring, Outlay, Place, Post, Round
from tests import factories
from tests.certainty import certain
from tests.programmes import running_scenes as running
from tests.programmes import scenes

CANARY = "the canary sings at noon"


@pytest.fixture
def place(db):
    made = running.place()
    running.funded(made.round)
    return made


def client_of(user):
    return running.client_of(user)


def desk(place, path=""):
    made = place.round
    return f"/organise/{made.programme.slug}/{made.slug}/{path}"


def html(client, path):
    page = client.get(path)
    assert page.status_code == 200, (path, page.status_code)
    return page.content.decode()


def test_who_has_no_place_is_told_what_will_be_here(db):
    assert "You have no place in a programme" in html(client_of(factories.user()), "/places/")


def test_a_participant_sees_what_waits_for_them(place):
    page = html(client_of(place.user), "/places/")

    assert "Waits for you" in page and "Say how it goes" in page


def test_a_mentor_sees_nothing_of_a_place_that_is_only_offered(db):
    place = running.place(status="offered")

    assert client_of(running.mentor_of(place)).get(f"/places/{place.pk}/").status_code == 404
    assert "Read the agreement" in html(client_of(place.user), f"/places/{place.pk}/")


def test_a_draft_is_kept_and_sent_from_one_form(place):
    client, address = client_of(place.user), f"/places/{place.pk}/checkpoints/1/"

    client.post(address, {"text": "Half a sentence"})
    page = client.get(address)
    seen = page.context["form"].fields["seen"].initial
    client.post(address, {"text": "Whole.", "goes_well": "True", "seen": seen, "send": "1"})

    said = Feedback.objects.get()
    assert (said.text, said.by) == ("Whole.", place.user)
    assert said.sent_at is not None


def test_what_is_sent_says_something_and_how_it_goes(place):
    address = f"/places/{place.pk}/checkpoints/1/"

    page = client_of(place.user).post(address, {"text": " ", "send": "1"})

    assert page.status_code == 422
    assert not Feedback.objects.exists()


def test_of_two_mentors_who_write_at_once_the_second_is_told(place):
    second = scenes.part(place.round.programme, "mentor").user
    Mentoring.objects.create(place=place, user=second, number=2)
    address = f"/places/{place.pk}/checkpoints/1/"
    client_of(running.mentor_of(place)).post(address, {"text": "First"})
    stale = client_of(second).get(address).context["form"].fields["seen"].initial
    client_of(running.mentor_of(place)).post(address, {"text": "Changed", "seen": stale})

    page = client_of(second).post(address, {"text": "Mine", "seen": stale})

    assert page.status_code == 422
    assert "Mine" in page.content.decode() and "Changed" in page.content.decode()


def test_an_organiser_pays_what_both_sides_released(place):
    one = running.released(place)
    client = client_of(running.treasurer(place.round))

    assert "£1,200.00" in html(client, desk(place, "money/"))
    client.post(
        desk(place, f"money/instalments/{one.pk}/"),
        {"paid_by": "The foundation", "paid_on": clock.today().isoformat(), "reference": "B-1"},
    )

    assert Outlay.objects.get().payee == "Grace E., Checkpoint 1"
    assert "Take it back" in html(client, desk(place, "money/"))


def test_an_instalment_is_not_paid_out_of_an_account_that_lacks_it(db):
    place = running.place()
    one = running.released(place)

    page = client_of(running.organiser(place.round)).post(
        desk(place, f"money/instalments/{one.pk}/"),
        {"paid_by": "Us", "paid_on": clock.today().isoformat(), "reference": "B-1"},
    )

    assert page.status_code == 422
    assert "£0.00 is left" in page.content.decode()


@pytest.mark.parametrize("day", ["2999-01-01", "0001-01-01", "x", ""])
def test_a_payment_has_a_day_that_has_been(place, day):
    one = running.released(place)

    page = client_of(running.organiser(place.round)).post(
        desk(place, f"money/instalments/{one.pk}/"),
        {"paid_by": "Us", "paid_on": day, "reference": "B-1"},
    )

    assert page.status_code == 422
    assert not Outlay.objects.exists()


def test_what_was_recorded_wrongly_is_taken_back_after_asking_who_it_is(place):
    client = client_of(running.organiser(place.round))
    day = clock.today().isoformat()
    client.post(
        desk(place, "money/cost/"),
        {"what": "Travel", "amount": "10", "paid_by": "Us", "paid_on": day, "reference": "T"},
    )
    address = desk(place, f"money/{Outlay.objects.get().pk}/correct/")

    assert client.get(address).status_code == 302
    certain(client).post(address, {"because": "It was nine"})

    assert "It was nine" in html(client, desk(place, "money/"))


def test_an_override_without_a_reason_is_refused(place):
    one = place.instalments.first()

    page = client_of(running.organiser(place.round)).post(
        desk(place, f"instalments/{one.pk}/release/"), {"reason": ""}
    )

    one.refresh_from_db()
    assert (page.status_code, one.status) == (422, "pending")


def test_weeks_beyond_five_are_refused_in_words(place):
    client = client_of(running.organiser(place.round))
    client.post(desk(place, f"places/{place.pk}/extend/"), {"weeks": "4", "reason": "Ill"})

    page = client.post(desk(place, f"places/{place.pk}/extend/"), {"weeks": "2", "reason": "Ill"})

    assert page.status_code == 422
    assert "1 week left for this one" in page.content.decode()


def test_ending_says_what_becomes_of_the_stipend_and_then_does_it(place):
    running.heard(place)
    client, address = (
        client_of(running.organiser(place.round)),
        desk(place, f"places/{place.pk}/end/"),
    )

    page = html(client, address)
    client.post(address, {"last_day": clock.today().isoformat(), "reason": "Found a job"})

    assert "£1,200.00 of its stipend waits" in page
    assert Place.objects.get(pk=place.pk).status == Place.Status.ENDED
    assert "Found a job" in html(client_of(place.user), f"/places/{place.pk}/")
    assert "Found a job" not in Message.objects.get(key=f"ended:{place.pk}").body


def test_an_organiser_filters_for_who_is_late(place):
    other = running.place(place.round)
    client = client_of(running.organiser(place.round))
    with clock.stopped_at(clock.now() + timedelta(days=8)):
        running.heard(other)
        page = html(client, desk(place, "places/?state=late"))

    assert f"/places/{place.pk}/" in page and f"/places/{other.pk}/" not in page


def test_a_post_is_released_to_sponsors_and_taken_back(place):
    client = client_of(place.user)
    client.post(f"/places/{place.pk}/posts/new/", {"title": "Parsers", "body": "Green."})
    post = Post.objects.get()
    organiser = client_of(running.organiser(place.round))

    organiser.post(desk(place, f"posts/{post.pk}/"), {"release": "1"})
    released = Post.objects.get().released_at
    organiser.post(desk(place, f"posts/{post.pk}/"), {"withdraw": "1"})

    assert released is not None and Post.objects.get().released_at is None


def test_what_sponsors_read_is_not_changed_under_them(place):
    post = running.post(place, released_at=clock.now())

    client_of(place.user).post(f"/places/{place.pk}/posts/{post.pk}/", {"title": "X", "body": "Y"})

    assert Post.objects.get().title == "Parsers"


def test_private_words_are_read_by_organisers_alone(place):
    running.say(place, "mentor", private=CANARY)
    running.say(place, "participant")

    assert CANARY in html(
        client_of(running.organiser(place.round)), desk(place, f"places/{place.pk}/")
    )
    assert CANARY not in html(client_of(place.user), f"/places/{place.pk}/")
    assert not Message.objects.filter(body__contains=CANARY).exists()


def test_an_organiser_does_not_look_after_their_own_place(place):
    scenes.part(place.round.programme, "organiser", place.user)
    running.say(place, "mentor", private=CANARY)

    page = client_of(place.user).get(desk(place, f"places/{place.pk}/"))

    assert page.status_code == 403 and CANARY not in page.content.decode()


def test_a_draft_is_read_by_nobody_else(place):
    running.say(place, "mentor", text=CANARY, send=False)

    for client, path in (
        (client_of(running.organiser(place.round)), desk(place, f"places/{place.pk}/")),
        (client_of(place.user), f"/places/{place.pk}/"),
    ):
        assert CANARY not in html(client, path)


def test_what_an_applicant_wrote_is_on_no_page_of_a_place(place):
    application = place.application
    application.about = CANARY
    application.save()
    people = {
        f"/places/{place.pk}/": (place.user, running.mentor_of(place)),
        desk(place, "money/"): (running.treasurer(place.round),),
    }

    for path, readers in people.items():
        assert all(CANARY not in html(client_of(one), path) for one in readers)


def test_a_report_is_looked_at_before_anything_is_kept(place):
    client = client_of(running.organiser(place.round))

    page = client.post(desk(place, "report/"), {"report": "# Done", "preview": "1"})

    assert (page.status_code, Round.objects.get(pk=place.round_id).report) == (200, "")
    assert "<h3>Done</h3>" in page.content.decode()


def test_a_report_is_kept_and_published_from_a_page_that_says_what_that_means(place):
    client, address = client_of(running.organiser(place.round)), desk(place, "report/")
    seen = client.get(address).context["form"].fields["seen"].initial
    client.post(address, {"report": "Done.", "publish": "1", "seen": seen})

    assert "cannot be changed" in html(client, desk(place, "report/publish/"))
    client.post(desk(place, "report/publish/"))

    assert Round.objects.get(pk=place.round_id).reported_at is not None


def test_every_mail_of_a_place_has_a_subject_and_an_end(place):
    by = running.organiser(place.round)
    reminding.remind(now=clock.now())
    running_places.extend(place.pk, weeks=1, reason="Ill", by=by, now=clock.now())
    running.say(place, "participant", well=False)
    reminding.remind(now=clock.now() + timedelta(days=20))
    running_places.end_early(place.pk, last_day=clock.today(), reason="Left", by=by)

    for mail in Message.objects.all():
        assert mail.subject and "&" not in mail.body and "http" in mail.body
        assert mail.body.strip().endswith("localhost:8000"), mail.body
