"""Beginning: a company chooses a tier, and a seat is held for it until it is paid for or let go."""

from datetime import datetime

from django.db import IntegrityError, transaction

from funding.accounts.models import User
from funding.projects.models import Tier
from sponsors.companies.models import Company
from sponsors.sponsorships import changing, lifecycle, refusals, seats
from sponsors.sponsorships.models import ENDED, Sponsorship, Status


def begin(
    *, company: Company, tier: Tier, terms: lifecycle.Terms, by: User, now: datetime
) -> Sponsorship:
    """The pending sponsorship of this company on this tier, found or made, with a seat held for
    it. Raises a `Refused` when it cannot be had."""
    refusals.insist_on_offer(
        company=company, tier=tier, interval=terms.interval, price=terms.price
    )
    try:
        with transaction.atomic():
            refusals.insist_not_gone(by)
            return _find_pending(company, tier) or _make_pending(company, tier, terms, by, now)
    except IntegrityError:
        # Somebody pressed the button twice: the other request has made it.
        with transaction.atomic():
            if pending := _find_pending(company, tier):
                return pending
        raise


def agree(*, sponsorship_id: int, terms: lifecycle.Terms) -> Sponsorship:
    """Write down what the payment page about to be opened asks for, of a pending sponsorship."""
    with transaction.atomic():
        sponsorship = lifecycle.locked(sponsorship_id)
        if sponsorship.under_way:
            raise refusals.UnderWay
        if sponsorship.status != Status.PENDING:
            raise refusals.NotAllowed(
                "It was let go or paid for just now. Look at it and choose again."
            )
        sponsorship.interval, sponsorship.amount = terms.interval, terms.price.amount
        sponsorship.a_month, sponsorship.visibility = lifecycle.a_month(terms), terms.visibility
        sponsorship.wants_updates = terms.wants_updates
        sponsorship.save(
            update_fields=["interval", "amount", "a_month", "visibility", "wants_updates"]
        )
    return sponsorship


def _find_pending(company: Company, tier: Tier) -> Sponsorship | None:
    found = (
        Sponsorship.objects.select_for_update(of=("self",))
        .holding_a_seat()
        .filter(company=company, tier=tier)
        .first()
    )
    if found is None:
        return None
    if found.status != Status.PENDING:
        raise refusals.AlreadySponsoring(
            f"{company} sponsors {tier.project} on {tier.name} already.", found
        )
    if found.under_way:
        raise refusals.UnderWay
    return found


def _make_pending(
    company: Company, tier: Tier, terms: lifecycle.Terms, by: User, now: datetime
) -> Sponsorship:
    seats.take(tier)
    changing.insist_none_is_coming(company, tier)
    before = Sponsorship.objects.filter(company=company, project=tier.project, since__isnull=False)
    sponsorship = Sponsorship.objects.create(
        company=company, project=tier.project, tier=tier, bought_by=by,
        interval=terms.interval, amount=terms.price.amount, currency=terms.price.currency,
        a_month=lifecycle.a_month(terms), visibility=terms.visibility, wants_updates=terms.wants_updates,
        tier_name=tier.name, benefits=list(tier.benefits.values("kind", "text", "hours")),
        previous=before.filter(status__in=ENDED).order_by("-id").first(), created_at=now,
    )  # fmt: skip
    lifecycle.wait_for_payment(sponsorship, now=now)
    return sponsorship
