"""What applicants do, and what organisers ask them."""

from tests.programmes import applicants, scenes
from tests.programmes.doors import HIDDEN, ON, SIGN_IN, VISITORS, everybody, to


def desk(organiser, mentor=403):
    """A page of the desk: who has another part in the programme may not, to others there is none."""
    said = {"anybody": SIGN_IN, "organiser": organiser, "mentor": mentor}
    said |= {"treasurer": 403, "reviewer": 403}
    return tuple(said.get(visitor, HIDDEN) for visitor in VISITORS)


MINE = to(200, "applicant")
QUESTIONS, CRITERIA = "/organise/{asked}/questions/", "/organise/{asked}/criteria/"
IDEAS = "/organise/{asked}/ideas/"

TABLE: dict[str, dict[str, tuple[object, ...]]] = {
    "/programmes/{asked}/ideas/": {"GET": everybody()},
    "/programmes/{hidden_round}/ideas/": {"GET": everybody(HIDDEN)},
    "/programmes/{asked}/apply/": {"GET": everybody(), "POST": to(409, others=409)},
    "/programmes/{hidden_round}/apply/": {
        "GET": everybody(HIDDEN), "POST": everybody(HIDDEN),
    },
    "/applications/": {"GET": to(200, others=200)},
    "/applications/{begun_id}/": {"GET": MINE},
    "/applications/{begun_id}/eligibility/": {"GET": MINE, "POST": to(422, "applicant")},
    "/applications/{begun_id}/contacts/": {"GET": MINE, "POST": to(422, "applicant")},
    "/applications/{begun_id}/contacts/{contact_id}/remove/": {"POST": to(ON, "applicant")},
    "/applications/{begun_id}/idea/": {"GET": MINE, "POST": to(422, "applicant")},
    "/applications/{begun_id}/form/": {"GET": MINE, "POST": to(409, "applicant")},
    "/applications/{draft_id}/form/": {"GET": MINE, "POST": to(422, "applicant")},
    "/applications/{draft_id}/form/save/": {"POST": MINE},
    "/applications/{draft_id}/sample/": {"GET": MINE, "POST": to(409, "applicant")},
    "/applications/{draft_id}/sample/save/": {"POST": MINE},  # refused in words
    "/applications/{draft_id}/withdraw/": {"GET": MINE, "POST": to(ON, "applicant")},
    "/applications/99999999/": {"GET": to(HIDDEN)},
    QUESTIONS: {"GET": desk(200)},
    QUESTIONS + "add/": {"GET": desk(200), "POST": desk(422)},
    QUESTIONS + "preview/": {"GET": desk(200)},
    QUESTIONS + "copy/": {"GET": desk(200), "POST": desk(422)},
    QUESTIONS + "{question_id}/": {"GET": desk(200), "POST": desk(422)},
    QUESTIONS + "{question_id}/move/": {"POST": desk(400)},
    QUESTIONS + "{question_id}/remove/": {"GET": desk(200), "POST": desk(ON)},
    CRITERIA: {"GET": desk(200)},
    CRITERIA + "add/": {"GET": desk(200), "POST": desk(422)},
    CRITERIA + "{criterion_id}/": {"GET": desk(200), "POST": desk(422)},
    CRITERIA + "{criterion_id}/move/": {"POST": desk(400)},
    CRITERIA + "{criterion_id}/remove/": {"GET": desk(200), "POST": desk(ON)},
    IDEAS: {"GET": desk(200, 200)},
    IDEAS + "propose/": {"GET": desk(200, 200), "POST": desk(422, 409)},
    IDEAS + "{idea_id}/": {"GET": desk(200, 200), "POST": desk(422, 409)},
    IDEAS + "{others_idea_id}/": {"GET": desk(200, HIDDEN), "POST": desk(422, HIDDEN)},
    IDEAS + "{idea_id}/accept/": {"POST": desk(ON)},
    IDEAS + "{idea_id}/decline/": {"GET": desk(200), "POST": desk(422)},
    IDEAS + "{idea_id}/withdraw/": {"GET": desk(200, 200), "POST": desk(ON, ON)},
    IDEAS + "{others_idea_id}/withdraw/": {
        "GET": desk(200, HIDDEN), "POST": desk(ON, HIDDEN),
    },
}  # fmt: skip


def names(town):
    mentor, applicant = town.people["mentor"], town.people["applicant"]
    early = scenes.round_(town.programme)
    hidden = scenes.round_(town.programme, status="draft")
    begun = applicants.draft(applicants.open_round(programme_=town.programme), applicant)
    applicants.criterion(begun.round)
    return {
        "asked": f"{town.programme.slug}/{early.slug}",
        "hidden_round": f"{town.programme.slug}/{hidden.slug}",
        "begun_id": begun.pk,
        "contact_id": applicants.contact(begun).pk,
        "draft_id": applicants.draft(
            applicants.open_round(programme_=town.programme), applicant
        ).pk,
        "question_id": applicants.question(early).pk,
        "criterion_id": applicants.criterion(early).pk,
        "idea_id": applicants.idea(early, proposed_by=mentor, status="proposed").pk,
        "others_idea_id": applicants.idea(early, "Another").pk,
    }
