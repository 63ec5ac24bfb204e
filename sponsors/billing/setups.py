"""Setups: what became of a page on which a card is saved for a programme's seat. With the card the seat is
promised; nothing is charged. Under the page's lease (`handlers`), and as often as somebody looks."""

import logging
from collections.abc import Callable

from funding.office import clock
from sponsors.billing import gateway, payers
from sponsors.billing.gateway import Json
from sponsors.billing.models import Setup
from sponsors.sponsorships import commitments, refusals
from sponsors.sponsorships.models import PaysBy

log = logging.getLogger(__name__)


def look_up(session: Json) -> Callable[[], bool]:
    """What to do in the transaction, with the page and the card that was saved there in hand."""
    found = Setup.objects.filter(stripe_id=session["id"]).first() or _by_reference(session)
    if found is None:
        return lambda: False
    method = _saved(session) if session["status"] == "complete" else ""
    means = payers.means(method) if method else ""

    def apply() -> bool:
        row = Setup.objects.select_for_update().get(pk=found.pk)
        row.stripe_id = session["id"]
        if session["status"] != "open":
            row.status = session["status"]
        row.payment_method, row.means = method or row.payment_method, means or row.means
        row.save(update_fields=["stripe_id", "status", "payment_method", "means"])
        if method:
            _promise(row)
        return True

    return apply


def newest(commitment_id: int) -> Setup | None:
    """The card that was saved for it last, if one was."""
    saved = Setup.objects.filter(commitment=commitment_id).exclude(payment_method="")
    return saved.order_by("-id").first()


def _promise(row: Setup) -> None:
    try:
        commitments.commit(
            commitment_id=row.commitment_id,
            now=clock.now(),
            cause=f"{row.means} saved",
            by=PaysBy.CARD,
        )
    except refusals.Refused as refused:
        # It was given back, went to others, or is paid in another way by what a colleague signed
        # since; whoever comes back is told so.
        log.info("Card page %s came too late: %s", row.pk, type(refused).__name__)


def _saved(session: Json) -> str:
    """Stripe's id of what was saved there."""
    return str(gateway.setup_intent(session["setup_intent"])["payment_method"] or "")


def _by_reference(session: Json) -> Setup | None:
    """The page of a session whose id a crash kept from us: its reference is our row."""
    reference = session["client_reference_id"] or ""
    ours = reference.removeprefix("setup:")
    if ours == reference or not ours.isdecimal():
        return None
    row = Setup.objects.filter(pk=int(ours), stripe_id=None).first()
    matches = row and session["metadata"].get("commitment") == str(row.commitment_id)
    return row if matches else None
