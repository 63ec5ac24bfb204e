"""Wrong drafts: the invoice of a seat that bills something else than was agreed, because Stripe, or
somebody there, put more on it. Nobody is charged for it, its seat is not late, and staff are told; it is
looked at again each day, or when they say so."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db.models import Q, QuerySet

from funding.ledger.money import Money
from funding.office import clock
from sponsors.billing import gateway
from sponsors.billing.gateway import Json
from sponsors.billing.models import Call, WrongDraft
from sponsors.sponsorships.models import Commitment

log = logging.getLogger(__name__)
LOOKED_AGAIN_AFTER = timedelta(days=1)


class NotExact(Exception):
    """The draft does not bill what was agreed."""

    def __init__(self, stripe_id: str, words: str) -> None:
        super().__init__(words)
        self.stripe_id = stripe_id


def insist_exact(commitment: Commitment, invoice: Json) -> None:
    """One line, of what was signed."""
    lines, currency = invoice["lines"]["data"], invoice["currency"].upper()
    bills = (invoice["subtotal"], currency, len(lines))
    if bills != (commitment.amount, commitment.currency, 1):
        raise NotExact(
            invoice["id"],
            f"It bills {Money(invoice['subtotal'], currency).exact} in {len(lines)} lines. Agreed "
            f"is {commitment.money.exact} in one, for a seat of {commitment.payee}.",
        )


@contextmanager
def noted(commitment: Commitment) -> Iterator[None]:
    """What is found out inside about its draft is written down for staff."""
    try:
        yield
    except NotExact as wrong:
        log.error("%s of commitment %s: %s", wrong.stripe_id, commitment.pk, wrong)
        now = clock.now()
        said = {"stripe_id": wrong.stripe_id, "words": str(wrong)[:300], "looked_at": now}
        WrongDraft.objects.update_or_create(
            commitment=commitment, defaults=said, create_defaults={**said, "found_at": now}
        )
    else:
        forget(commitment.pk)


def rested() -> Q:
    """Commitments without a wrong draft, or whose draft was not looked at for a day."""
    before = clock.now() - LOOKED_AGAIN_AFTER
    return Q(wrong_draft=None) | Q(wrong_draft__looked_at__lte=before)


def look_again(drafts: QuerySet[WrongDraft]) -> int:
    """Somebody has mended them at Stripe: they need not wait for their day."""
    return drafts.update(looked_at=clock.now() - LOOKED_AGAIN_AFTER)


def make_way(commitment: Commitment, *, purposes: tuple[str, ...], subject: str) -> None:
    """A wrong draft that somebody threw away at Stripe: what had made it is asked anew."""
    row = WrongDraft.objects.filter(commitment=commitment).first()
    if row is None:
        return
    try:
        gateway.invoice(row.stripe_id)
    except gateway.NotFound:
        made = Call.objects.filter(purpose__in=purposes, subject=subject)
        made.update(status=Call.Status.REFUSED, error="It was thrown away at Stripe.")


def forget(commitment_id: int) -> None:
    WrongDraft.objects.filter(commitment=commitment_id).delete()
