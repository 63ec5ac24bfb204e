"""A reviewer's desk, how organisers choose, and an offer that is answered."""

from playwright.sync_api import expect

from funding.accounts.models import User
from funding.office import clock
from funding.programmes import announcing, places, selecting
from funding.programmes.models import Answer, Contact, Question, Round
from tests import factories
from tests.browser.looking import A_LONG_NAME, MARKDOWN, at, shown
from tests.certainty import certain_page
from tests.programmes import scenes

LONG = "I have written parsers for dates, for money, and once for a language of my own.\n\n" * 3


def written(round_, **values):
    """An application with everything in it."""
    made = scenes.application(
        round_, about=LONG, away="An exam in May.", ai_use="To check my English.",
        links="https://grace.example/a-very-long-path-that-does-not-break-anywhere-by-itself",
        **values,
    )  # fmt: skip
    for number, is_sensitive in ((1, False), (2, True)):
        question = Question.objects.create(
            round=round_, text=f"Question {number}: why this one?", is_sensitive=is_sensitive
        )
        Answer.objects.create(application=made, question=question, text=LONG)
    Contact.objects.create(
        application=made, url="https://git.example/patches/1", words="A patch", at=clock.now()
    )
    return made


def in_hands(**values):
    round_ = scenes.round_(scenes.programme(name=A_LONG_NAME), during="review", **values)
    reviewer = scenes.part(round_.programme, "reviewer").user
    first = scenes.review(written(round_, idea=scenes.idea(round_)), reviewer)
    for score in (4, None, None):
        scenes.review(scenes.application(round_), reviewer, score=score)
    return first


@shown
def nothing_to_review(site, come):
    return at(site, come, "/reviews/", factories.user())


@shown
def reviews_to_do(site, come):
    return at(site, come, "/reviews/", in_hands().reviewer)


@shown
def a_blind_review(site, come):
    review = in_hands()
    return at(site, come, f"/reviews/{review.pk}/", review.reviewer)


@shown
def a_review_with_names_and_without_a_score(site, come):
    review = in_hands(is_blind=False)
    page = at(site, come, f"/reviews/{review.pk}/", review.reviewer)
    page.get_by_label("Comment").fill(LONG)
    page.get_by_role("button", name="Give this score").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def a_review_of_ones_own_mentee(site, come):
    review = in_hands()
    mentor = scenes.part(review.application.round.programme, "mentor", review.reviewer)
    review.application.idea.mentors.add(mentor)
    return at(site, come, f"/reviews/{review.pk}/", review.reviewer)


@shown
def a_review_after_its_phase(site, come):
    review = scenes.review(scenes.application(scenes.round_(during="selection")), score=4)
    return at(site, come, f"/reviews/{review.pk}/", review.reviewer)


@shown
def handing_a_review_back(site, come):
    review = in_hands()
    return at(site, come, f"/reviews/{review.pk}/conflict/", review.reviewer)


def many(**values):
    """A round with reviewed applications, flags, a tie, few reviews, and decisions."""
    round_ = scenes.selection(funded=2, **values)
    scenes.idea(round_, title=A_LONG_NAME)
    named = [("Ada", 5, 5), (A_LONG_NAME, 1, 5), ("Grace", 3, 4), ("Edsger", 4, 3), ("Barbara", 2)]
    made = [scenes.reviewed(round_, *scores, name=name) for name, *scores in named]
    made[1].reviews.update(flags=["ai", "look"])
    elsewhere = scenes.selection(during="acceptance", announced_at=clock.now())
    scenes.offered(scenes.application(elsewhere, made[3].user))
    return round_, made


def decided(**values):
    round_, made = many(**values)
    by = organiser_of(round_)
    for one, outcome in zip(made, ("selected", "waiting", "waiting"), strict=False):
        selecting.decide(application=one, outcome=outcome, by=by, now=clock.now())
    return round_, made


def organiser_of(round_):
    return User.objects.get(pk=round_.programme.parts.get(role="organiser").user_id)


def desk(site, come, round_, path):
    address = f"/organise/{round_.programme.slug}/{round_.slug}/{path}"
    return at(site, come, address, organiser_of(round_))


@shown
def a_round_without_applications(site, come):
    return desk(site, come, scenes.round_(during="applications"), "applications/")


@shown
def applications(site, come):
    return desk(site, come, decided()[0], "applications/")


@shown
def applications_of_which_none_is_like_that(site, come):
    return desk(site, come, decided()[0], "applications/?q=nobody&flagged=ai")


@shown
def an_application_with_its_reviews(site, come):
    review = in_hands()
    scenes.review(
        review.application, score=4, flags=["ai", "look"], comment=LONG,
        reviewer=scenes.part(review.application.round.programme, "reviewer").user,
    )  # fmt: skip
    round_ = review.application.round
    return desk(site, come, round_, f"applications/{review.application.pk}/")


@shown
def giving_an_application_to_nobody(site, come):
    page = an_application_with_its_reviews(site, come)
    page.get_by_role("button", name="Give it to them").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def too_few_reviewers(site, come):
    round_ = scenes.round_(during="review")
    scenes.part(round_.programme, "reviewer")
    scenes.application(round_)
    scenes.application(round_)
    return desk(site, come, round_, "applications/reviewers/")


@shown
def nobody_is_ranked(site, come):
    return desk(site, come, scenes.round_(during="review"), "ranking/")


@shown
def the_ranking(site, come):
    return desk(site, come, decided()[0], "ranking/")


@shown
def the_announcement_before_it_is_made(site, come):
    round_ = decided()[0]
    page = desk(site, come, round_, "ranking/")
    certain_page(page).get_by_role("link", name="Look at the announcement").click()
    expect(page.get_by_role("heading", name="Announce who is chosen")).to_be_visible()
    return page


@shown
def the_ranking_once_it_is_announced(site, come):
    round_ = decided()[0]
    announcing.announce(
        round_id=round_.pk, by=organiser_of(round_), reason="They wait", now=clock.now()
    )
    return desk(site, come, round_, "ranking/")


def offered():
    place = scenes.offered()
    Round.objects.filter(pk=place.round_id).update(agreement=MARKDOWN)
    place.round.agreement = MARKDOWN
    return place


@shown
def a_place_that_is_offered(site, come):
    place = offered()
    return at(site, come, f"/places/{place.pk}/answer/", place.user)


@shown
def an_offer_without_a_signature(site, come):
    page = a_place_that_is_offered(site, come)
    page.get_by_role("button", name="Sign and take the place").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def a_place_that_is_accepted(site, come):
    place = offered()
    signed = places.Signature("Grace Example", places.digest(place.round.agreement), "Grace")
    places.accept(place=place, by=place.user, signed=signed, now=clock.now())
    return at(site, come, f"/places/{place.pk}/answer/", place.user)


@shown
def declining_a_place(site, come):
    place = offered()
    return at(site, come, f"/places/{place.pk}/decline/", place.user)


@shown
def a_place_that_was_declined(site, come):
    place = offered()
    places.decline(place=place, by=place.user, words="", now=clock.now())
    return at(site, come, f"/places/{place.pk}/answer/", place.user)
