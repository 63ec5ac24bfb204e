"""Who may do what at every address of programmes: URL x method x visitor, as in tests/access.py. Each
module has a TABLE of its own, and `names(town)` that makes what its addresses name."""

from tests.access import HIDDEN, ON, SIGN_IN

VISITORS = (
    "anybody", "stranger", "organiser", "treasurer", "reviewer", "mentor", "applicant",
    "participant", "sponsor", "staff",
)  # fmt: skip
# anybody: not signed in · stranger: signed in, with no part in it · organiser, treasurer, reviewer,
# mentor: with that part in the programme · applicant: has applied · participant: has a place · sponsor:
# owner of a company with a seat · staff: signed in to the admin, with no part in it


def to(answer: object, *visitors: str, others: object = HIDDEN, anybody: object = SIGN_IN):
    """A line of a table: these visitors get this answer, who is not signed in is asked to, and
    everybody else gets the `others`' one."""
    assert set(visitors) <= set(VISITORS), visitors
    said = {"anybody": anybody, **dict.fromkeys(visitors, answer)}
    return tuple(said.get(visitor, others) for visitor in VISITORS)


def everybody(answer: object = 200):
    return (answer,) * len(VISITORS)


__all__ = ["HIDDEN", "ON", "SIGN_IN", "VISITORS", "everybody", "to"]
