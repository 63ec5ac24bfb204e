"""Signing: what a company agrees to with a seat, in whole words, and what of that it may still change
while nothing is decided. The words are kept as they were signed, with the price in them."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from funding.programmes import instants
from funding.programmes.models import FundingCall, Share
from sponsors.sponsorships import commitments, mail, offers, refusals, seat_moves, seat_refusals
from sponsors.sponsorships.models import (
    COMMITMENT_GRACE,
    OFFER_HOLDS,
    Commitment,
    CommitmentStatus,
    PaysBy,
)

PAGES_TAKE = timedelta(hours=1)  # a first card page, and a second one where the first was lost
Mode, Remainder = FundingCall.Mode, FundingCall.Remainder


class Decided(refusals.Refused):
    """What is announced with a decision stays as it was then."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is signed: for everybody, and by how it is paid."""

    all: tuple[str, ...]
    card: str
    invoice: str

    @property
    def digest(self) -> str:
        """It travels with the form, so that nobody signs other words than they read."""
        whole = "\n".join((*self.all, self.card, self.invoice))
        return hashlib.sha256(whole.encode()).hexdigest()[:16]

    def signed(self, *, pays_by: str, is_anonymous: bool) -> str:
        """As it is kept."""
        paid = self.card if pays_by == PaysBy.CARD else self.invoice
        shown = "Our name is not shown." if is_anonymous else "Our name is shown on its pages."
        return "\n\n".join((*self.all, paid, shown))


def words(share: Share, call: FundingCall) -> Words:
    round_ = call.round
    grace = f"{COMMITMENT_GRACE.days} days"
    return Words(
        all=(
            f"We take a seat, “{share.name}”, of {round_} for {call.money(share.amount).exact}, "
            "net. Tax is added where it is due, and the invoice shows it apart.",
            _pays_for(call),
            _decided(call),
            "Until it is decided we can give the seat back and owe nothing. From then on the "
            "promise holds.",
            "What the places do not need once all is paid, and what is left when the round is done, "
            f"is {_remainder(call)}.",
        ),
        card=(
            f"We save a card at Stripe now. We allow {settings.SITE_NAME} to charge it once, for "
            "this seat and its tax, without us being there, and only after the decision. If the "
            f"payment fails we have {grace} to mend it; then the seat goes to the next."
        ),
        invoice=(
            f"We get an invoice once it is decided, which carries our purchase order number. "
            f"If it is not paid when it is due we have {grace} more; then the seat goes to the "
            f"next. Without a number the seat is kept for {call.po_days} days."
        ),
    )


def sign(*, commitment_id: int, accepted: commitments.Acceptance, now: datetime) -> Commitment:
    """What is signed for a seat that is kept already: one that was offered, or one for which
    somebody comes back and chooses otherwise. Raises `TooLate`."""
    with transaction.atomic():
        refusals.insist_not_gone(accepted.by)
        commitment, call = seat_moves.locked(commitment_id)
        seat_refusals.insist_kept(commitment)
        commitment.reserved_until = _kept_until(commitment, call, accepted, now)
        commitment.pays_by, commitment.po_number = accepted.pays_by, accepted.po_number
        commitment.net_days, commitment.is_anonymous = accepted.net_days, accepted.is_anonymous
        commitment.accepted_by, commitment.accepted_at = accepted.by, now
        commitment.accepted_name, commitment.accepted_text = accepted.name, accepted.text
        commitment.save()
        if commitment.pays_by == PaysBy.INVOICE and not commitment.po_number:
            mail.seat_kept(commitment)
    return commitment


def hold(*, commitment_id: int, until: datetime) -> Commitment:
    """Keep a seat that is kept at least until then: a card page is open for as long. Raises
    `TooLate`, also for who would keep it for ever by opening one page after the other."""
    with transaction.atomic():
        commitment, _ = seat_moves.locked(commitment_id)
        seat_refusals.insist_kept(commitment)
        if commitment.reserved_until < until:
            if until > _last(commitment):
                raise seat_refusals.TooLate(
                    "The seat was kept as long as it can be, and goes back in some minutes. Take a "
                    "seat again then, while there is one. Nothing was charged."
                )
            commitment.reserved_until = until
            commitment.save(update_fields=["reserved_until"])
    return commitment


def give_number(*, commitment_id: int, number: str, now: datetime) -> Commitment:
    """The purchase order is there: what was only kept is promised with it. Raises `TooLate`,
    `OtherMeans` for a seat that is to be paid by card, and `Decided` once an invoice carries another
    number."""
    with transaction.atomic():
        commitment, _ = seat_moves.locked(commitment_id)
        if commitment.status not in UNDECIDED:
            raise Decided("It was decided meanwhile: its invoice carries what was given before.")
        commitment.po_number = number
        commitment.save(update_fields=["po_number"])
        if commitment.status == CommitmentStatus.RESERVED:
            return commitments.commit(
                commitment_id=commitment_id,
                now=now,
                cause="The purchase order is in",
                by=PaysBy.INVOICE,
            )
    return commitment


def show(*, commitment_id: int, is_anonymous: bool) -> Commitment:
    """Whether its company is named, until it is decided. Raises `Decided`."""
    with transaction.atomic():
        commitment, call = seat_moves.locked(commitment_id)
        if commitment.status not in UNDECIDED:
            raise Decided("It was decided meanwhile, so what is shown stays as it is.")
        commitment.is_anonymous = is_anonymous and call.takes_anonymous
        commitment.save(update_fields=["is_anonymous"])
    return commitment


def _kept_until(
    commitment: Commitment, call: FundingCall, accepted: commitments.Acceptance, now: datetime
) -> datetime:
    """A purchase order takes its days from the beginning; who chooses a card instead has the time
    that a card takes, and no more of those days."""
    until = commitment.reserved_until
    if accepted.pays_by == PaysBy.INVOICE:
        return max(until, _number_until(commitment, call))
    if commitment.pays_by == PaysBy.INVOICE:
        return min(until, max(_last(commitment), now + PAGES_TAKE))
    return until


def _number_until(commitment: Commitment, call: FundingCall) -> datetime:
    """How long a seat can be kept for a purchase order: one that was offered after the closing, no
    longer than seats are offered."""
    until = _begun(commitment) + timedelta(days=call.po_days)
    is_late = commitment.was_offered and call.closed_at is not None
    return min(until, offers.end(call)) if is_late else until


def _last(commitment: Commitment) -> datetime:
    """Until when it can be kept while somebody looks for a card."""
    offered = OFFER_HOLDS if commitment.was_offered else timedelta()
    return _begun(commitment) + PAGES_TAKE + offered


def _begun(commitment: Commitment) -> datetime:
    return commitment.moves.earliest("id").at


UNDECIDED = (CommitmentStatus.RESERVED, CommitmentStatus.COMMITTED)


def _pays_for(call: FundingCall) -> str:
    number = call.places_wanted
    cost = f"{call.cost} each: a stipend of {call.money(call.stipend)}"
    for part in call.parts.all():
        cost += f", {part.name} {call.money(part.amount)}"
    return (
        f"With the other seats it pays for {number} place{'s' if number > 1 else ''} at {cost}. "
        f"All seats together are {call.wanted}."
    )


def _decided(call: FundingCall) -> str:
    closes = instants.said(call.closes_at, call.round.zone)
    least = f"{call.places_least} place{'s' if call.places_least > 1 else ''}"
    if call.state == FundingCall.State.SUCCEEDED and call.mode == Mode.ALL_OR_NOTHING:
        return "It is decided: the round comes about, so this seat is paid at once."
    if call.mode == Mode.ALL_OR_NOTHING:
        return (
            f"It is decided when {call.least}, for {least}, is promised, or at the latest on "
            f"{closes}. If less is promised by then, nobody pays and this promise ends."
        )
    return (
        f"It is decided place by place: from {least} on, each one when another {call.cost} is "
        f"promised, until {closes}. What covers no whole place by then is not charged, and that "
        "promise ends."
    )


def _remainder(call: FundingCall) -> str:
    return {
        Remainder.REFUND: "refunded to its sponsors, each by its share",
        Remainder.NEXT_ROUND: f"kept for the next round of {call.round.programme}",
        Remainder.GENERAL: f"given to the general fund of {settings.SITE_NAME}",
    }[Remainder(call.remainder)]


def call_of(share: Share) -> FundingCall:
    """With its round, for its words."""
    found = FundingCall.objects.select_related("round__programme")
    return found.get(pk=share.call_id)
