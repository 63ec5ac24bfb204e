"""What organisers do: programmes, rounds, calls, people."""

from funding.office import clock
from funding.programmes import founding, inviting
from funding.programmes.models import Hosting, Part
from tests import factories
from tests.programmes import scenes
from tests.programmes.doors import HIDDEN, ON, SIGN_IN, VISITORS, everybody, to

REFUSED = 403
SEE = ("organiser", "treasurer")
IN_IT = ("organiser", "treasurer", "reviewer", "mentor")


def line(answer, *, deed="edit"):
    """Who has a part that does not allow it is refused; who has none sees nothing."""
    may = SEE if deed == "see" else ("organiser",)
    got = to(answer, *may)
    return tuple(
        REFUSED if one in IN_IT and one not in may else said
        for one, said in zip(VISITORS, got, strict=True)
    )


def form(answer=200, refused=422, *, deed="edit"):
    return {"GET": line(answer, deed=deed), "POST": line(refused, deed=deed)}


SIGNED_IN = (SIGN_IN, *(200,) * 9)
CERTAIN = form(ON, ON)  # asked once more who they are
DESK, ROUND, DRAFT = (
    "/organise/{programme}",
    "/organise/{programme}/{round}",
    "/organise/{programme}/{draft}",
)
LOOKED_AT = {"GET": line(200, deed="see"), "POST": line(422)}
TABLE: dict[str, dict[str, tuple[object, ...]]] = {
    "/organise/": {"GET": SIGNED_IN},
    "/organise/new/": {"GET": SIGNED_IN, "POST": (SIGN_IN, *(422,) * 9)},
    "/organise/asked/{hosting_id}/": {"GET": to(200, "mentor"), "POST": to(ON, "mentor")},
    "/organise/parts/{part_id}/give-up/": {"GET": to(200, "mentor"), "POST": to(ON, "mentor")},
    "/organise/parts/{other_part_id}/give-up/": {"GET": to(200), "POST": to(ON)},
    "/organise/invitations/{invitation_id}/": {
        "GET": to(200, "applicant"),
        "POST": to(ON, "applicant"),
    },
    "/organise/invitation/{secret}/": {
        "GET": everybody(),
        "POST": (SIGN_IN, *(ON if one == "applicant" else REFUSED for one in VISITORS[1:])),
    },
    "/organise/invitation/no-such/": {"GET": everybody(404), "POST": everybody(404)},
    f"{DESK}/": {"GET": line(200, deed="see")},
    f"{DESK}/texts/": form(),
    f"{DESK}/logo/": form(),
    f"{DESK}/logo/remove/": {"POST": line(ON)},
    f"{DESK}/projects/": {"GET": line(200, deed="see")},
    f"{DESK}/projects/ask/": form(),
    f"{DESK}/projects/{{hosted_id}}/remove/": form(200, ON),
    f"{DESK}/projects/{{others_hosting_id}}/remove/": form(HIDDEN, HIDDEN),
    f"{DESK}/people/": {"GET": line(200, deed="see")},
    f"{DESK}/people/give/": CERTAIN,
    f"{DESK}/people/invite/": CERTAIN,
    f"{DESK}/people/{{part_id}}/remove/": CERTAIN,
    f"{DESK}/people/{{other_part_id}}/remove/": CERTAIN,
    f"{DESK}/people/invitations/{{invitation_id}}/send-again/": {"POST": line(ON)},
    f"{DESK}/people/invitations/{{other_invitation_id}}/withdraw/": {"POST": line(HIDDEN)},
    f"{DESK}/people/invitations/{{invitation_id}}/withdraw/": {"POST": line(ON)},
    f"{DESK}/rounds/new/": form(),
    f"{ROUND}/": {"GET": line(200, deed="see")},
    f"{DRAFT}/": {"GET": line(200, deed="see")},
    f"{DESK}/{{others_round}}/": {"GET": line(HIDDEN, deed="see")},
    f"{DRAFT}/preview/": {"GET": line(200, deed="see")},
    f"{ROUND}/preview/": {"GET": line(ON, deed="see")},
    f"{ROUND}/texts/": form(),
    f"{ROUND}/rules/": form(),
    f"{DRAFT}/rules/": form(),
    f"{DRAFT}/dates/": LOOKED_AT,
    f"{DRAFT}/call/": LOOKED_AT,
    f"{ROUND}/call/": {"GET": line(200, deed="see"), "POST": line(409)},
    f"{DRAFT}/open/": form(),
    f"{ROUND}/open/": form(ON, ON),
    f"{ROUND}/take-back/": form(200, ON),
    f"{ROUND}/call-off/": CERTAIN,
    f"{ROUND}/log/": {"GET": line(200, deed="see")},
}


def names(town):
    people, now = town.people, clock.now()
    asked = factories.project(maintainer=people["mentor"])
    hosting = founding.ask(
        programme=town.programme, project=asked, by=people["organiser"], now=now
    )
    second = Hosting.objects.create(
        programme=town.programme, project=factories.project(), asked_by=people["organiser"],
        asked_at=now, joined_at=now,
    )  # fmt: skip
    other = scenes.programme()
    others_organiser = other.parts.get().user
    call = scenes.call(scenes.round_(town.programme))
    draft = scenes.round_(town.programme, status="draft", opened_at=None)
    invitation, secret = scenes.invitation(town.programme, people["applicant"].email)
    elsewhere = inviting.invite(
        programme=other, email="x@example.org", role="mentor", by=others_organiser, now=now
    )
    return {
        "programme": town.programme.slug, "round": call.round.slug, "draft": draft.slug,
        "hosting_id": hosting.pk, "hosted_id": second.pk,
        "others_hosting_id": other.hostings.get().pk, "others_round": scenes.round_(other).slug,
        "part_id": Part.objects.get(programme=town.programme, role="mentor").pk,
        "other_part_id": other.parts.get().pk, "invitation_id": invitation.pk, "secret": secret,
        "other_invitation_id": elsewhere.pk,
    }  # fmt: skip
