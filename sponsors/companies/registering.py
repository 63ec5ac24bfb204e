"""Registering: a person puts a company, or themself as an individual, on the site."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from funding.accounts.models import User
from funding.office import names
from sponsors.companies.models import Company, Membership


@transaction.atomic
def register(*, company: Company, by: User) -> Company:
    """The company with its first member, who may do everything. The same form sent twice, or a
    person who is on the site as an individual already, finds what is there, with the e-mail address
    and the website as they were typed now."""
    if not User.objects.hold(by):  # one registration a person at a time
        raise PermissionDenied("This account is closed, so nothing was put on the site.")
    if found := _same(company, by):
        found.billing_email, found.website = company.billing_email, company.website
        found.full_clean()
        found.save(update_fields=["billing_email", "website"])
        return found
    company.full_clean(exclude=["slug"])
    names.save_new(company, company.display_name)
    Membership.objects.create(company=company, user=by, role=Membership.Role.OWNER)
    return company


def _same(company: Company, by: User) -> Company | None:
    theirs = Company.objects.of(by).filter(kind=company.kind)
    if company.is_individual:
        return theirs.first()
    return theirs.filter(
        display_name=company.display_name, legal_name=company.legal_name, country=company.country
    ).first()
