"""Paperwork: what a company's finance department wants on invoices, and where these go."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from sponsors.companies.models import Company, Paperwork
from sponsors.companies.paperwork_form import PaperworkForm

# Our fields of an address, and Stripe's.
TYPED = {
    "line1": "line1",
    "line2": "line2",
    "postcode": "postal_code",
    "city": "city",
    "region": "state",
}
MOST = {"line1": 120, "line2": 120, "postcode": 20, "city": 80, "region": 80}


def of(company: Company) -> Paperwork:
    """As it stands; with nothing in it, and not saved, where nobody has filled it in."""
    return Paperwork.objects.filter(company=company).first() or Paperwork(company=company)


def show(company: Company) -> PaperworkForm:
    return PaperworkForm(instance=_with(of(company), company))


def save(*, company: Company, data: Mapping[str, Any]) -> PaperworkForm:
    """Write down what was typed, under the company's lock. A form with errors, with nothing changed,
    when something is to be mended."""
    with transaction.atomic():
        locked = Company.objects.select_for_update().get(pk=company.pk)
        paperwork, _ = Paperwork.objects.get_or_create(company=locked)
        form = PaperworkForm(data, instance=_with(paperwork, locked))
        if form.is_valid():
            form.save()
    return form


def adopt(company: Company, typed: Mapping[str, str]) -> Paperwork:
    """Write an address down that was typed elsewhere, where there is none and it is in the company's
    country. In a transaction; the paperwork as it is then."""
    locked = Company.objects.select_for_update().get(pk=company.pk)
    papers = of(locked)
    is_whole = typed.get("line1") and typed.get("city")
    if papers.has_address or not is_whole or typed.get("country") != locked.country:
        return papers
    for name, theirs in TYPED.items():
        setattr(papers, name, typed.get(theirs, "")[: MOST[name]])
    papers.save()
    return papers


def address(company: Company, papers: Paperwork) -> dict[str, str]:
    """As Stripe is told it: where it is not whole there is only a country."""
    return typed_so_far(company, papers) if papers.has_address else {"country": company.country}


def typed_so_far(company: Company, papers: Paperwork) -> dict[str, str]:
    """By Stripe's names."""
    typed = {theirs: str(getattr(papers, name)) for name, theirs in TYPED.items()}
    return {"country": company.country, **{name: text for name, text in typed.items() if text}}


def payable(company: Company) -> list[str]:
    """Where mail about its invoices goes, besides whoever bought."""
    return [company.billing_email, *of(company).addresses]


def _with(paperwork: Paperwork, company: Company) -> Paperwork:
    paperwork.company = company
    return paperwork
