"""Home: whoever has something to do in programmes finds it there, and what waits for them first."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils.html import strip_tags

from funding.office import clock
from funding.programmes import round_needs, ways
from funding.programmes.models import Round
from tests import factories
from tests.programmes import applicants, scenes
from tests.programmes import running_scenes as running

pytestmark = pytest.mark.django_db


def home(user):
    answer = applicants.browser(user).get("/home/")
    assert answer.status_code == 200
    return " ".join(strip_tags(answer.text).split())


def waits(user):
    return [way.words for way in ways.of(user, now=clock.now()) if way.waits]


def needs(round_):
    return [need.words for need in round_needs.of([round_], now=clock.now()).get(round_.pk, [])]


def test_who_takes_part_is_led_to_their_place_and_told_what_is_due():
    place = running.place()

    page = home(place.user)

    assert f"{place.round} Waits for you" in page
    assert "You take part. Next: Checkpoint 1, due" in page
    assert "UTC" in page
    assert "Nothing is begun yet" not in page


def test_a_mentor_is_led_to_whom_they_mentor():
    place = running.place()
    running.say(place, "mentor")

    assert f"You mentor {place.user}." in home(running.mentor_of(place))
    assert waits(running.mentor_of(place)) == []


def test_a_place_that_is_over_is_still_found():
    place = running.place(status="done", ended_at=clock.now())

    assert "Your places 1 is over." in home(place.user)


def test_a_reviewer_is_told_how_much_there_is_to_read():
    round_ = scenes.round_(during="review")
    review = scenes.review(scenes.application(round_))

    assert waits(review.reviewer) == [f"Reviews for {round_}"]
    assert "1 application to read until" in home(review.reviewer)


def test_a_draft_waits_until_it_is_sent():
    draft = applicants.draft()
    assert waits(draft.user) == [f"Your application to {draft.round}"]
    assert "Not sent yet. It can be sent until" in home(draft.user)

    sent = applicants.sent()
    assert waits(sent.user) == []
    assert "It is sent." in home(sent.user)


def test_nothing_of_an_outcome_is_said_before_the_announcement():
    round_ = scenes.selection()
    chosen = scenes.application(round_, outcome="selected")
    other = scenes.application(round_, outcome="not_chosen")

    assert [way.said for way in ways.of(chosen.user, now=clock.now())] == ["It is sent."]
    assert [way.said for way in ways.of(other.user, now=clock.now())] == ["It is sent."]


def test_who_is_asked_to_be_a_mentor_finds_the_question():
    programme, user = scenes.programme(), factories.user()
    scenes.invitation(programme, user.email, "mentor")
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True})

    assert waits(user) == [f"You are asked to be a mentor of {programme}"]


def test_what_waits_in_a_round_is_counted_for_who_may_see_to_it():
    made = running.round_()
    place = running.place(made)
    running.released(place)
    running.funded(made)

    assert needs(made) == ["1 stipend is to be paid and recorded."]
    assert waits(running.treasurer(made)) == ["Programmes that you run"]
    assert "1 thing waits for you" in home(running.treasurer(made))


def test_a_treasurer_is_not_told_of_doubts():
    made = running.round_()
    running.say(running.place(made), "mentor", well=False)
    words = "In 1 place somebody says that it should not go on so."

    assert needs(made) == [words]
    assert waits(running.treasurer(made)) == []
    for who, sees in ((running.organiser(made), True), (running.treasurer(made), False)):
        page = applicants.browser(who).get(f"/organise/{made.programme.slug}/{made.slug}/").text
        assert (words in page) == sees


def test_a_round_says_who_is_late_and_which_ideas_wait():
    made = running.round_(checkpoints=0)
    since = clock.now() - timedelta(days=2)
    late = {"opens_at": since, "due_at": since + timedelta(days=1)}
    running.checkpoint(made, 1, running.STIPEND, **late)
    running.place(made)
    scenes.idea(made, status="proposed")

    assert needs(made) == ["1 place is late with a checkpoint.", "1 idea waits for your word."]


def test_a_report_waits_while_the_round_closes():
    made = scenes.round_(during="closing")
    assert needs(made) == ["The final report is not published."]

    made.reported_at = clock.now()
    assert needs(made) == []


@pytest.mark.parametrize("count", [1, 4])
def test_what_waits_takes_the_same_few_queries_however_many(count, django_assert_num_queries):
    made = running.round_(places=9)
    for _ in range(count):
        running.place(made)
    pks = [made.pk, *(scenes.round_().pk for _ in range(count))]
    rows = Round.objects.filter(pk__in=pks).select_related("programme")
    rounds = list(rows.prefetch_related("phases"))

    with django_assert_num_queries(8):
        round_needs.of(rounds, now=clock.now())


def test_who_has_one_project_and_a_place_chooses_between_them():
    place = running.place()
    project = factories.project()
    assert applicants.browser(place.user).get("/home/").status_code == 200

    factories.maintainer(project, by=place.user)

    page = home(place.user)
    assert project.name in page
    assert str(place.round) in page


def test_the_selection_waits_until_it_is_announced():
    round_ = scenes.selection()
    assert needs(round_) == ["It is not announced yet who is chosen."]

    round_.announced_at = clock.now()
    assert needs(round_) == []


def test_the_page_of_a_place_leads_to_what_is_asked_until_it_is_said():
    place = running.place()
    client = applicants.browser(place.user)
    assert "Write it now" in client.get(place.get_absolute_url()).text

    running.say(place, "participant")

    assert "Write it now" not in client.get(place.get_absolute_url()).text


def test_what_was_signed_is_found_from_the_place():
    place = running.place(answered_at=clock.now())

    page = applicants.browser(place.user).get(place.get_absolute_url()).text

    assert f'href="/places/{place.pk}/answer/"' in page
    mentors = applicants.browser(running.mentor_of(place)).get(place.get_absolute_url()).text
    assert f'href="/places/{place.pk}/answer/"' not in mentors


def test_a_reviewer_is_led_to_what_is_read_next_until_all_is_scored():
    round_ = scenes.round_(during="review")
    first = scenes.review(scenes.application(round_), score=4, done_at=clock.now(), status="done")
    following = scenes.review(scenes.application(round_), first.reviewer)
    reviewer = applicants.browser(first.reviewer)

    page = reviewer.get("/reviews/").text
    assert f'class="button" href="/reviews/{following.pk}/"' in page

    following.status, following.score, following.done_at = "done", 3, clock.now()
    following.save()
    assert "Read the next one" not in reviewer.get("/reviews/").text


def test_who_only_mentors_is_not_said_to_run_anything():
    place = running.place()

    page = applicants.browser(running.mentor_of(place)).get("/organise/").text

    assert "<h1>Your parts in programmes</h1>" in page
    organised = applicants.browser(running.organiser(place.round)).get("/organise/").text
    assert "<h1>Programmes that you run</h1>" in organised


def test_staff_find_their_page_at_home():
    staff = factories.user(is_staff=True)

    assert "What waits for those who run the site." in home(staff)
    assert "Nothing is begun yet" not in home(staff)
