"""Programmes whose calls open, fill, close and are settled, and the companies that want a seat of them:
deeds, as in `actors`. They have a town of their own, where calls follow one another so closely that most
of what can happen to one happens."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from random import Random

from django.db.models import F, QuerySet

from funding.office import clock
from funding.programmes.models import FundingCall, Programme, Round, Share
from sponsors.billing import sending_back, unsettled
from sponsors.billing.models import BankReturn, Setup
from sponsors.sponsorships import signing
from sponsors.sponsorships.models import Commitment, CommitmentStatus, PaysBy
from tests.certainty import certain
from tests.programmes import scenes
from tests.simulation import machine, truth
from tests.simulation.actors import DECLINED, DEEDS, FAILS_LATER, GOOD, Deed, Step, one
from tests.simulation.invoices import done, staff
from tests.simulation.town import Town
from tests.simulation.weather import Weather

ASKS = "4000002760003184"  # its bank asks at every charge
CARDS = (GOOD, FAILS_LATER, GOOD, ASKS, GOOD, GOOD, DECLINED)
AT_ONCE, PATIENCE = 3, 200  # calls that are open together; days in which one is settled
PROGRAMMES = 2
Status = CommitmentStatus
WEIGHTS: dict[str, float] = {
    "pay_the_open_invoice": 8, "a_transfer_arrives": 6, "refund_in_the_dashboard": 0.1,
    "a_bank_wants_it_back": 0.2, "a_dispute_is_decided": 0.1, "send_an_event_again": 0.5,
}  # fmt: skip


def live(seed: int, *, calls: int, companies: int = 9) -> machine.Result:
    """So many calls in all weathers, and then until the last of them is settled."""
    random = Random(f"calls {seed}")
    names, often = list(WEIGHTS), list(WEIGHTS.values())
    weather = Weather(Random(f"weather of calls {seed}"))
    with machine.History(seed, weather, companies=companies) as history:
        while (more := FundingCall.objects.count() < calls) or _goes_on():
            name = random.choices(names, often)[0]
            if more and not _goes_on():
                name = "open_a_call"
            if more or name != "open_a_call":
                history.take(Step(name, random.randrange(10_000), random.randrange(10_000)))
            history.days(random.choice((0.01, 0.05, 0.3, 1)))
        _wait_until_all_is_settled(history)
        history.calm_down()
        history.result.statuses = _what_came_of_them()
    return history.result


def _what_came_of_them() -> Counter[str]:
    """How many seats ended how, and calls of each mode."""
    seats = Commitment.objects.values_list("status", flat=True)
    calls = FundingCall.objects.values_list("mode", "state", "remainder")
    return Counter([*map(str, seats), *(" ".join(call) for call in calls)])


def deed(weight: float) -> Callable[[Deed], Deed]:
    def register(function: Deed) -> Deed:
        DEEDS[function.__name__] = function
        WEIGHTS[function.__name__] = weight
        return function

    return register


def _goes_on() -> bool:
    return FundingCall.objects.filter(closed_at=None).exists()


def _wait_until_all_is_settled(history: machine.History) -> None:
    """Banks decide what they took, staff send what came to the bank, everybody has had their days of
    grace, and every other round is ended at once, with all of its money unspent."""
    for number in range(PATIENCE // 10):
        history.take(Step("all_disputes_are_decided", number, number))
        history.take(Step("staff_send_it_by_bank", number))
        history.days(10)
        history.take(Step("a_round_is_ended"))
        if not (_unsettled().exists() or FundingCall.objects.to_be_cleared().exists()):
            return
    late = [*_unsettled(), *FundingCall.objects.to_be_cleared()]
    truth.insist([f"Call {call.pk} waits after {PATIENCE} days: {_why(call)}" for call in late])


def _unsettled() -> QuerySet[FundingCall]:
    return FundingCall.objects.filter(settled_at=None)


def _why(call: FundingCall) -> list[str]:
    return list(unsettled.of(call) if call.settled_at is None else unsettled.at_the_end(call))


@deed(1)
def open_a_call(town: Town, step: Step) -> str:
    """For some places of a round, cut into seats as its organisers like it."""
    if FundingCall.objects.filter(closed_at=None).count() >= AT_ONCE:
        return "enough are open"
    round_ = scenes.round_(_programme(step), during="funding")
    how = step.how
    wanted = 1 + how % 3
    call = scenes.call(
        round_, seats=1 + how // 3 % 5, places_wanted=wanted, places_least=1 + how % wanted,
        mode=("all_or_nothing", "per_place")[how // 7 % 2],
        remainder=("refund", "next_round", "general")[how // 11 % 3],
        po_days=(7, 14, 30)[how // 5 % 3], closes_at=clock.now() + timedelta(days=8 + how % 25),
        stipend=240000 + how, currency=("GBP", "EUR")[how % 2],
    )  # fmt: skip
    return call.mode


def _programme(step: Step) -> Programme:
    """One of few, so that a round takes over what the round before has left."""
    if Programme.objects.count() < PROGRAMMES:
        return scenes.programme()
    return Programme.objects.order_by("pk")[step.pick % PROGRAMMES]


@deed(30)
def take_a_seat(town: Town, step: Step) -> str:
    company = town.companies[step.pick % len(town.companies)]
    call = _open_call(step)
    shares = Share.objects.filter(call=call)
    share = one(shares.filter(taken__lt=F("seats")), step.how) or one(shares, step.how)
    return _sign(town, company, share, step) if share else "none there"


@deed(10)
def sign_what_is_offered(town: Town, step: Step) -> str:
    """A seat came free for a company that waited."""
    rows = Commitment.objects.filter(status=Status.RESERVED, accepted_name="")
    kept = one(rows.select_related("company"), step.pick)
    return _sign(town, kept.company, kept.share, step) if kept else "none there"


def _sign(town: Town, company: object, share: Share, step: Step) -> str:
    order = step.how % 4 == 0
    data = {
        "sponsor": company.pk, "signed_name": "Ada Example",
        "pays_by": "invoice" if order else "card", "net_days": (14, 30, 60)[step.how % 3],
        "po_number": "" if step.how % 8 == 0 else f"PO {step.how}",
        "read": signing.words(share, signing.call_of(share)).digest,
    }  # fmt: skip
    answer = _visit(town, company, "post", f"{_place(share.call)}/sponsor/{share.pk}/", **data)
    if answer is None or answer.status_code != 302:
        return "no answer" if answer is None else f"{answer.status_code}"
    if order:
        return "ordered"
    return _save_card(town, company, step)


def _save_card(town: Town, company: object, step: Step) -> str:
    """At Stripe's page, now or never; whoever comes back may press the button once more."""
    page = Setup.objects.filter(commitment__company=company, status=Setup.Status.OPEN).last()
    if page is None or page.stripe_id is None:
        return "no page"  # they have a seat already
    if step.how % 19 == 0:
        return "left the page"
    outcome = town.engine.pay_checkout(page.stripe_id, card=CARDS[step.how % len(CARDS)])
    if outcome.status == "requires_action":
        intent = town.engine.account.store.by_id[page.stripe_id]["setup_intent"]
        outcome = town.engine.authenticate(intent, succeed=step.how % 5 > 0)
    if step.how % 2:
        _visit(town, company, "get", f"/commitments/{page.commitment_id}/saved/")
    town.walk(seconds=0)
    return "saved" if outcome.ok else "declined"


@deed(6)
def go_on_to_the_card(town: Town, step: Step) -> str:
    """Whoever left the card's page comes again."""
    rows = Commitment.objects.filter(status=Status.RESERVED, pays_by=PaysBy.CARD)
    kept = one(rows.exclude(accepted_name="").select_related("company"), step.pick)
    if kept is None:
        return "none there"
    _visit(town, kept.company, "post", f"/commitments/{kept.pk}/card/")
    return _save_card(town, kept.company, step)


@deed(5)
def give_the_number(town: Town, step: Step) -> str:
    rows = Commitment.objects.filter(status=Status.RESERVED, pays_by=PaysBy.INVOICE, po_number="")
    kept = one(rows.select_related("company"), step.pick)
    if kept is None:
        return "none there"
    path = f"/commitments/{kept.pk}/po/"
    _visit(town, kept.company, "post", path, po_number=f"PO {step.how}")
    return "given"


@deed(8)
def wait_for_a_seat(town: Town, step: Step) -> str:
    company = town.companies[step.pick % len(town.companies)]
    call = _open_call(step)
    if call is None:
        return "none there"
    data = {"company": company.pk} | ({"leave": "1"} if step.how % 6 == 0 else {})
    answer = _visit(town, company, "post", f"{_place(call)}/wait/", **data)
    return "no answer" if answer is None else f"{answer.status_code}"


@deed(1)
def withdraw(town: Town, step: Step) -> str:
    """Before or after the decision, which comes first or does not."""
    kept = one(Commitment.objects.live().select_related("company"), step.pick)
    if kept is None:
        return "none there"
    _visit(town, kept.company, "post", f"/commitments/{kept.pk}/withdraw/")
    return "asked"


@deed(2)
def staff_send_it_by_bank(town: Town, step: Step) -> str:
    """What goes back to whoever paid by bank."""
    row = one(BankReturn.objects.to_send(), step.pick)
    if row is None:
        return "none there"
    sent = sending_back.Sent(f"Out {row.pk}", clock.today())
    by = staff(town)
    record = partial(sending_back.record, row.pk, sent=sent, by=by, now=clock.now())
    return done(town, record, sending_back.NotSentBack)


@deed(1)
def look_at_seats(town: Town, step: Step) -> str:
    kept = one(Commitment.objects.select_related("company"), step.pick)
    if kept is None:
        return "none there"
    for path in (
        f"/commitments/{kept.pk}/",
        f"{_place(kept.call)}/",
        f"{_place(kept.call)}/wait/",
    ):
        _visit(town, kept.company, "get", path)
    return "looked"


def all_disputes_are_decided(town: Town, step: Step) -> str:
    """The banks have had their time, for and against."""
    rows = town.engine.account.store.kinds["dispute"].values()
    for number in [
        row["id"] for row in rows if row["status"] in ("needs_response", "under_review")
    ]:
        (town.engine.win_dispute if step.how % 20 else town.engine.lose_dispute)(number)
    town.walk(seconds=0)
    return "decided"


def a_round_is_ended(town: Town, step: Step) -> str:
    """By its organisers, though nothing was spent: what is left goes as its call announced."""
    rounds = Round.objects.filter(status=Round.Status.OPEN, call__settled_at__isnull=False)
    ended = [pk for pk in rounds.values_list("pk", flat=True) if pk % 2]
    Round.objects.filter(pk__in=ended).update(status=Round.Status.DONE, ended_at=clock.now())
    return f"{len(ended)} ended"


for _deed in (all_disputes_are_decided, a_round_is_ended):
    DEEDS[_deed.__name__] = _deed  # done in the end, by nobody's choice


def _open_call(step: Step) -> FundingCall | None:
    found: FundingCall | None = one(FundingCall.objects.filter(closed_at=None), step.how // 3)
    return found


def _place(call: FundingCall) -> str:
    return f"/programmes/{call.round.programme.slug}/{call.round.slug}"


def _visit(town: Town, company: object, method: str, path: str, /, **data: object) -> object:
    if company.pk in town.clients:
        certain(town.clients[company.pk])
    return town.visit(company, method, path, **data)
