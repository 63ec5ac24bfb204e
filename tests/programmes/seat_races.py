"""Who comes first: races for seats, and sentences for what is wrong afterwards. The mistakes that would
make them wrong are here as well, so that a test can show that it would be seen."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from unittest import mock

from django.db import connection
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.models import F

from funding.accounts.models import User
from funding.office import clock
from funding.programmes import calls
from funding.programmes.models import FundingCall, Share
from sponsors.companies.models import Company, Membership
from sponsors.sponsorships import commitments, refusals, seat_moves, seat_refusals, waiting_list
from sponsors.sponsorships.models import Commitment
from tests import factories, racing
from tests.programmes import scenes

_numbers = count(1)


def companies(number):
    """Each with a person of its own."""
    marks = [next(_numbers) for _ in range(number)]
    people = User.objects.bulk_create(User(email=f"racer{one}@example.org") for one in marks)
    made = Company.objects.bulk_create(
        Company(
            kind="organisation", display_name=f"Racer {one}", legal_name=f"Racer {one} Ltd",
            country="GB", slug=f"racer-{one}", billing_email=f"pay{one}@example.org",
        )
        for one in marks
    )  # fmt: skip
    Membership.objects.bulk_create(
        Membership(company=company, user=person, role="owner")
        for company, person in zip(made, people, strict=True)
    )
    return made


def race(*deeds, **how):
    """What each answered, or the exception that it raised."""
    left = iter(deeds)
    return racing.together(lambda: next(left)(), threads=len(deeds), **how)


# The races: each answers what was wrong


def for_three_seats(*, racers=200, threads=40):
    """All at once for the seats of one price."""
    call = scenes.call(seats=3)
    share = call.shares.get()
    left = iter([(one, scenes.accepted(one)) for one in companies(racers)])

    def take():
        company, accepted = next(left)
        return commitments.reserve(
            share=share, company=company, accepted=accepted, now=clock.now()
        )

    outcomes = racing.together(take, threads=threads, times=racers // threads)
    kept = [one for one in outcomes if isinstance(one, Commitment)]
    told = [one for one in outcomes if isinstance(one, seat_refusals.NoSeat)]
    wrong = untrue_of(call)
    if (len(kept), len(told)) != (3, racers - 3):
        odd = {type(one).__name__ for one in outcomes} - {"Commitment", "NoSeat"}
        wrong.append(f"{len(kept)} got a seat and {len(told)} were told why not; {odd}")
    return wrong


def a_last_promise_and_a_withdrawal():
    call = scenes.call()
    first, last = almost_there(call)
    outcomes = race(
        lambda: commitments.commit(commitment_id=last.pk, now=clock.now()),
        lambda: commitments.withdraw(commitment_id=first.pk, now=clock.now()),
    )
    return untrue_of(call) + unclear(outcomes)


def two_last_promises():
    """Each alone does not reach what is needed; both do."""
    call = scenes.call()
    scenes.committed(call)
    kept = [scenes.reserved(call, share=free_share(call)) for _ in range(2)]
    outcomes = race(*[promise(one) for one in kept])
    wrong = untrue_of(call) + unclear(outcomes)
    if FundingCall.objects.get(pk=call.pk).state != "succeeded":
        wrong.append("all is promised, and nothing was decided")
    return wrong


def an_expiry_and_a_promise():
    call = scenes.call()
    kept = scenes.reserved(call)
    late = clock.now() + timedelta(hours=1)
    outcomes = race(promise(kept), lambda: commitments.expire(commitment_id=kept.pk, now=late))
    kept.refresh_from_db()
    did = [one is True or isinstance(one, Commitment) for one in outcomes]
    wrong = untrue_of(call)
    if sum(did) != 1 or kept.status not in ("committed", "expired"):
        wrong.append(f"{outcomes}: {kept.status}")
    return wrong


def a_closing_and_a_promise():
    call = scenes.call()
    _, last = almost_there(call)
    before = call.closes_at - timedelta(seconds=1)
    outcomes = race(
        lambda: commitments.close(call_id=call.pk, now=call.closes_at),
        lambda: commitments.commit(commitment_id=last.pk, now=before),
    )
    return untrue_of(call) + unclear(outcomes)


def many_offers_of_one_seat():
    call = scenes.call(seats=1)
    kept = scenes.reserved(call)
    for _ in range(3):
        company = factories.payer()
        by = company.memberships.get().user
        waiting_list.join(call_id=call.pk, company=company, by=by, now=clock.now())
    commitments.withdraw(commitment_id=kept.pk, now=clock.now())
    offers = racing.together(lambda: waiting_list.offer_next(call.pk, clock.now()), threads=6)
    made = [one for some in offers if isinstance(some, list) for one in some]
    wrong = untrue_of(call)
    if len(made) != 1 or any(isinstance(one, Exception) for one in offers):
        wrong.append(f"offered {len(made)} times: {offers}")
    return wrong


ALL = [
    for_three_seats, a_last_promise_and_a_withdrawal, two_last_promises, an_expiry_and_a_promise,
    a_closing_and_a_promise, many_offers_of_one_seat,
]  # fmt: skip


def almost_there(call):
    """All but one seat is promised, and that one is kept: the first promise and the last seat."""
    first = scenes.committed(call)
    while (share := free_share(call)) and Commitment.objects.filter(call=call).count() < 2:
        scenes.committed(call, share=share)
    return first, scenes.reserved(call, share=free_share(call))


def free_share(call):
    return call.shares.filter(taken__lt=F("seats")).first()


def promise(commitment):
    return lambda: commitments.commit(commitment_id=commitment.pk, now=clock.now())


def unclear(outcomes):
    """Answers that are neither done nor a reason why not."""
    return [
        f"{type(one).__name__}: {one}"
        for one in outcomes
        if isinstance(one, Exception) and not isinstance(one, refusals.Refused)
    ]


def untrue_of(call):
    """Of a call that is decided as a whole."""
    call = FundingCall.objects.get(pk=call.pk)
    wrong = []
    for share in call.shares.all():
        live = Commitment.objects.live().filter(share=share).count()
        if live != share.taken or live > share.seats:
            wrong.append(f"{share.seats} seats, {share.taken} taken, {live} live")
    firm = Commitment.objects.filter(call=call).firm().amount()
    statuses = set(Commitment.objects.filter(call=call).values_list("status", flat=True))
    is_decided = call.state == "succeeded"
    if is_decided != (firm >= call.least.amount):
        wrong.append(f"{call.state} with {firm} of {call.least.amount} firm")
    if ("due" in statuses) != is_decided or (is_decided and "committed" in statuses):
        wrong.append(f"{call.state}, with commitments that are {sorted(statuses)}")
    if call.decisions.count() > 1:
        wrong.append("decided more than once")
    return wrong


# The mistakes


@contextmanager
def no_limit_of_seats() -> Iterator[None]:
    """A seat is taken whether there is one or not, and the database has lost the rule."""

    def take(share: Share) -> None:
        Share.objects.filter(pk=share.pk).update(taken=F("taken") + 1)

    with _without("share_seats_not_oversold"), mock.patch.object(seat_moves, "take", take):
        yield


@contextmanager
def a_look_before_the_leap() -> Iterator[None]:
    """The seats are counted first and taken then, and the rule is lost: with the lock gone as well,
    two see the same last seat."""

    def take(share: Share) -> None:
        found = Share.objects.get(pk=share.pk)
        if found.taken >= found.seats:
            raise seat_refusals.NoSeat("All seats of this price are taken.")
        time.sleep(0.002)
        Share.objects.filter(pk=share.pk).update(taken=F("taken") + 1)

    with (
        _without("share_seats_not_oversold"),
        mock.patch.object(seat_moves, "take", take),
        no_lock(),
    ):
        yield


@contextmanager
def no_lock() -> Iterator[None]:
    """Nobody is alone with a call; and nobody waits for the others to have written."""
    decide = calls.decide

    def lock(call_id: int) -> FundingCall:
        return FundingCall.objects.select_related("round__programme").get(pk=call_id)

    def slowly(call: FundingCall, **how: object):
        time.sleep(0.05)
        return decide(call, **how)

    with (
        mock.patch.object(calls, "lock", lock),
        mock.patch.object(calls, "decide", slowly),
        mock.patch.object(DatabaseWrapper, "_start_transaction_under_autocommit", _begin),
    ):
        yield


def _begin(wrapper: DatabaseWrapper) -> None:
    wrapper.cursor().execute("BEGIN")


@contextmanager
def _without(rule: str) -> Iterator[None]:
    """The table of shares has lost a rule."""
    constraint = next(one for one in Share._meta.constraints if one.name == rule)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Share, constraint)
    try:
        yield
    finally:
        Commitment.objects.all().delete()
        Share.objects.update(taken=0)
        with connection.schema_editor() as editor:
            editor.add_constraint(Share, constraint)
