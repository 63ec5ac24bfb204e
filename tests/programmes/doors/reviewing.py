"""What reviewers do, and how organisers choose."""

from datetime import timedelta

from funding.office import clock
from tests.programmes import scenes
from tests.programmes.doors import ON, to

REFUSED = 403


def desk(get=None, post=None):
    """Organisers; who has another part is told why not, and nobody else knows of it."""

    def line(answer):
        said = list(to(answer, "organiser"))
        for place in (3, 4, 5):  # treasurer, reviewer, mentor
            said[place] = REFUSED
        return tuple(said)

    return {
        **({"GET": line(get)} if get else {}), **({"POST": line(post)} if post else {}),
    }  # fmt: skip


ROUND = "/organise/{reviewed_slug}/{reviewed_round}"

TABLE: dict[str, dict[str, tuple[object, ...]]] = {
    "/reviews/": {"GET": to(200, others=200)},
    "/reviews/{review_id}/": {"GET": to(200, "reviewer"), "POST": to(ON, "reviewer")},
    "/reviews/{review_id}/conflict/": {"GET": to(200, "reviewer"), "POST": to(422, "reviewer")},
    f"{ROUND}/applications/": desk(200),
    f"{ROUND}/applications/?q=grace&state=all&idea=1&read=done&flagged=any&sort=mean": desk(200),
    f"{ROUND}/applications/export/": desk(200),
    f"{ROUND}/applications/reviewers/": desk(200, ON),
    f"{ROUND}/applications/{{application_id}}/": desk(200),
    f"{ROUND}/applications/{{application_id}}/give/": desk(None, 422),
    f"{ROUND}/applications/reviews/{{review_id}}/take-back/": desk(None, ON),
    f"{ROUND}/ranking/": desk(200, 400),
    f"{ROUND}/ranking/best/": desk(None, ON),
    f"{ROUND}/ranking/{{application_id}}/move/": desk(None, ON),
    f"{ROUND}/announce/": desk(ON, ON),  # asked once more who they are
    "/places/{offered_id}/answer/": {
        "GET": to(200, "applicant"), "POST": to(422, "applicant"),
    },
    "/places/{offered_id}/decline/": {
        "GET": to(200, "applicant"), "POST": to(ON, "applicant"),
    },
}  # fmt: skip


def names(town):
    """A round of the programme in review, and one whose places are offered."""
    people = town.people
    reviewed = scenes.round_(town.programme, during="review")
    application = scenes.application(reviewed, people["applicant"])
    review = scenes.review(application, people["reviewer"])
    announced = scenes.round_(
        town.programme, during="acceptance", places_funded=2, agreement="We work.",
        announced_at=clock.now() - timedelta(hours=1),
    )  # fmt: skip
    scenes.call(announced)
    scenes.checkpoints(announced)
    place = scenes.offered(scenes.application(announced, people["applicant"]))
    return {
        "reviewed_slug": town.programme.slug, "reviewed_round": reviewed.slug,
        "application_id": application.pk, "review_id": review.pk, "offered_id": place.pk,
    }  # fmt: skip
