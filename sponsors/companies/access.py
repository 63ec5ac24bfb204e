"""Who may do what for a company: a table of role and deed, and the one function that reads it."""

from funding.accounts.models import User
from sponsors.companies.models import Company, Membership

Role = Membership.Role

MAY: dict[str, set[str]] = {
    "see": {Role.OWNER},
    "sponsor": {Role.OWNER},
    "cancel": {Role.OWNER},
    "pay": {Role.OWNER},
    "paper": {Role.OWNER},  # what its invoices say and where they go
    "edit": {Role.OWNER},  # what its page and its invoices say of it
    "show": {Role.OWNER},  # what everybody sees of what it sponsors, and who gets mail about it
}


def companies_for(user: User, deed: str) -> "list[Company]":
    """The companies for which this person may do the deed, in the order of their names."""
    theirs = Company.objects.of(user).filter(memberships__role__in=MAY[deed])
    return list(theirs.select_related("paperwork"))


def company_for(user: User, deed: str, slug: str) -> Company | None:
    """The company, if this person may do the deed for it; None alike for one that is another's and
    for one that does not exist."""
    theirs = Company.objects.of(user).filter(slug=slug, memberships__role__in=MAY[deed])
    return theirs.select_related("logo").first()


def may(user: User, deed: str, company: Company) -> bool:
    """Whether this person may do the deed for this company. Staff have the admin and no part in
    what companies do."""
    return Membership.objects.filter(user=user, company=company, role__in=MAY[deed]).exists()


def who_may(deed: str, company: Company) -> list[User]:
    """Everybody who may do the deed for this company now."""
    theirs = Membership.objects.filter(company=company, role__in=MAY[deed])
    return [one.user for one in theirs.select_related("user").order_by("pk")]
