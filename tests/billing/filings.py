"""Paperwork as companies file it, and what Stripe knows of it."""

from sponsors.billing import filing
from sponsors.companies import paperwork

ADDRESS = {
    "line1": "Am Markt 1", "line2": "", "postcode": "10115", "city": "Berlin", "region": "",
    "net_days": "30", "tax_id": "", "reference": "", "addresses": "",
}  # fmt: skip


def file(company, **typed):
    seen = paperwork.show(company)["seen"].value()
    return filing.file(company=company, data={**ADDRESS, "seen": seen, **typed})
