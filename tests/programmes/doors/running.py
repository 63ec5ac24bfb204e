"""What participants and mentors do, and how organisers see a round through."""

from funding.office import clock
from funding.programmes import certificates, outlays
from tests.programmes import running_scenes as running
from tests.programmes.doors import HIDDEN, ON, SIGN_IN, VISITORS, everybody, to

REFUSED = 403
IN_IT = ("organiser", "treasurer", "reviewer", "mentor")
BOTH = ("participant", "mentor")


def desk(answer, *may):
    """Who has another part is refused; who has none finds nothing."""
    got = zip(VISITORS, to(answer, *may), strict=True)
    return tuple(REFUSED if one in IN_IT and one not in may else said for one, said in got)


def organisers(answer=200, sent=422):
    return {"GET": desk(answer, "organiser"), "POST": desk(sent, "organiser")}


def spenders(answer=200, sent=422):
    may = ("organiser", "treasurer")
    return {"GET": desk(answer, *may), "POST": desk(sent, *may)}


def sides(answer=200, sent=422):
    return {"GET": to(answer, *BOTH), "POST": to(sent, *BOTH)}


def participants(answer=200, sent=422):
    return {"GET": to(answer, "participant"), "POST": to(sent, "participant")}


DESK = "/organise/{ran_programme}/{ran_round}"
PLAN = "/organise/{ran_programme}/{ran_plan}"
PLACE = "/places/{ran_place}"
TABLE: dict[str, dict[str, tuple[object, ...]]] = {
    "/places/": {"GET": (SIGN_IN, *(200,) * 9)},
    f"{PLACE}/": {"GET": to(200, *BOTH)},
    f"{PLACE}/name/": participants(200, ON),
    f"{PLACE}/checkpoints/1/": sides(),
    f"{PLACE}/checkpoints/2/": sides(ON, ON),  # not open yet
    f"{PLACE}/checkpoints/3/": sides(HIDDEN, HIDDEN),
    f"{PLACE}/posts/new/": sides(),
    f"{PLACE}/posts/{{ran_post}}/": participants(),
    f"{PLACE}/posts/{{ran_released_post}}/": participants(ON, ON),
    f"{PLACE}/certificate.pdf": {"GET": to(HIDDEN)},  # not completed
    "/places/{ran_other}/": {"GET": to(HIDDEN)},
    "/places/{ran_done}/certificate.pdf": {"GET": to(200, "participant", "organiser")},
    "/programmes/certificates/{ran_code}/": {"GET": everybody()},
    "/programmes/certificates/{ran_done}.nonsense/": {"GET": everybody(404)},
    f"{DESK}/checkpoints/": organisers(200, 409),
    f"{PLAN}/checkpoints/": organisers(),
    f"{DESK}/places/": {"GET": desk(200, "organiser")},
    f"{DESK}/places/?state=late": {"GET": desk(200, "organiser")},
    f"{DESK}/places/{{ran_place}}/": {"GET": desk(200, "organiser")},
    f"{PLAN}/places/{{ran_place}}/": {"GET": desk(HIDDEN, "organiser")},
    f"{DESK}/places/{{ran_place}}/mentors/": organisers(),
    f"{DESK}/places/{{ran_place}}/extend/": organisers(),
    f"{DESK}/places/{{ran_place}}/end/": organisers(),
    f"{DESK}/places/{{ran_place}}/complete/": organisers(200, 409),
    f"{DESK}/places/{{ran_place}}/summary/": organisers(),
    f"{DESK}/instalments/{{ran_waiting}}/release/": organisers(),
    f"{PLAN}/instalments/{{ran_waiting}}/release/": organisers(HIDDEN, HIDDEN),
    f"{DESK}/instalments/{{ran_waiting}}/hold/": organisers(),
    f"{DESK}/posts/{{ran_post}}/": organisers(200, ON),
    f"{PLAN}/posts/{{ran_post}}/": organisers(HIDDEN, HIDDEN),
    f"{DESK}/report/": organisers(),
    f"{DESK}/report/publish/": organisers(200, ON),
    f"{DESK}/end/": organisers(200, 409),
    f"{DESK}/money/": {"GET": desk(200, "organiser", "treasurer")},
    f"{PLAN}/money/": {"GET": desk(200, "organiser", "treasurer")},
    f"{DESK}/money/cost/": spenders(),
    f"{DESK}/money/instalments/{{ran_waiting}}/": spenders(ON, ON),  # not to be paid
    f"{DESK}/money/instalments/{{ran_released}}/": spenders(),
    f"{PLAN}/money/instalments/{{ran_released}}/": spenders(HIDDEN, HIDDEN),
    f"{DESK}/money/{{ran_outlay}}/correct/": spenders(ON, ON),  # asked once more who they are
    f"{PLAN}/money/{{ran_outlay}}/correct/": spenders(ON, ON),
}


def names(town):
    """A place of the participant that runs and one that is done, and somebody else's, with money."""
    made = running.round_(town.programme, places=5, report="What we did.")
    earlier = running.round_(town.programme, places=5)
    plan = running.round_(town.programme)
    mentor, organiser = town.people["mentor"], town.people["organiser"]
    done = running.place(
        earlier, user=town.people["participant"], mentor=mentor, status="done",
        ended_at=clock.now(),
    )  # fmt: skip
    place = running.place(made, user=town.people["participant"], mentor=mentor)
    other = running.place(made)
    running.funded(made)
    released = running.released(other)
    outlay = outlays.spend(
        made, what="Travel", amount=100, paid_by="Us", paid_on=clock.today(), reference="T",
        by=organiser,
    )  # fmt: skip
    return {
        "ran_programme": town.programme.slug, "ran_round": made.slug, "ran_plan": plan.slug,
        "ran_place": place.pk, "ran_other": other.pk, "ran_done": done.pk,
        "ran_code": certificates.code(done), "ran_post": running.post(place).pk,
        "ran_released_post": running.post(place, released_at=clock.now()).pk,
        "ran_waiting": place.instalments.first().pk, "ran_released": released.pk,
        "ran_outlay": outlay.pk,
    }  # fmt: skip
