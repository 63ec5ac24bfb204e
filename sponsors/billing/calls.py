"""Asking Stripe for a change: written down first, asked under the row's own key, then stamped.

A crash or a lost answer leaves the row *asked*: whoever asks again for the same subject uses the
same row and so the same key, and Stripe answers what it did the first time. A refusal makes way
for a new attempt. Where the same key is of no use any more (Stripe keeps its own failures under
it, and forgets it after 24 hours), what it has made is looked up before there is a new one."""

from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction

from funding.office import clock
from sponsors.billing import gateway
from sponsors.billing.gateway import Json
from sponsors.billing.models import Call

KEYS_LAST = timedelta(hours=23)


class TooOldToRepeat(gateway.Unknown):
    """Asked more than a day ago and never answered: look at Stripe before asking again."""


def ask(
    *,
    purpose: str,
    subject: str,
    do: Callable[[str], Json],
    look_up: Callable[[], Json | None] | None = None,
    read: Callable[[str], Json] | None = None,
    harmless: bool = False,
) -> Json:
    """What Stripe answers to `do(key)`. Raises the gateway's errors as they are.

    `look_up` finds what an answer of long ago has made; without it such a call is not repeated.
    `read` is for what is made once a subject: when it was made already, and a crash kept us from
    noting it, that is what is answered. `harmless` is for what may be asked any number of times,
    such as setting a value: it always has a new key, since under an old one Stripe would repeat an
    old answer and do nothing."""
    call = _call(purpose, subject, again=harmless)
    if call.status == Call.Status.DONE:
        return read(call.stripe_id) if read else _do(_next(call), do)
    if call.status == Call.Status.UNCLEAR or clock.machine_now() - call.asked_at > KEYS_LAST:
        return _resolve(call, look_up, do)
    try:
        return _do(call, do)
    except gateway.KeyUsed:
        return _resolve(call, look_up, do)


def _do(call: Call, do: Callable[[str], Json]) -> Json:
    try:
        answer = do(call.key)
    except gateway.Refused as refused:
        _stamp(call, Call.Status.REFUSED, error=f"{refused.code} {refused}")
        raise
    except gateway.Failed as failed:
        _stamp(call, Call.Status.UNCLEAR, error=str(failed))
        raise
    _stamp(call, Call.Status.DONE, stripe_id=str(answer["id"]))
    return answer


def _call(purpose: str, subject: str, *, again: bool) -> Call:
    """The newest call, unless it was refused or is to be asked again: then a new one."""
    rows = Call.objects.filter(purpose=purpose, subject=subject)
    newest = rows.order_by("-attempt").first()
    if newest is None:
        return _make(purpose, subject, 1)
    if again or newest.status == Call.Status.REFUSED:
        return _next(newest)
    return newest


def _next(call: Call) -> Call:
    return _make(call.purpose, call.subject, call.attempt + 1)


def _make(purpose: str, subject: str, attempt: int) -> Call:
    row = {"purpose": purpose, "subject": subject, "attempt": attempt}
    try:
        with transaction.atomic():
            return Call.objects.create(**row, asked_at=clock.machine_now())
    except IntegrityError:
        return Call.objects.get(**row)  # somebody else asks the same: one key for both


def _resolve(
    call: Call, look_up: Callable[[], Json | None] | None, do: Callable[[str], Json]
) -> Json:
    if look_up is None:
        raise TooOldToRepeat(str(call))
    if found := look_up():
        _stamp(call, Call.Status.DONE, stripe_id=str(found["id"]))
        return found
    _stamp(call, Call.Status.REFUSED, error="Never arrived, as a look at Stripe showed.")
    return _do(_next(call), do)


def _stamp(call: Call, status: Call.Status, *, stripe_id: str = "", error: str = "") -> None:
    call.status, call.stripe_id, call.error = status, stripe_id, error.strip()
    call.answered_at = clock.machine_now()
    call.save(update_fields=["status", "stripe_id", "error", "answered_at"])
