"""Printing: an invoice, a receipt or a credit note on its layout, as `funding.office.printing` does it.
A document is never missing because of a name: what our fonts lack stands on Stripe's page of it."""

from datetime import datetime
from pathlib import Path

from funding.office import printing
from sponsors.billing.gateway import Json

LAYOUT = Path(__file__).parent / "paper" / "document.typ"
LACKING = f"{printing.LACKING} The words as they were given are on Stripe’s page of this document."


def mark(sheet: Json) -> str:
    return printing.mark(sheet, layout=LAYOUT)


def pdf(sheet: Json, *, made_at: datetime) -> bytes:
    return printing.pdf(sheet, layout=LAYOUT, made_at=made_at, lacking=LACKING)
