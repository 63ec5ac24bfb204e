"""How the demo's programmes come about: begun by an owner of their project, with people who are asked and
agree, rounds that are set up and opened, and companies that take seats through Stripe's pages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from demo import cast, founding, sponsoring, written
from demo.bridge import Bridge
from demo.history import Year
from demo.insisting import HistoryIsWrong
from demo.programmes import Once, Run, Seat
from funding.accounts.models import User
from funding.office import clock
from funding.office.models import Message
from funding.programmes import (
    calls,
    checkpoints,
    inviting,
    opening,
    pricing,
    questions,
    scheduling,
)
from funding.programmes import (
    founding as programmes,
)
from funding.programmes.forms.questions import CriterionForm, QuestionForm
from funding.programmes.models import (
    Criterion,
    FundingCall,
    Part,
    Programme,
    Question,
    Round,
    Share,
)
from funding.projects.models import Project
from sponsors.billing import banking, taking_seats
from sponsors.billing.models import Invoice, Setup
from sponsors.companies import registering
from sponsors.companies.models import Company
from sponsors.sponsorships import waiting_list
from sponsors.sponsorships.models import Commitment

ASKS, DECLINED = "4000002760003184", "4000000000000341"
CARDS = {"card": sponsoring.GOOD, "offered": sponsoring.GOOD, "asks": ASKS, "declined": DECLINED}
DEADLINE = 16  # the hour, in UTC, at which phases end
FEES = 6000  # expected, for each place


@dataclass(slots=True)
class Stage:
    """A round on its way: what is planned of it, and its row once it is begun."""

    year: Year
    run: Run
    once: Once
    rows: dict[str, Round] = field(default_factory=dict)

    @property
    def bridge(self) -> Bridge:
        return self.year.bridge

    def round(self) -> Round:
        """As it is now."""
        rows = Round.objects.select_related("programme", "call")
        return rows.prefetch_related("phases").get(pk=self.rows["round"].pk)

    def at(self, day: float) -> datetime:
        """The hour of that day at which phases begin and end."""
        return self.year.beginning + timedelta(days=day, hours=DEADLINE)

    def plan(self, day: int, deed: Any, *given: Any, hour: int = 10, minute: int = 0) -> None:
        at = self.year.beginning + timedelta(days=day, hours=hour, minutes=minute)
        self.year.plan(at, partial(deed, self, *given))


def programme(run: Run) -> Programme:
    """Begun, or found."""
    if found := Programme.objects.filter(name=run.name).first():
        return found
    project = Project.objects.get(slug=run.project)
    made = Programme(
        name=run.name, kind=run.kind, own_kind=run.own_kind, summary=run.summary,
        description=run.description, contact=f"{run.key}@programmes.example",
    )  # fmt: skip
    owner = _owner(project)
    made = programmes.begin(programme=made, projects=[project], by=owner, now=clock.now())
    for slug in run.with_projects:
        other = Project.objects.get(slug=slug)
        asked = programmes.ask(programme=made, project=other, by=owner, now=clock.now())
        programmes.agree(hosting=asked, by=_owner(other), now=clock.now())
    for email, name, role in run.people:
        _give(made, owner, email, name, role)
    return made


def organiser(stage: Stage) -> User:
    return _owner(Project.objects.get(slug=stage.run.project))


def people(round_: Round, role: str) -> list[User]:
    rows = Part.objects.filter(programme=round_.programme_id, role=role).order_by("pk")
    return [one.user for one in rows.select_related("user")]


def found(stage: Stage) -> None:
    """The round with its texts, dates, call, checkpoints and questions."""
    once, by, now = stage.once, organiser(stage), clock.now()
    programme_ = programme(stage.run)
    previous = programme_.rounds.filter(status__in=["open", "done"]).order_by("-pk").first()
    starts = stage.at(once.phases["running"][0])
    row = Round(
        name=f"{starts:%B %Y}", title=once.title, lead=once.lead, zone=stage.run.zone,
        looks_for=written.LOOKS_FOR, agreement=written.AGREEMENT, accept_days=once.accept_days,
    )  # fmt: skip
    row = opening.begin(round_=row, programme=programme_, by=by, now=now)
    if previous is not None and once.draft is None:
        Round.objects.filter(pk=row.pk).update(previous=previous)
    stage.rows["round"] = row
    times = {
        kind: (stage.at(first), stage.at(last)) for kind, (first, last) in once.phases.items()
    }
    scheduling.save(round_=row, times=times, by=by)
    if once.draft is None:
        _price(stage, row, by)
        _ask(stage, row, by)
        opening.open_round(round_=row, by=by, now=clock.now())


def take(stage: Stage, seat: Seat) -> None:
    """From the button on the round's page through Stripe's page."""
    sponsor = stage.year.sponsors[seat.sponsor]
    by = founding.representative(sponsor, joined=clock.now())
    company = sponsoring.company(sponsor, by)
    if company._state.adding:
        company = registering.register(company=company, by=by)
    call = FundingCall.objects.select_related("round__programme").get(round=stage.rows["round"])
    if seat.pays == "waits":
        waiting_list.join(call_id=call.pk, company=company, by=by, now=clock.now())
        return
    kept = Commitment.objects.live().filter(call=call, company=company).first()
    share = kept.share if kept else _free(call)
    taken = _sign(seat, call, share, company, by)
    if taken.page:
        page = Setup.objects.filter(commitment=taken.commitment).latest("id")
        _save_card(stage, seat, str(page.stripe_id))


def _sign(
    seat: Seat, call: FundingCall, share: Share, company: Company, by: User
) -> taking_seats.Taken:
    blank = taking_seats.Taking(share=share, call=call, user=by, data=None)
    by_invoice = seat.pays in ("invoice", "kept")
    data = {
        "sponsor": str(company.pk), "read": blank.words.digest, "signed_name": by.name,
        "pays_by": "invoice" if by_invoice else "card", "net_days": "30",
        "po_number": f"{4500020000 + call.pk * 100 + seat.day}" if seat.pays == "invoice" else "",
        "is_anonymous": "yes" if seat.is_anonymous else "",
    }  # fmt: skip
    typed = taking_seats.Taking(share=share, call=call, user=by, data=data)
    if not typed.is_valid():
        raise HistoryIsWrong(f"{seat}: {typed.form.errors.as_text()}")
    return typed.take(now=clock.now())


def pay_later(stage: Stage, seat: Seat) -> None:
    """The bank agrees to a payment that it asked about; or a transfer arrives, as staff sees it."""
    name = stage.year.sponsors[seat.sponsor].name
    invoice = Invoice.objects.get(
        commitment__call__round=stage.rows["round"], commitment__company__display_name=name
    )
    if seat.pays == "invoice":
        seen = banking.Seen(invoice.open_amount, f"BACS {invoice.number}", clock.today())
        staff = User.objects.get(email=cast.STAFF)
        banking.record(invoice_id=invoice.pk, seen=seen, by=staff, now=clock.now())
        return
    outcome = stage.bridge.engine.pay_invoice(invoice.stripe_id, ASKS)
    if outcome.status == "requires_action" and outcome.next:
        outcome = stage.bridge.engine.authenticate(outcome.next.rsplit("/", 1)[1])
    if not outcome.ok:
        raise HistoryIsWrong(f"{seat}: {outcome.message}")


def _save_card(stage: Stage, seat: Seat, session: str) -> None:
    sponsor = stage.year.sponsors[seat.sponsor]
    papers = cast.PAPERS.get(sponsor.key)
    outcome = stage.bridge.engine.pay_checkout(
        session, card=CARDS[seat.pays], name=sponsor.person, country=sponsor.country,
        postal_code=papers.postcode if papers else "10001", expiry=sponsoring.GOOD_UNTIL,
    )  # fmt: skip
    if outcome.status == "requires_action" and outcome.next:
        outcome = stage.bridge.engine.authenticate(outcome.next.rsplit("/", 1)[1])
    if not outcome.ok:
        raise HistoryIsWrong(f"{seat}: {outcome.message}")


def _free(call: FundingCall) -> Share:
    return next(share for share in call.shares.all() if share.free)


def _owner(project: Project) -> User:
    return project.maintainers.filter(role="owner").select_related("user").order_by("id")[0].user


def _give(made: Programme, owner: User, email: str, name: str, role: str) -> None:
    """Asked by mail, and agreed through the link in it; a project's own people at once."""
    password = cast.PASSWORD if email.endswith("@mainstay.example") else None
    user = founding.person(email, name, joined=clock.now(), password=password)
    if inviting.candidates(made).filter(pk=user.pk).exists():
        inviting.give(programme=made, user=user, role=role, by=owner, now=clock.now())
        return
    asked = inviting.invite(programme=made, email=email, role=role, by=owner, now=clock.now())
    mail = Message.objects.get(key=f"part-offered:{asked.pk}")
    link = re.search(r"/invitation/([-\w]+)/", mail.body)
    invitation = inviting.by_secret(link[1]) if link else None
    if invitation is None:
        raise HistoryIsWrong(f"The invitation of {email} leads nowhere.")
    inviting.accept(invitation=invitation, by=user, now=clock.now())


def _price(stage: Stage, row: Round, by: User) -> None:
    once = stage.once
    call = FundingCall(
        currency=stage.run.currency, stipend=once.stipend, places_wanted=once.places,
        places_least=once.least, mode=once.mode, remainder=once.remainder,
        po_days=once.po_days, policy=written.POLICY,
    )  # fmt: skip
    lines = [
        pricing.Line("Mentor’s time", "Half-way and at the end", once.cost),
        pricing.Line("Card fees that are expected", "As they fall due", FEES),
    ]
    plan = pricing.plan(call, lines=lines, seats=once.seats, named=[])
    pricing.save(call, round_=row, by=by, lines=lines, cuts=plan.seats)
    if asked := list(_checkpoints(stage)):
        checkpoints.plan(Round.objects.get(pk=row.pk), asked, by=by)


def _checkpoints(stage: Stage) -> Iterator[checkpoints.Asked]:
    once = stage.once
    first, last = once.phases["running"]
    third = (last - first) // 3
    dates = once.checkpoints or ((first + third, first + third + 8), (last - 14, last - 2))
    whole = calls.equal(FundingCall(currency="GBP").money(once.stipend), len(dates))
    parts = [cut.amount for cut in whole for _ in range(cut.seats)]
    for number, ((opens, due), part) in enumerate(zip(dates, parts, strict=True)):
        yield checkpoints.Asked(
            written.CHECKPOINTS[number], stage.at(opens), stage.at(due), part,
            "What did you do, what was hard, what comes next?",
            "What was done, how does it go, what should change?",
        )  # fmt: skip


def _ask(stage: Stage, row: Round, by: User) -> None:
    for text, reason in written.CRITERIA:
        form = CriterionForm(instance=Criterion(round=row))
        data = {"text": text, "must_be": "True", "reason": reason}
        form = CriterionForm(
            data=data | {"seen": form.fields["seen"].initial}, instance=Criterion(round=row)
        )
        if not questions.put_criterion(form, round_=row, by=by):
            raise HistoryIsWrong(form.errors.as_text())
    asked = written.QUESTIONS if stage.once.is_crowded else written.FEW_QUESTIONS
    if "work_sample" in stage.once.phases:
        asked = [*asked, *written.SAMPLE]
    for one in asked:
        _put(one, row, by)


def _put(one: written.Asked, row: Round, by: User) -> None:
    data: dict[str, Any] = {
        "stage": one.stage, "text": one.text, "kind": one.kind, "most": "1500",
        "choices": "\n".join(one.choices), "help": "",
    }  # fmt: skip
    data |= {"is_required": "on"} if one.is_required else {}
    data |= {"is_sensitive": "on"} if one.is_sensitive else {}
    form = QuestionForm(instance=Question(round=row))
    data["seen"] = form.fields["seen"].initial
    form = QuestionForm(data=data, instance=Question(round=row))
    if not questions.put(form, round_=row, by=by):
        raise HistoryIsWrong(form.errors.as_text())
