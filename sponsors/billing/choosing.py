"""Choosing: the page between a tier and Stripe's payment page. It puts the two forms together (who
and how often; a company that is not here yet) and keeps what was typed whatever happens."""

from collections.abc import Mapping
from datetime import datetime

from funding.accounts.models import User
from funding.projects.models import Tier
from sponsors.billing import checkout, ordering
from sponsors.billing.forms import AS_MYSELF, NEW_ORGANISATION, ChoiceForm, PayerForm
from sponsors.companies import access
from sponsors.companies.forms import CompanyForm
from sponsors.companies.models import Company
from sponsors.sponsorships.models import Sponsorship


class BothForms:
    """`form` says who pays; where that is a company that is not here yet, `company_form` says which."""

    form: PayerForm
    company_form: CompanyForm

    def ask_for_company(self, data: Mapping[str, str] | None, user: User) -> None:
        kind = AS_MYSELF if self.form["sponsor"].value() == AS_MYSELF else NEW_ORGANISATION
        sent = data if data and self.form.asks_for_company else None
        self.company_form = CompanyForm(sent, kind=kind, initial={"billing_email": user.email})

    def is_valid(self) -> bool:
        chosen = self.form.is_valid()
        return (not self.form.asks_for_company or self.company_form.is_valid()) and chosen

    def company(self) -> Company:
        """Who pays: one that is here, or a new one, not saved yet."""
        if self.form.asks_for_company:
            new: Company = self.company_form.instance
            return new
        return self.form.companies[self.form.cleaned_data["sponsor"]]


class Choice(BothForms):
    """For one tier and one person."""

    form: ChoiceForm

    def __init__(
        self,
        *,
        tier: Tier,
        user: User,
        data: Mapping[str, str] | None,
        wished: Mapping[str, str] | None = None,
    ) -> None:
        """`wished`: what the link that led here says is to be chosen."""
        self.tier, self.user, self.data = tier, user, data
        self.problem = ""
        companies = access.companies_for(user, "sponsor")
        self.form = ChoiceForm(data, tier=tier, companies=companies, wished=wished)
        self.ask_for_company(data, user)

    @property
    def by_invoice(self) -> bool:
        """Whether an invoice was asked for, and no payment page."""
        return self.form.by_invoice

    def order(self, *, now: datetime) -> Sponsorship:
        """What was ordered; raises what `ordering.place` raises."""
        typed = self.form.cleaned_data
        return ordering.place(
            company=self.company(), tier=self.tier, terms=self.form.terms(), by=self.user, now=now,
            wish=ordering.Wish(typed["net_days"], typed["po_number"]),
        )  # fmt: skip

    def pay(self, *, now: datetime) -> str:
        """The address of Stripe's payment page; raises what `checkout.start` raises."""
        return checkout.start(
            company=self.company(), tier=self.tier, terms=self.form.terms(), by=self.user, now=now
        )

    def refused(self, problem: str) -> "Choice":
        """The same page again with the reason, the tier as it is now, and what was typed."""
        tier = Tier.objects.select_related("project").get(pk=self.tier.pk)
        again = Choice(tier=tier, user=self.user, data=self._kept(tier))
        again.problem = problem
        return again

    def _kept(self, tier: Tier) -> Mapping[str, str] | None:
        """What was typed, under today's prices: sending it again agrees to those."""
        kept = dict(self.data.items()) if self.data else {}
        kept |= {"month_price": str(tier.monthly or ""), "year_price": str(tier.yearly or "")}
        return kept
