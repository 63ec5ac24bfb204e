"""Programmes, rounds, calls and the people in them, as small as they can be and reached as people
reach them. Name only the values that a test is about."""

import re
from datetime import timedelta
from itertools import count

from funding.office import clock
from funding.office.models import Message
from funding.programmes import calls, inviting
from funding.programmes.models import (
    Application,
    CostPart,
    FundingCall,
    Hosting,
    Part,
    Phase,
    Programme,
    Round,
)
from sponsors.sponsorships import commitments
from sponsors.sponsorships.models import PaysBy
from tests import factories

_numbers = count(1)
DAYS = {  # how long each phase of a round lasts, one after the other
    "funding": 30, "applications": 21, "work_sample": 7, "review": 14, "selection": 7,
    "acceptance": 7, "running": 84, "closing": 14,
}  # fmt: skip


def part(programme, role="organiser", user=None):
    user = user or factories.user(password="x")
    return Part.objects.create(programme=programme, user=user, role=role, since=clock.now())


def programme(*, organiser=None, project=None, **values):
    """With an organiser, at a project of theirs; published."""
    number, now = next(_numbers), clock.now()
    organiser = organiser or factories.user(password="x")
    defaults = {
        "slug": f"programme-{number}", "name": f"Programme {number}",
        "summary": "What it is in a sentence.", "created_at": now, "published_at": now,
    }  # fmt: skip
    made = Programme.objects.create(**{**defaults, **values})
    part(made, "organiser", organiser)
    project = project or factories.project(maintainer=organiser)
    Hosting.objects.create(
        programme=made, project=project, asked_by=organiser, asked_at=now, joined_at=now
    )
    return made


def round_(programme_=None, *, during="funding", left_out=(), **values):
    """Open, and a day into the phase `during`; every phase is there but for those left out."""
    number, now = next(_numbers), clock.now()
    defaults = {
        "programme": programme_ or programme(), "slug": f"round-{number}",
        "name": f"Round {number}", "title": "Two newcomers, one mentor, twelve weeks",
        "status": Round.Status.OPEN, "opened_at": now - timedelta(days=1),
    }  # fmt: skip
    made = Round.objects.create(**{**defaults, **values})
    kinds = [kind for kind in DAYS if kind not in left_out]
    before = sum(DAYS[kind] for kind in kinds[: kinds.index(during)])
    begins = now - timedelta(days=before + 1)
    for kind in kinds:
        ends = begins + timedelta(days=DAYS[kind])
        Phase.objects.create(round=made, kind=kind, starts_at=begins, ends_at=ends)
        begins = ends
    return made


def call(round__=None, *, seats=3, cuts=None, parts=(("Mentor’s time", 60000),), **values):
    """Open; two places of £3,000 each by default, in equal seats of £2,000."""
    round__ = round__ or round_()
    funding = round__.phases.get(kind="funding")
    defaults = {
        "round": round__, "currency": "GBP", "stipend": 240000, "places_wanted": 2,
        "places_least": 2, "closes_at": funding.ends_at, "state": FundingCall.State.OPEN,
        "opened_at": funding.starts_at,
    }  # fmt: skip
    made = FundingCall.objects.create(**{**defaults, **values})
    calls.price(made, parts=[CostPart(name=name, amount=amount) for name, amount in parts])
    calls.cut(made, into=cuts or calls.equal(made.wanted, seats))
    return made


def accepted(company, *, pays_by=PaysBy.CARD, **values):
    """What a company's person signed."""
    by = company.memberships.first().user
    defaults = {"by": by, "name": "Ada Example", "text": "We pay this seat.", "pays_by": pays_by}
    return commitments.Acceptance(**{**defaults, **values})


def reserved(call_, company=None, *, share=None, now=None, **values):
    """A seat is kept for a company."""
    company = company or factories.payer()
    return commitments.reserve(
        share=share or call_.shares.first(), company=company,
        accepted=accepted(company, **values), now=now or clock.now(),
    )  # fmt: skip


def committed(call_, company=None, *, now=None, **values):
    """A company has promised; with the last that is needed the call is decided."""
    kept = reserved(call_, company, now=now, **values)
    return commitments.commit(commitment_id=kept.pk, now=now or clock.now())


def decided(round__=None, **values):
    """A call whose every seat is promised, so that the round comes about."""
    made = call(round__, **values)
    for share in made.shares.all():
        for _ in range(share.seats):
            committed(made, share=share)
    return FundingCall.objects.get(pk=made.pk)


def application(round__, user=None, *, status="submitted", **values):
    """Somebody has applied."""
    now = clock.now()
    defaults = {
        "round": round__, "user": user or factories.user(), "status": status,
        "name": "Grace Example", "about": "I write parsers.", "hours": 30, "begun_at": now,
        "saved_at": now, "submitted_at": now if status == "submitted" else None,
    }  # fmt: skip
    return Application.objects.create(**{**defaults, **values})


def invitation(programme_, email="", role="reviewer", *, by=None, now=None):
    """With the secret that its mail carries."""
    by = by or programme_.parts.filter(role="organiser").first().user
    asked = inviting.invite(
        programme=programme_, email=email or f"asked{next(_numbers)}@example.org", role=role,
        by=by, now=now or clock.now(),
    )  # fmt: skip
    mail = Message.objects.get(key=f"part-offered:{asked.pk}")
    return asked, re.search(r"/organise/invitation/([-\w]+)/", mail.body)[1]
