"""Programmes, rounds, calls and the people in them, as small as they can be and reached as people
reach them. Name only the values that a test is about."""

import re
from datetime import timedelta
from itertools import count

from django.db import transaction

from funding.office import clock
from funding.office.models import Message
from funding.programmes import calls, inviting, places
from funding.programmes.models import (
    Application,
    Checkpoint,
    CostPart,
    FundingCall,
    Hosting,
    Idea,
    Part,
    Phase,
    Programme,
    Review,
    Round,
)
from funding.projects import editing as project_editing
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
        "summary": "What it is in a sentence.", "contact": "ask@programme.example",
        "created_at": now, "published_at": now,
    }  # fmt: skip
    made = Programme.objects.create(**{**defaults, **values})
    part(made, "organiser", organiser)
    project = project or factories.project(maintainer=organiser)
    Hosting.objects.create(
        programme=made, project=project, asked_by=organiser, asked_at=now, joined_at=now
    )
    project_editing.note_hosting(project.pk)
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


def idea(round__, *, mentors=(), title="A parser for dates", **values):
    """On offer; its mentors are parts of the programme."""
    by = round__.programme.parts.first().user
    defaults = {"round": round__, "title": title, "description": "Why.", "proposed_by": by}
    made = Idea.objects.create(**{**defaults, "status": "accepted", **values})
    made.mentors.set(mentors)
    return made


def review(application_, reviewer=None, *, score=None, **values):
    """In the hands of a reviewer; scored, with a score."""
    reviewer = reviewer or part(application_.round.programme, "reviewer").user
    now = clock.now()
    done = {"status": "done", "score": score, "done_at": now} if score else {}
    defaults = {"application": application_, "reviewer": reviewer, "assigned_at": now, **done}
    return Review.objects.create(**{**defaults, **values})


def reviewed(round__, *scores, user=None, **values):
    """An application with these scores, each by somebody else."""
    made = application(round__, user, **values)
    for score in scores:
        review(made, score=score)
    return made


def checkpoints(round__, *instalments):
    """One every four weeks from its running phase on; halves of the stipend by default."""
    running = round__.phases.get(kind="running")
    half = round__.call.stipend // 2
    return [
        Checkpoint.objects.create(
            round=round__, number=number, title=f"Checkpoint {number}", instalment=amount,
            opens_at=running.starts_at + timedelta(weeks=4 * number - 1),
            due_at=running.starts_at + timedelta(weeks=4 * number),
        )
        for number, amount in enumerate(instalments or (half, round__.call.stipend - half), 1)
    ]  # fmt: skip


def selection(*, funded=2, during="selection", left_out=(), organiser=None, **values):
    """A round that is paid for, has an agreement and checkpoints, and in which people are chosen."""
    made = round_(
        programme(organiser=organiser), during=during, left_out=left_out, places_funded=funded,
        **{"agreement": "We work together.", **values},
    )  # fmt: skip
    call(made, places_wanted=max(funded, 1), places_least=1)
    checkpoints(made)
    return made


def offered(application_=None, *, now=None):
    """A place for who was chosen, as the announcement offers it."""
    if application_ is None:
        application_ = application(selection(during="acceptance", announced_at=clock.now()))
    application_.outcome = "selected"
    application_.save()
    with transaction.atomic():
        locked = Round.objects.locked(application_.round_id)
        return places.offer(application_, locked, now=now or clock.now())
