"""Pages of reviewers, the announcement, and the page on which an offer is answered."""

import pytest

from funding.office import clock
from funding.programmes import selecting
from funding.programmes.models import Application, Round
from tests.programmes import scenes
from tests.programmes.choosing.seen import at, client_of, text

pytestmark = pytest.mark.django_db


def test_a_reviewer_of_a_blind_round_reads_no_name(organiser):
    round_ = scenes.round_(during="review", is_blind=True)
    review = scenes.review(scenes.application(round_, links="https://grace.example/"))
    client = client_of(review.reviewer)

    pages = [text(client.get(path)) for path in ("/reviews/", f"/reviews/{review.pk}/")]

    assert "I write parsers." in pages[1]
    for page in pages:
        assert "Grace" not in page
        assert "grace.example" not in page
        assert f"Application {review.application.pk}" in page


def test_where_it_is_not_blind_a_reviewer_reads_the_name():
    review = scenes.review(scenes.application(scenes.round_(during="review", is_blind=False)))

    assert "Grace Example" in text(client_of(review.reviewer).get(f"/reviews/{review.pk}/"))


def test_a_score_leads_on_to_what_is_read_next():
    round_ = scenes.round_(during="review")
    first = scenes.review(scenes.application(round_))
    second = scenes.review(scenes.application(round_), first.reviewer)

    answer = client_of(first.reviewer).post(
        f"/reviews/{first.pk}/", {"score": "4", "flags": ["ai"], "comment": "Fine", "scored": ""}
    )

    assert answer["Location"] == f"/reviews/{second.pk}/"
    first.refresh_from_db()
    assert (first.score, first.flags, first.comment) == (4, ["ai"], "Fine")


@pytest.mark.parametrize("score", ["", "0", "6", "4.5", "x"])
def test_a_score_that_is_none_is_mended_with_everything_kept(score):
    review = scenes.review(scenes.application(scenes.round_(during="review")))

    answer = client_of(review.reviewer).post(
        f"/reviews/{review.pk}/", {"score": score, "comment": "Still here", "scored": ""}
    )

    assert answer.status_code == 422
    assert "Still here" in text(answer)
    review.refresh_from_db()
    assert (review.score, review.comment) == (None, "")


def test_after_the_phase_a_reviewer_reads_the_application_no_longer():
    review = scenes.review(scenes.application(scenes.round_(during="selection")), score=4)
    client = client_of(review.reviewer)

    page = text(client.get(f"/reviews/{review.pk}/"))
    answer = client.post(f"/reviews/{review.pk}/", {"score": "1", "scored": ""})

    assert "I write parsers." not in page
    assert answer.status_code == 422
    assert "stay as they are" in text(answer)


def test_a_decision_is_sent_from_the_ranking_and_stays_on_its_page(round_, organiser):
    application = scenes.reviewed(round_, 4, 4)

    answer = client_of(organiser).post(
        at(round_, "ranking/?page=2"), {"application": application.pk, "outcome": "selected"}
    )

    assert answer["Location"] == at(round_, "ranking/?page=2")
    assert selecting.chosen(round_).get() == application


@pytest.mark.parametrize("sent", [{"outcome": "paid"}, {"application": "²"}, {"outcome": "none"}])
def test_nonsense_is_refused_as_such(sent, round_, organiser):
    application = scenes.reviewed(round_, 4, 4)

    answer = client_of(organiser).post(
        at(round_, "ranking/"), {"application": application.pk, "outcome": "selected", **sent}
    )

    assert answer.status_code == 400
    assert not selecting.chosen(round_).exists()


def test_another_round_is_not_decided_of(round_, organiser):
    other = scenes.reviewed(scenes.selection(), 4, 4)

    answer = client_of(organiser).post(
        at(round_, "ranking/"), {"application": other.pk, "outcome": "selected"}
    )

    assert answer.status_code == 404
    assert Application.objects.get(pk=other.pk).outcome == ""


def test_the_announcement_says_figures_and_mails_first_and_is_made_by_its_button(
    round_, organiser
):
    client = client_of(organiser)
    application = scenes.reviewed(round_, 4, 4)
    selecting.decide(application=application, outcome="selected", by=organiser, now=clock.now())

    page = text(client.get(at(round_, "announce/")))
    assert "1 of 2 funded" in page
    assert "you are not among those who are chosen" in page.replace("\n", " ").replace("<br>", "")
    assert client.post(at(round_, "announce/"), {"reason": ""}).status_code == 422
    client.post(at(round_, "announce/"), {"reason": "They wait"})

    assert Round.objects.get().announced_at
    assert application.place.status == "offered"


def test_an_offer_is_signed_on_its_page():
    place = scenes.offered()
    client = client_of(place.user)
    page = client.get(f"/places/{place.pk}/answer/")
    sent = {"agreement": page.context["form"]["agreement"].value(), "signed_name": "Grace Example"}

    without_a_name = client.post(f"/places/{place.pk}/answer/", {**sent, "signed_name": " "})
    client.post(f"/places/{place.pk}/answer/", {**sent, "public_name": "Grace"})

    assert without_a_name.status_code == 422
    place.refresh_from_db()
    assert (place.status, place.signed_name, place.public_name) == (
        "running", "Grace Example", "Grace",
    )  # fmt: skip
    assert "We work together." in text(client.get(f"/places/{place.pk}/answer/"))


def test_an_agreement_that_changed_meanwhile_is_shown_again_before_it_is_signed():
    place = scenes.offered()
    client = client_of(place.user)
    page = client.get(f"/places/{place.pk}/answer/")
    sent = {"agreement": page.context["form"]["agreement"].value(), "signed_name": "Grace"}
    Round.objects.update(agreement="It says more now.")

    answer = client.post(f"/places/{place.pk}/answer/", sent)

    assert answer.status_code == 422
    assert "It says more now." in text(answer)
    place.refresh_from_db()
    assert place.status == "offered"


def test_an_offer_is_declined_with_words_for_the_organisers():
    place = scenes.offered()

    client_of(place.user).post(f"/places/{place.pk}/decline/", {"words": "A job came."})

    place.refresh_from_db()
    assert (place.status, place.end_reason) == ("declined", "A job came.")


def test_a_decision_is_under_embargo_for_reviewers_and_applicants(round_, organiser):
    application = scenes.reviewed(round_, 4, 4)
    reviewer = application.reviews.first()
    clients = client_of(reviewer.reviewer), client_of(application.user)

    def seen():
        paths = ("/reviews/", f"/reviews/{reviewer.pk}/")
        pages = [client.get(path) for client in clients for path in paths]
        return [(page.status_code, text(page)) for page in pages]

    before = seen()
    selecting.decide(application=application, outcome="selected", by=organiser, now=clock.now())

    assert [(status, len(page)) for status, page in seen()] == [
        (status, len(page)) for status, page in before
    ]
    assert not any("hosen" in page for _, page in seen())
