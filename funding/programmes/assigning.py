"""Who reads what: every application that was sent gets as many reviewers as its round needs, by load,
and nobody reads their own, nor that of somebody whom they would mentor, nor where a conflict was
declared. One at a time a round, under its lock."""

from collections import Counter, defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from funding.accounts.models import User
from funding.programmes import access, log, phases
from funding.programmes.mail import reviewing as mail
from funding.programmes.models import Application, Idea, Part, Phase, Review, Round
from funding.programmes.refusals import Refused

ACTIVE = (Review.Status.ASSIGNED, Review.Status.DONE)
Given = dict[int, set[int]]  # application → who reads it from now on


@dataclass(slots=True)
class Facts:
    """What assignment goes by. People and applications by their ids."""

    needs: dict[int, int] = field(default_factory=dict)  # reviews that are missing
    free: dict[int, set[int]] = field(default_factory=dict)  # who may still be given it
    loads: Counter[int] = field(default_factory=Counter)  # what each has in hand or has read

    def short(self) -> dict[int, int]:
        """Applications for which there are too few reviewers, and by how many."""
        lacking = {one: need - len(self.free[one]) for one, need in self.needs.items()}
        return {one: missing for one, missing in lacking.items() if missing > 0}


@dataclass(frozen=True, slots=True)
class Assigned:
    """What came of it: reviews that were given out, and what nobody is left for."""

    given: int
    short: dict[int, int]


def share_out(facts: Facts) -> Given:
    """For the same facts always the same. Whoever has least is given next, by id among equals; then
    what was given is passed on for as long as that brings loads closer together."""
    loads, given = Counter(facts.loads), Given()
    for one in sorted(facts.needs, key=lambda one: (len(facts.free[one]), one)):
        by_load = sorted(facts.free[one], key=lambda who: (loads[who], who))
        given[one] = set(by_load[: facts.needs[one]])
        loads.update(given[one])
    while chain := _uneven(given, facts.free, loads):
        for giver, application, taker in chain:
            given[application] ^= {giver, taker}
        loads[chain[0][0]] -= 1
        loads[chain[-1][2]] += 1
    return given


def assign(*, round_id: int, by: User, now: datetime) -> Assigned:
    """Give out what is missing; what is given already stays, but for what is in the hands of people
    who review no longer."""
    with transaction.atomic():
        round_ = Round.objects.locked(round_id)
        insist_time(round_, now)
        insist_impartial(round_, by)
        take_from_who_left(round_)
        facts = look(round_)
        given = _write(share_out(facts), now)
        if given:
            log.note(round_, by, f"gave out {given} review{'' if given == 1 else 's'}")
            _tell(round_, now)
    return Assigned(given, facts.short())


def give(*, application: Application, reviewer: User, by: User, now: datetime) -> None:
    """One application to one person, by hand. Raises `Refused`."""
    with transaction.atomic():
        round_ = Round.objects.locked(application.round_id)
        insist_time(round_, now)
        insist_impartial(round_, by)
        found = round_.applications.submitted().filter(pk=application.pk).first()
        if found is None:
            raise Refused("It was withdrawn meanwhile, so nobody reads it.")
        if not access.may(reviewer, "review", round_.programme):
            raise Refused(f"{reviewer} is no reviewer of {round_.programme} any more.")
        if why := bar(found, reviewer):
            raise Refused(f"{reviewer} cannot review it: {why}.")
        if found.reviews.filter(reviewer=reviewer).exists():
            raise Refused(f"{reviewer} has it already, or handed it back for a conflict.")
        _write({found.pk: {reviewer.pk}}, now)
        log.note(round_, by, f"gave application {found.pk} to {reviewer}")
        _tell(round_, now)


def take_back(*, review: Review, by: User, now: datetime) -> None:
    """What somebody has not begun. Raises `Refused`."""
    with transaction.atomic():
        round_ = Round.objects.locked(review.application.round_id)
        insist_time(round_, now)
        insist_impartial(round_, by)
        rows = Review.objects.select_for_update(of=("self",)).select_related("reviewer")
        row = rows.filter(pk=review.pk, status=Review.Status.ASSIGNED).first()
        if row is None or row.comment or row.flags:
            raise Refused("It was begun meanwhile, so it stays with its reviewer.")
        row.delete()
        log.note(round_, by, f"took application {row.application_id} back from {row.reviewer}")


def replace(application: Application, round_: Round, *, now: datetime) -> bool:
    """Somebody else for what was handed back: False where nobody is left. Under the round's lock."""
    facts = look(round_)
    need = facts.needs.get(application.pk, 0)
    facts.needs = {application.pk: need} if need else {}
    made = _write(share_out(facts), now)
    if made:
        _tell(round_, now)
    return made >= need


def look(round_: Round) -> Facts:
    """How it stands now: five questions, however many applications there are."""
    reviewers = set(reviewer_ids(round_))
    mentors = _mentors(round_)
    facts, known = Facts(loads=Counter(dict.fromkeys(reviewers, 0))), defaultdict(set)
    read: Counter[int] = Counter()
    rows = Review.objects.filter(application__round=round_, application__status="submitted")
    for application, reviewer, status in rows.values_list("application", "reviewer", "status"):
        known[application].add(reviewer)
        if status in ACTIVE:
            read[application] += 1
            facts.loads[reviewer] += 1
    for one, user, idea in round_.applications.submitted().values_list("pk", "user", "idea"):
        facts.free[one] = reviewers - known[one] - mentors[idea] - {user}
        if read[one] < round_.reviews_needed:
            facts.needs[one] = round_.reviews_needed - read[one]
    return facts


def reviewer_ids(round_: Round) -> list[int]:
    """Of who reviews and has not applied themselves."""
    parts = Part.objects.filter(programme=round_.programme_id, role=Part.Role.REVIEWER)
    rows = parts.filter(user__is_active=True).exclude(user__in=_applicants(round_))
    return list(rows.order_by("user").values_list("user", flat=True))


def insist_impartial(round_: Round, by: User) -> None:
    """Raises `Refused` for who has applied to the round: others decide in it."""
    if access.has_applied(by, round_):
        raise Refused(access.PARTIAL)


def bar(application: Application, user: User, *, to_them: bool = False) -> str:
    """Why this person may not judge it, said of them or to them; nothing if they may."""
    if application.user_id == user.pk:
        return f"it is {'your' if to_them else 'their'} own application"
    if access.has_applied(user, application.round):
        return f"{'you' if to_them else 'they'} have applied to the same round"
    if (
        application.idea_id
        and Idea.objects.filter(pk=application.idea_id, mentors__user=user).exists()
    ):
        return f"{'you' if to_them else 'they'} would mentor this person"
    return ""


def insist_time(round_: Round, now: datetime) -> None:
    """Raises `Refused` while applications may still change, and once reviews are over."""
    if round_.status != Round.Status.OPEN:
        raise Refused("The round is not under way.")
    before = phases.find(round_, Phase.Kind.WORK_SAMPLE) or phases.find(
        round_, Phase.Kind.APPLICATIONS
    )
    if before and now < before.ends_at:
        raise Refused("Applications may still change. Give them out once that phase is over.")
    review = phases.find(round_, Phase.Kind.REVIEW)
    if review is None or now >= review.ends_at:
        raise Refused(
            "The review phase is over. Give it a later end first if reviews are missing."
            if review
            else "This round has no review phase. Give it one under its dates first."
        )


def _uneven(
    given: Given, free: Mapping[int, set[int]], loads: Counter[int]
) -> list[tuple[int, int, int]]:
    """A chain of reviewers, each of whom passes one application on to the next, that takes one from
    somebody and gives one to somebody who has at least two fewer."""
    held: dict[int, list[int]] = defaultdict(list)
    for application in sorted(given):
        for who in given[application]:
            held[who].append(application)
    least = min(loads.values(), default=0)
    for start in sorted(held, key=lambda who: (-loads[who], who)):
        if loads[start] < least + 2:
            return []
        if chain := _chain(start, held, given, free, loads):
            return chain
    return []


def _chain(
    start: int,
    held: Mapping[int, list[int]],
    given: Given,
    free: Mapping[int, set[int]],
    loads: Counter[int],
) -> list[tuple[int, int, int]]:
    came: dict[int, tuple[int, int, int] | None] = {start: None}
    waiting = deque([start])
    while waiting:
        who = waiting.popleft()
        if loads[who] <= loads[start] - 2:
            return _back(came, who)
        for application in held.get(who, []):
            for taker in sorted(free[application] - given[application] - came.keys()):
                came[taker] = (who, application, taker)
                waiting.append(taker)
    return []


def _back(came: Mapping[int, tuple[int, int, int] | None], who: int) -> list[tuple[int, int, int]]:
    chain: list[tuple[int, int, int]] = []
    while (step := came[who]) is not None:
        chain.insert(0, step)
        who = step[0]
    return chain


def _write(given: Mapping[int, set[int]], now: datetime) -> int:
    rows = [
        Review(application_id=one, reviewer_id=who, assigned_at=now)
        for one in sorted(given)
        for who in sorted(given[one])
    ]
    return len(Review.objects.bulk_create(rows, batch_size=500))


def _tell(round_: Round, now: datetime) -> None:
    phase = phases.find(round_, Phase.Kind.REVIEW)
    mail.given(round_, until=phase.ends_at if phase else None, now=now)


def _mentors(round_: Round) -> defaultdict[int | None, set[int]]:
    """Who would mentor whoever is taken for an idea."""
    found: defaultdict[int | None, set[int]] = defaultdict(set)
    rows = Idea.objects.filter(round=round_).values_list("pk", "mentors__user")
    for idea, user in rows:
        found[idea].add(user)
    return found


def take_from_who_left(round_: Round) -> None:
    """What people have in hand who review no longer, or have applied themselves."""
    may = Part.objects.filter(
        programme=round_.programme_id, role__in=access.MAY["review"], user__is_active=True
    )
    rows = Review.objects.filter(application__round=round_, status=Review.Status.ASSIGNED)
    impartial = may.exclude(user__in=_applicants(round_))
    rows.exclude(reviewer__in=impartial.values("user")).delete()


def _applicants(round_: Round) -> "QuerySet[Application, Any]":
    return round_.applications.submitted().filter(user__isnull=False).values("user")
