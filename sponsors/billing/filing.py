"""Filing: a company's paperwork is written down and becomes what its invoices carry: at Stripe, and on
what was ordered already."""

import logging
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from sponsors.billing import adopting, gateway, knowing, purchase_orders, referring
from sponsors.companies import paperwork
from sponsors.companies.models import Company
from sponsors.companies.paperwork_form import PaperworkForm

log = logging.getLogger(__name__)


def file(*, company: Company, data: Mapping[str, Any]) -> PaperworkForm:
    """A form with errors when something is to be mended; nothing has changed then. Stripe is told
    now, or by the job when it does not answer."""
    with transaction.atomic():
        typed = adopting.hold(company)
        form = paperwork.save(company=company, data=data)
        if form.errors:
            return form
        purchase_orders.take_over_reference(company, form.instance.reference)
        if form.instance.has_address:
            adopting.replace(typed)
    try:
        knowing.tell(company)
        purchase_orders.tell_all()
        referring.tell_all()
    except gateway.GatewayError as error:
        log.warning("Stripe is not told of company %s yet: %s", company.pk, type(error).__name__)
    return form
