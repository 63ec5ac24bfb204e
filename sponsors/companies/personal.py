"""What companies hold about a person."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import ProtectedError

from funding.accounts.models import User
from sponsors.companies.models import Company, Membership


def hindrances(user: User) -> Iterator[str]:
    """A company may be without people; what it pays for is asked where that is known."""
    yield from ()


def export(user: User) -> dict[str, object]:
    memberships = Membership.objects.filter(user=user).select_related("company").order_by("pk")
    return {"companies": [_told(membership) for membership in memberships]}


def forget(user: User) -> None:
    """Their part in companies. One that nobody acts for any more goes as well, unless something
    points at it: a company with sponsorships has papers."""
    for company in Company.objects.of(user):
        Membership.objects.filter(user=user, company=company).delete()
        if not company.memberships.exists():
            _remove_if_unused(company)


def _remove_if_unused(company: Company) -> None:
    try:
        with transaction.atomic():
            company.delete()
    except ProtectedError:
        # Its papers stay, and its name stands on them. What an individual said of themself goes.
        if company.is_individual:
            company.about, company.website, company.logo = "", "", None
            company.save(update_fields=["about", "website", "logo"])


def _told(membership: Membership) -> dict[str, object]:
    company = membership.company
    return {
        "role": membership.role,
        "since": membership.since,
        "kind": company.kind,
        "display_name": company.display_name,
        "legal_name": company.legal_name,
        "country": company.country,
        "about": company.about,
        "website": company.website,
        "billing_email": company.billing_email,
    }
