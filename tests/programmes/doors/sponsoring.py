"""What sponsors do: seats, promises, and the page on which they see what became of it."""

from funding.office import clock
from sponsors.sponsorships.models import Commitment, PaysBy
from tests import factories
from tests.programmes import scenes
from tests.programmes.doors import HIDDEN, ON, VISITORS, everybody, to

SIGNED_IN = VISITORS[1:]
_seat = "/commitments/{commitment_id}"
_round = "/programmes/{seat_slug}/{seat_round}"


def signed_in(answer):
    return to(answer, *SIGNED_IN)


TABLE: dict[str, dict[str, tuple[object, ...]]] = {
    _round + "/sponsor/{share_id}/": {"GET": signed_in(200), "POST": signed_in(422)},
    _round + "/sponsor/{foreign_share_id}/": {"GET": signed_in(HIDDEN), "POST": signed_in(HIDDEN)},
    "/programmes/{seat_slug}/no-round/sponsor/{share_id}/": {"GET": signed_in(HIDDEN)},
    _round + "/wait/": {"GET": signed_in(200), "POST": signed_in(422)},
    "/programmes/{seat_slug}/no-round/wait/": {"GET": signed_in(HIDDEN)},
    _round + "/badge.svg": {"GET": everybody(200)},
    "/programmes/{seat_slug}/no-round/badge.svg": {"GET": everybody(HIDDEN)},
    _seat + "/": {"GET": to(200, "sponsor")},
    _seat + "/withdraw/": {"GET": to(200, "sponsor"), "POST": to(ON, "sponsor")},
    _seat + "/po/": {"POST": to(422, "sponsor")},
    _seat + "/name/": {"POST": to(ON, "sponsor")},
    _seat + "/card/": {"POST": to(ON, "sponsor")},
    _seat + "/saved/": {"GET": to(200, "sponsor")},
    _seat + "/left/": {"GET": to(ON, "sponsor")},
    "/commitments/{foreign_commitment_id}/": {"GET": to(HIDDEN)},
    "/commitments/{foreign_commitment_id}/withdraw/": {"POST": to(HIDDEN)},
    "/commitments/{foreign_commitment_id}/po/": {"POST": to(HIDDEN)},
}


def names(town):
    """A call of the town's programme, with a seat of the sponsor's, and one of somebody else's."""
    call = scenes.call(scenes.round_(town.programme))
    first, *_ = call.shares.all()
    kept = scenes.reserved(call, town.company, pays_by=PaysBy.INVOICE)
    foreign = scenes.reserved(call, factories.payer(), now=clock.now())
    assert Commitment.objects.filter(call=call).count() == 2
    return {
        "seat_slug": town.programme.slug, "seat_round": call.round.slug, "share_id": first.pk,
        "foreign_share_id": scenes.call().shares.first().pk, "commitment_id": kept.pk,
        "foreign_commitment_id": foreign.pk,
    }  # fmt: skip
