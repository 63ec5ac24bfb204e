"""Who may do what at every address of a project's desk, by the part that somebody has in it: URL x method x
visitor, as in tests/access.py."""

from tests.access import HIDDEN, ON, SIGN_IN, TABLE

PARTS = ("anybody", "stranger", "owner", "editor", "treasurer", "staff")
# stranger: owner of another project · staff: signed in to the admin, with no part in this project

SEES = (SIGN_IN, HIDDEN, 200, 200, 200, HIDDEN)
EDITS = (SIGN_IN, HIDDEN, 200, 200, 403, HIDDEN)
RUNS = (SIGN_IN, HIDDEN, 200, 403, 403, HIDDEN)


def instead(answers: tuple[object, ...], of_200: object) -> tuple[object, ...]:
    """The same people get something else than a page."""
    return tuple(of_200 if answer == 200 else answer for answer in answers)


DESK: dict[str, dict[str, tuple[object, ...]]] = {
    "/maintain/": {"GET": (SIGN_IN, 200, 200, 200, 200, 200)},
    "/maintain/{slug}/": {"GET": (SIGN_IN, HIDDEN, 200, 200, 200, HIDDEN)},
    # updates
    "/maintain/{slug}/updates/": {"GET": (SIGN_IN, HIDDEN, 200, 200, 403, HIDDEN)},
    "/maintain/{slug}/updates/new/": {
        "GET": (SIGN_IN, HIDDEN, 200, 200, 403, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, 422, 422, 403, HIDDEN),
    },
    "/maintain/{slug}/updates/{update_id}/": {
        "GET": (SIGN_IN, HIDDEN, 200, 200, 403, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, 422, 422, 403, HIDDEN),
    },
    "/maintain/{slug}/updates/{draft_update_id}/publish/": {
        "GET": (SIGN_IN, HIDDEN, 200, 200, 403, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, ON, ON, 403, HIDDEN),
    },
    "/maintain/{slug}/updates/{update_id}/take-down/": {
        "GET": (SIGN_IN, HIDDEN, 200, 200, 403, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, ON, ON, 403, HIDDEN),
    },
    "/maintain/{slug}/updates/{draft_update_id}/delete/": {
        "GET": (SIGN_IN, HIDDEN, 200, 200, 403, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, ON, ON, 403, HIDDEN),
    },
    # what its page says and offers
    "/maintain/new/": {
        "GET": (SIGN_IN, 200, 200, 200, 200, 200),
        "POST": (SIGN_IN, 422, 422, 422, 422, 422),
    },
    "/maintain/{slug}/publish/": {"GET": instead(RUNS, ON), "POST": instead(RUNS, ON)},
    "/maintain/{slug}/preview/": {"GET": instead(SEES, ON)},
    "/maintain/{slug}/texts/": {"GET": EDITS, "POST": instead(EDITS, 422)},
    "/maintain/{slug}/logo/": {"GET": EDITS, "POST": instead(EDITS, 422)},
    "/maintain/{slug}/logo/remove/": {"POST": instead(EDITS, ON)},
    "/maintain/{slug}/people/": {"GET": EDITS},
    "/maintain/{slug}/people/add/": {"GET": EDITS, "POST": instead(EDITS, 422)},
    "/maintain/{slug}/people/{person_id}/": {"GET": EDITS, "POST": instead(EDITS, 422)},
    "/maintain/{slug}/people/{person_id}/move/": {"POST": instead(EDITS, 400)},
    "/maintain/{slug}/people/{person_id}/remove/": {"GET": EDITS, "POST": instead(EDITS, ON)},
    "/maintain/{slug}/goals/": {"GET": EDITS, "POST": instead(EDITS, 422)},
    "/maintain/{slug}/goals/add/": {"GET": EDITS, "POST": instead(EDITS, 422)},
    "/maintain/{slug}/goals/{goal_id}/": {"GET": EDITS, "POST": instead(EDITS, 422)},
    "/maintain/{slug}/goals/{goal_id}/move/": {"POST": instead(EDITS, 400)},
    "/maintain/{slug}/goals/{goal_id}/remove/": {"GET": EDITS, "POST": instead(EDITS, ON)},
    "/maintain/{slug}/tiers/": {"GET": EDITS},
    "/maintain/{slug}/tiers/add/": {"GET": EDITS, "POST": instead(EDITS, 422)},
    "/maintain/{slug}/tiers/{tier_id}/": {"GET": EDITS, "POST": instead(EDITS, 422)},
    "/maintain/{slug}/tiers/{tier_id}/move/": {"POST": instead(EDITS, 400)},
    "/maintain/{slug}/tiers/{tier_id}/close/": {"GET": EDITS, "POST": instead(EDITS, ON)},
    "/maintain/{slug}/tiers/{tier_id}/reopen/": {"POST": instead(EDITS, ON)},
    "/maintain/{slug}/tiers/{tier_id}/remove/": {"GET": EDITS, "POST": instead(EDITS, ON)},
    # somebody else's rows under one's own address, and a draft
    "/maintain/{slug}/people/{others_person_id}/": {"GET": instead(EDITS, HIDDEN)},
    "/maintain/{slug}/goals/{others_goal_id}/": {"GET": instead(EDITS, HIDDEN)},
    "/maintain/{slug}/goals/{others_goal_id}/move/": {"POST": instead(EDITS, HIDDEN)},
    "/maintain/{slug}/goals/{others_goal_id}/remove/": {"POST": instead(EDITS, HIDDEN)},
    "/maintain/{slug}/tiers/{draft_tier_id}/": {"GET": instead(EDITS, HIDDEN)},
    "/maintain/{slug}/tiers/{draft_tier_id}/close/": {"POST": instead(EDITS, HIDDEN)},
    "/maintain/{draft_slug}/preview/": {"GET": (SIGN_IN, HIDDEN, 200, HIDDEN, HIDDEN, HIDDEN)},
    "/maintain/{draft_slug}/publish/": {
        "GET": (SIGN_IN, HIDDEN, 200, HIDDEN, HIDDEN, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, 422, HIDDEN, HIDDEN, HIDDEN),
    },
    # money outside Stripe
    "/maintain/{slug}/grants/": {"GET": (SIGN_IN, HIDDEN, 200, 403, 200, HIDDEN)},
    "/maintain/{slug}/grants/new/": {
        "GET": (SIGN_IN, HIDDEN, 200, 403, 200, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, 422, 403, 422, HIDDEN),
    },
    "/maintain/{slug}/grants/{grant_id}/correct/": {
        "GET": (SIGN_IN, HIDDEN, 200, 403, 200, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, 422, 403, 422, HIDDEN),
    },
    "/maintain/{slug}/payments/": {"GET": (SIGN_IN, HIDDEN, 200, 403, 200, HIDDEN)},
    "/maintain/{slug}/payments/new/": {
        "GET": (SIGN_IN, HIDDEN, 200, 403, 200, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, 422, 403, 422, HIDDEN),
    },
    "/maintain/{slug}/payments/{payment_id}/correct/": {
        "GET": (SIGN_IN, HIDDEN, 200, 403, 200, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, 422, 403, 422, HIDDEN),
    },
    "/maintain/{slug}/received/": {"GET": (SIGN_IN, HIDDEN, 200, 403, 200, HIDDEN)},
    "/maintain/{slug}/received/{settled_id}/refund/": {  # a bank asked for it once: not for them
        "GET": (SIGN_IN, HIDDEN, 200, 403, 200, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, 409, 403, 409, HIDDEN),
    },
    "/maintain/{slug}/log/": {"GET": (SIGN_IN, HIDDEN, 200, 200, 200, HIDDEN)},
    "/maintain/{slug}/archive/": {
        "GET": (SIGN_IN, HIDDEN, 200, 403, 403, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, ON, 403, 403, HIDDEN),
    },
    "/maintain/{slug}/reopen/": {
        "GET": (SIGN_IN, HIDDEN, ON, 403, 403, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, ON, 403, 403, HIDDEN),
    },
    # the team
    "/maintain/{slug}/team/": {"GET": (SIGN_IN, HIDDEN, 200, 200, 200, HIDDEN)},
    "/maintain/{slug}/team/invite/": {
        "GET": (SIGN_IN, HIDDEN, 200, 403, 403, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, 422, 403, 403, HIDDEN),
    },
    "/maintain/{slug}/team/leave/": {
        "GET": (SIGN_IN, HIDDEN, 200, 200, 200, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, ON, ON, ON, HIDDEN),
    },
    "/maintain/{slug}/team/hand-over/": {
        "GET": (SIGN_IN, HIDDEN, 200, 403, 403, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, 422, 403, 403, HIDDEN),
    },
    "/maintain/{slug}/team/{member_id}/": {
        "GET": (SIGN_IN, HIDDEN, 200, 403, 403, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, 422, 403, 403, HIDDEN),
    },
    "/maintain/{slug}/team/{member_id}/remove/": {
        "GET": (SIGN_IN, HIDDEN, 200, 403, 403, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, ON, 403, 403, HIDDEN),
    },
    "/maintain/{slug}/team/invitations/{invitation_id}/send-again/": {
        "POST": (SIGN_IN, HIDDEN, ON, 403, 403, HIDDEN),
    },
    "/maintain/{slug}/team/invitations/{invitation_id}/withdraw/": {
        "POST": (SIGN_IN, HIDDEN, ON, 403, 403, HIDDEN),
    },
    "/maintain/invitations/{invitation_id}/": {
        "GET": (SIGN_IN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN),
    },
    "/invitations/{secret}/": {
        "GET": (200, 200, 200, 200, 200, 200),
        "POST": (SIGN_IN, 403, 403, 403, 403, 403),
    },
}

ALL = TABLE | DESK
