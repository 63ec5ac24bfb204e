"""What is on paper, as words and as bytes."""

import json

from sponsors.billing import describing, documents, printing
from tests import world

NOW = world.BEGINNING


def sheet(row, now=NOW):
    return describing.sheet(documents.load([row.stripe_id])[0], now=now)


def words(row, now=NOW):
    return json.dumps(sheet(row, now), ensure_ascii=False)


def pdf(row, now=NOW):
    return printing.pdf(sheet(row, now), made_at=row.created_at)
