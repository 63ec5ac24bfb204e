"""Who is chosen, who waits, who is not: the only writer of an application's outcome and of its rank on
the waiting list. One deed at a time a round, under its lock, so that two organisers together choose no
more than are paid for. Nothing of it is told before the announcement: see `told`."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, QuerySet

from funding.accounts.models import User
from funding.programmes import assigning, log, phases, ranking
from funding.programmes.models import Application, Phase, Place, Review, Round
from funding.programmes.refusals import Refused

Outcome = Application.Outcome


def told(application: Application) -> str:
    """Its outcome as anybody but an organiser may know it: nothing until it was announced."""
    return application.outcome if application.round.announced_at else ""


def decide(*, application: Application, outcome: str, by: User, now: datetime) -> Application:
    """Said twice, it changes nothing. Raises `Refused`."""
    with transaction.atomic():
        round_ = Round.objects.locked(application.round_id)
        insist_time(round_, now)
        assigning.insist_impartial(round_, by)
        row = round_.applications.submitted().filter(pk=application.pk).first()
        if row is None:
            raise Refused("It was withdrawn meanwhile, so nothing can be decided of it.")
        if row.outcome != outcome:
            _insist_possible(row, outcome, round_)
            _set(row, outcome, round_)
            log.note(round_, by, f"decided about application {row.pk}")  # not what: see above
            _touch(round_, now)
    return row


def choose_best(*, round_id: int, by: User, now: datetime) -> int:
    """Fill the places that are left by the ranking, as far as that is clear: it stops before a tie
    that would need one place more, and passes over whoever has an active place elsewhere."""
    with transaction.atomic():
        round_ = Round.objects.locked(round_id)
        insist_time(round_, now)
        assigning.insist_impartial(round_, by)
        left = round_.places_left - chosen(round_).count()
        open_ = [row for row in with_elsewhere(ranking.ranked(round_)) if _is_free(row)]
        best = open_[: max(left, 0)]
        if best and len(open_) > left and open_[left].mean == best[-1].mean:
            best = [row for row in best if row.mean != open_[left].mean]
        for row in best:
            _set(row, Outcome.SELECTED, round_)
        if best:
            log.note(round_, by, "filled places by the ranking")
            _touch(round_, now)
    return len(best)


def move(*, application: Application, up: bool, by: User, now: datetime) -> None:
    """One rank up or down on the waiting list; at its end nothing happens."""
    with transaction.atomic():
        round_ = Round.objects.locked(application.round_id)
        insist_time(round_, now)
        assigning.insist_impartial(round_, by)
        order = list(waiting(round_).values_list("pk", flat=True))
        if application.pk not in order:
            raise Refused("It is not on the waiting list any more.")
        at = order.index(application.pk)
        to = at - 1 if up else at + 1
        if 0 <= to < len(order):
            order[at], order[to] = order[to], order[at]
            _number(round_, order)
            log.note(round_, by, "changed the order in which places are offered")


def chosen(round_: Round) -> QuerySet[Application]:
    return round_.applications.submitted().filter(outcome=Outcome.SELECTED)


def waiting(round_: Round) -> QuerySet[Application]:
    rows = round_.applications.submitted().filter(outcome=Outcome.WAITING)
    return rows.order_by("rank", "pk")


def with_elsewhere(rows: QuerySet[Any]) -> QuerySet[Any]:
    """With `is_elsewhere`: whether the person has an offered or accepted place already."""
    places = Place.objects.filter(user=OuterRef("user"), status__in=Place.ACTIVE)
    found: QuerySet[Any] = rows.annotate(
        is_elsewhere=Exists(places.exclude(application=OuterRef("pk")))
    )
    return found


def insist_time(round_: Round, now: datetime) -> None:
    """Raises `Refused` while reviews may still change, and once it was announced."""
    if round_.announced_at is not None:
        raise Refused("It was announced, so it stays. A place that is declined goes to the next.")
    if round_.status != Round.Status.OPEN:
        raise Refused("The round is not under way, so nobody is chosen.")
    for kind in (Phase.Kind.REVIEW, Phase.Kind.WORK_SAMPLE, Phase.Kind.APPLICATIONS):
        phase = phases.find(round_, kind)
        if phase is not None and now < phase.ends_at:
            what = "Reviews" if kind == Phase.Kind.REVIEW else "Applications"
            raise Refused(f"{what} may still change. Choose once that phase is over.")


def _insist_possible(row: Application, outcome: str, round_: Round) -> None:
    if outcome not in (Outcome.SELECTED, Outcome.WAITING):
        return
    is_reviewed = phases.find(round_, Phase.Kind.REVIEW) is not None
    if is_reviewed and row.reviews.filter(status=Review.Status.DONE).count() < ranking.LEAST:
        raise Refused(
            f"Application {row.pk} has fewer than two reviews. Give it to another reviewer first, "
            "and the review phase a later end if that is over."
        )
    if (
        with_elsewhere(Application.objects.filter(pk=row.pk, user__isnull=False))
        .filter(is_elsewhere=True)
        .exists()
    ):
        raise Refused(
            f"The person of application {row.pk} has a place in another round. Nobody has two."
        )
    if outcome == Outcome.SELECTED and chosen(round_).count() >= round_.places_left:
        funded = round_.places_left
        raise Refused(
            "No place is funded yet, so nobody can be chosen." if not funded else
            f"{funded} place{' is' if funded == 1 else 's are'} funded and as many people are "
            "chosen. Take one of them off the list first, or put this one on the waiting list."
        )  # fmt: skip


def _set(row: Application, outcome: str, round_: Round) -> None:
    was_waiting = row.outcome == Outcome.WAITING
    last = waiting(round_).aggregate(last=Max("rank"))["last"] or 0
    row.outcome = outcome
    row.rank = last + 1 if outcome == Outcome.WAITING else None
    row.save(update_fields=["outcome", "rank"])
    if was_waiting:
        _number(round_, list(waiting(round_).values_list("pk", flat=True)))


def _number(round_: Round, order: list[int]) -> None:
    rows = {row.pk: row for row in waiting(round_)}
    for number, pk in enumerate(order, start=1):
        rows[pk].rank = number
    Application.objects.bulk_update(rows.values(), ["rank"], batch_size=500)


def _touch(round_: Round, now: datetime) -> None:
    round_.selected_at = now
    round_.save(update_fields=["selected_at"])


def _is_free(row: Application) -> bool:
    return not row.outcome and not getattr(row, "is_elsewhere", False)


def left_open(round_: Round) -> QuerySet[Application]:
    """Of which nobody has decided: with the announcement they are not chosen."""
    return round_.applications.submitted().filter(outcome="").order_by(F("pk"))


def move_up(application: Application) -> None:
    """A place became free for who was next. Under the round's lock, by `places` alone."""
    application.outcome = Outcome.SELECTED
    application.save(update_fields=["outcome"])


def refuse_the_rest(round_: Round) -> int:
    """Whoever is open is not chosen. Under the round's lock, by `announcing` alone."""
    return left_open(round_).order_by().update(outcome=Outcome.NOT_CHOSEN)
