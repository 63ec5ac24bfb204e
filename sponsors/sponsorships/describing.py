"""Describing: what a company says of itself, and its logo. It stands in this app, above companies,
because the pages of what the company sponsors show it and have to be drawn anew."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.datastructures import MultiValueDict

from funding.office import clock
from sponsors.companies.forms import DescriptionForm, LogoForm
from sponsors.companies.models import Company
from sponsors.sponsorships import showing


class Description:
    """Both forms of the page, for one company, and what was typed into them."""

    def __init__(
        self,
        company: Company,
        data: Mapping[str, Any] | None = None,
        files: MultiValueDict[str, Any] | None = None,
    ) -> None:
        self.company, self.data = company, data
        self.form = DescriptionForm(data, instance=company)
        self.logo_form = LogoForm(data, files, has_logo=company.logo_id is not None)

    def save(self) -> bool:
        """Change the company as typed; False, with nothing changed, when a field is to be mended.
        Who was second of two is told what stands now: the company is locked while it is asked."""
        logo_is_right = self.logo_form.is_valid()
        with transaction.atomic():
            company = Company.objects.select_for_update().get(pk=self.company.pk)
            self.form = DescriptionForm(self.data, instance=company)
            if not (self.form.is_valid() and logo_is_right):
                return False
            self.form.save()
            company.logo = self.logo_form.chosen(company.logo)
            company.save(update_fields=["logo"])
            showing.touch_pages_of(company, now=clock.now())
        return True
