"""Money as a treasurer types it, and what the pages and the books say of it."""

from datetime import date

from funding.projects import recording
from funding.projects.models import Activity

DECEMBER, JANUARY = date(2025, 12, 1), date(2026, 1, 1)


def desk(path):
    return f"/maintain/harbour/{path}"


def a_grant(**values):
    days = {"received_on": "2026-01-02", "starts_on": "2026-01-02", "ends_on": "2026-12-31"}
    return {"funder": "A foundation", "amount": "5000.50", **days, **values}


def a_payment(**values):
    defaults = {"person": "", "supplier": "A host", "kind": "infrastructure", "reference": "1"}
    return {"paid_on": "2026-01-02", "amount": "30", **defaults, **values}


def held(project):
    return recording.held(project).amount


def log(project):
    return list(Activity.objects.filter(project=project).values_list("did", flat=True))
