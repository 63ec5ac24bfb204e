"""Taking a seat: the page between a programme's call and Stripe's card page. It puts the two forms
together (who, how and under which name; a company that is not here yet), keeps what was typed
whatever happens, and has the seat kept before anybody looks for a card."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from funding.accounts.models import User
from funding.programmes.models import FundingCall, Share
from sponsors.billing import card_pages
from sponsors.billing.choosing import BothForms
from sponsors.billing.seat_form import SeatForm
from sponsors.companies import access, registering
from sponsors.companies.models import Company
from sponsors.sponsorships import commitments, refusals, seat_refusals, signing
from sponsors.sponsorships.models import Commitment, CommitmentStatus, PaysBy


class WordsChanged(refusals.Refused):
    """What was read is not what would be signed now."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A seat that is kept or promised; `page`: where a card is saved for it."""

    commitment: Commitment
    page: str = ""


class Taking(BothForms):
    """For one seat and one person."""

    form: SeatForm

    def __init__(
        self,
        *,
        share: Share,
        call: FundingCall,
        user: User,
        data: Mapping[str, str] | None,
        wished: str = "",
    ) -> None:
        self.share, self.call, self.user, self.data = share, call, user, data
        self.wished, self.problem = wished, ""
        self.words = signing.words(share, call)
        self.form = SeatForm(
            data, call=call, companies=access.companies_for(user, "sponsor"),
            digest=self.words.digest, wished=wished,
        )  # fmt: skip
        self.ask_for_company(data, user)

    def take(self, *, now: datetime) -> Taken:
        """Raises `refusals.Refused` where the seat cannot be had, and `gateway.GatewayError` where
        Stripe cannot; then the seat is kept, and the same button may be pressed again."""
        if self.form.cleaned_data["read"] != self.words.digest:
            raise WordsChanged("What is signed has changed since you read it. Read it once more.")
        kept = self._keep(now)
        if kept.status == CommitmentStatus.RESERVED and kept.pays_by == PaysBy.CARD:
            return Taken(kept, card_pages.open_for(kept, now=now))
        return Taken(kept)

    def refused(self, refusal: str) -> "Taking":
        """The same page again with the reason, the words as they are now, and what was typed."""
        data = dict(self.data.items()) | {"read": self.words.digest} if self.data else None
        again = Taking(
            share=self.share, call=self.call, user=self.user, data=data, wished=self.wished
        )
        again.problem = refusal
        return again

    @transaction.atomic
    def _keep(self, now: datetime) -> Commitment:
        """The seat, and with a purchase order the promise. A company that is not saved yet is
        registered with it, or not at all."""
        refusals.insist_not_gone(self.user)
        company = self._company()
        accepted = self._accepted()
        try:
            kept = commitments.reserve(
                share=self.share, company=company, accepted=accepted, now=now
            )
        except seat_refusals.SeatTaken as taken:
            if not self._may_go_on(taken.commitment):
                raise
            kept = signing.sign(commitment_id=taken.commitment.pk, accepted=accepted, now=now)
        if accepted.pays_by == PaysBy.INVOICE and accepted.po_number:
            return commitments.commit(
                commitment_id=kept.pk, now=now, cause="The purchase order is in", by=PaysBy.INVOICE
            )
        return kept

    def _may_go_on(self, commitment: Commitment) -> bool:
        """The same button once more, or a seat that was offered."""
        kept = commitment.status == CommitmentStatus.RESERVED
        return kept and commitment.share_id == self.share.pk

    def _company(self) -> Company:
        company = self.company()
        new = self.form.asks_for_company
        return registering.register(company=company, by=self.user) if new else company

    def _accepted(self) -> commitments.Acceptance:
        typed = self.form.cleaned_data
        is_anonymous = bool(typed.get("is_anonymous"))
        return commitments.Acceptance(
            by=self.user, name=typed["signed_name"], pays_by=self.form.pays,
            text=self.words.signed(pays_by=self.form.pays, is_anonymous=is_anonymous),
            po_number=typed.get("po_number", ""), net_days=typed.get("net_days") or 30,
            is_anonymous=is_anonymous,
        )  # fmt: skip
