"""A year of the site in half a minute. Nothing is drawn: projects are written down and money is
paid through the site's own processes and Stripe's pages, day by day, as the cast says."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import partial
from random import Random

from demo import cast, founding, keeping, logos, spending
from demo.bridge import Bridge
from demo.cast import Pledge, Sponsor, Verb
from demo.projects import Funded, Gift
from funding.accounts.models import User
from funding.ledger import balances, posting
from funding.ledger.models import Account
from funding.office import clock, pictures
from funding.office.models import Message
from funding.projects import archiving, offering, recording, telling
from funding.projects.models import Grant, Project, Tier, Update
from sponsors.billing import (
    banking,
    checkout,
    ending,
    failing,
    filing,
    lapsing,
    ordering,
    overdue,
    purchase_orders,
    renewals,
    warning,
    winding_up,
    writing_off,
)
from sponsors.billing.models import Checkout, Customer, Event, Invoice
from sponsors.companies import paperwork, registering
from sponsors.companies.models import Company, Paperwork
from sponsors.sponsorships import fulfilling, lifecycle, telling_sponsors, totals
from sponsors.sponsorships.models import Interval, Sponsorship, Visibility

DAYS = 365
GOOD, EMPTY, ASKS = "4242424242424242", "4000000000000341", "4000002500003155"
MAILS_LEFT = 3
KEPT_UNTIL = 350  # promises that fall due later wait for whoever looks at the demo
FULLEST = "harbour-rest"

Deed = Callable[[], None]


class HistoryIsWrong(Exception):
    """What was made does not agree with itself; the message says where."""


def first_day(now: datetime) -> datetime:
    return datetime.combine(now.date() - timedelta(days=DAYS), time(), UTC)


class Year:
    """The deeds of everybody in the order of their moments, and the walk through them."""

    def __init__(self, bridge: Bridge, sponsors: Sequence[Sponsor], *, seed: str) -> None:
        self.bridge = bridge
        self.beginning = clock.now()
        self.sponsors = {sponsor.key: sponsor for sponsor in sponsors}
        self.random = Random(seed)
        self.deeds: list[tuple[datetime, int, Deed]] = []

    def plan(self, at: datetime, deed: Deed) -> None:
        self.deeds.append((at, len(self.deeds), deed))

    def walk(self, until: datetime, tell: Callable[[datetime], None]) -> None:
        """Everything that is planned, and what falls due on each day, up to `until`."""
        for day in range((until - self.beginning).days + 1):
            self.plan(self._at(day, hour=23), self._day_ends)
        told = self.beginning
        for at, _, deed in sorted(self.deeds, key=lambda planned: planned[:2]):
            if at > until:
                break
            self.bridge.walk(at)
            deed()
            self.bridge.learn()
            if at - told > timedelta(days=90):
                told = at
                tell(at)

    def finish(self, now: datetime) -> None:
        self.bridge.walk(now)
        self._day_ends()

    def project(self, funded: Funded) -> None:
        """One project with all that its maintainers do in the year."""
        project = founding.found(funded, on=self.beginning)
        for at, update in founding.updates(project, since=self.beginning):
            self.plan(at, partial(_publish, update))
        for gift in funded.gifts:
            self.plan(self._at(gift.came), partial(self._receive, project, gift))
        for offer in funded.offers:
            if offer.closes is not None:
                tier = project.tiers.get(name=offer.name)
                self.plan(self._at(offer.closes), partial(_close, tier))
        for at in self._ends_of_months():
            self.plan(at, partial(spending.pay, project, funded, on=at.date()))
        for day in range(30, KEPT_UNTIL, 30):
            self.plan(self._at(day), partial(self._keep, project))
        if funded.slug == FULLEST:
            self.plan(self._at(340), partial(keeping.put_right, project))
            self.plan(self._at(361), partial(keeping.begin_update, project))
            self.plan(self._at(362), lambda: keeping.invite(project, now=clock.now()))
        if funded.archived is not None:
            self.plan(self._at(funded.archived), partial(_archive, project, funded))

    def pledge(self, pledge: Pledge) -> None:
        self.plan(self._at(pledge.day), partial(self._join, pledge))
        for day, verb in pledge.then:
            self.plan(self._at(day), partial(self._go_on, pledge, verb))

    def _at(self, day: int, *, hour: int | None = None) -> datetime:
        """A moment of working hours on that day."""
        if hour is None:
            minutes = self.random.randrange(8 * 60, 18 * 60)
        else:
            minutes = hour * 60
        return self.beginning + timedelta(days=day, minutes=minutes)

    def _ends_of_months(self) -> list[datetime]:
        firsts = [
            datetime(self.beginning.year + (month // 12), month % 12 + 1, 1, 14, tzinfo=UTC)
            for month in range(self.beginning.month, self.beginning.month + 12)
        ]
        return [first - timedelta(days=1) for first in firsts]

    def _day_ends(self) -> None:
        """The jobs of the timetable that find what is due."""
        renewals.release_due(now=clock.now())
        overdue.remind(now=clock.now())
        overdue.note(now=clock.now())
        purchase_orders.ask(now=clock.now())
        purchase_orders.drop_unconfirmed(now=clock.now())
        purchase_orders.tell_all()
        totals.refresh_overdue(now=clock.now())
        winding_up.wind_up()
        failing.say_last_words(now=clock.now())
        lapsing.lapse_due(now=clock.now())
        warning.warn_of_renewals(now=clock.now())
        warning.warn_of_cards(now=clock.now())
        fulfilling.due(today=clock.today())
        telling_sponsors.mail_due(now=clock.now())

    def _keep(self, project: Project) -> None:
        keeping.keep_promises(project, now=clock.now())

    def _receive(self, project: Project, gift: Gift) -> None:
        first = self.beginning.date()
        recording.record_grant(
            Grant(
                project=project, funder=gift.funder, amount=gift.amount,
                received_on=clock.today(), starts_on=first + timedelta(days=gift.first),
                ends_on=first + timedelta(days=gift.last),
            )
        )  # fmt: skip

    def _join(self, pledge: Pledge) -> None:
        """From the button on the project's page through Stripe's page, as far as they go."""
        tier = Tier.objects.select_related("project").get(
            project__slug=pledge.project, name=pledge.tier
        )
        sponsor = self.sponsors[pledge.sponsor]
        by = founding.representative(sponsor, joined=clock.now())
        price = tier.price(pledge.interval)
        assert price is not None
        terms = lifecycle.Terms(Interval(pledge.interval), price, Visibility(pledge.visibility))
        company = _company(sponsor)
        if pledge.pays == "invoice":
            self._order(company, tier, terms, by)
            return
        checkout.start(company=company, tier=tier, terms=terms, by=by, now=clock.now())
        page = Checkout.objects.latest("id")
        if pledge.pays != "never":
            self._pay(str(page.stripe_id), sponsor, pledge)

    def _order(self, company: Company, tier: Tier, terms: lifecycle.Terms, by: User) -> None:
        """What is paid by invoice, within 30 days, with a purchase order."""
        company = company if company.pk else registering.register(company=company, by=by)
        papers = {"line1": "12 Wharf Street", "postcode": "BS1 4RW", "city": "Bristol"}
        to = {"reference": "CC 4410", "addresses": f"ap@{company.slug}.example"}
        if not Paperwork.objects.filter(company=company).exclude(reference="").exists():
            seen = paperwork.show(company)["seen"].value()
            form = filing.file(
                company=company, data={**papers, **to, "net_days": 30, "seen": seen}
            )
            assert form.is_valid(), form.errors
        wish = ordering.Wish(net_days=30, po_number=f"{4500012000 + company.pk}")
        ordering.place(company=company, tier=tier, terms=terms, wish=wish, by=by, now=clock.now())

    def _pay(self, session: str, sponsor: Sponsor, pledge: Pledge) -> None:
        engine = self.bridge.engine
        outcome = engine.pay_checkout(
            session,
            card=ASKS if pledge.pays == "asked" else GOOD,
            method="sepa_debit" if pledge.pays == "bank" else "card",
            name=sponsor.person,
            country=sponsor.country,
            postal_code="10001",
        )
        if outcome.status == "requires_action" and outcome.next:
            outcome = engine.authenticate(outcome.next.rsplit("/", 1)[1])
        if not outcome.ok:
            raise HistoryIsWrong(f"{pledge}: {outcome.message}")

    def _go_on(self, pledge: Pledge, verb: Verb) -> None:
        sponsorship = Sponsorship.objects.filter(
            company__display_name=self.sponsors[pledge.sponsor].name, project__slug=pledge.project
        ).latest("id")
        customer = Customer.objects.get(
            company=sponsorship.company, currency=sponsorship.currency
        ).stripe_id
        match verb:
            case "cancel":
                ending.cancel(sponsorship)
            case "undo":
                ending.undo(sponsorship)
            case "fail":
                self.bridge.engine.replace_card(str(customer), EMPTY)
            case "mend":
                owed = Invoice.objects.get(sponsorship=sponsorship, status="open")
                self.bridge.engine.pay_invoice(owed.stripe_id, GOOD)
            case "transfer":
                _transfer(Invoice.objects.filter(sponsorship=sponsorship).latest("id"))
            case "give up":
                owed = Invoice.objects.filter(sponsorship=sponsorship).latest("id")
                writing_off.write_off(owed)


def _transfer(invoice: Invoice) -> None:
    """Money at the bank, as somebody of the staff writes it down."""
    seen = banking.Seen(invoice.open_amount, f"BACS {invoice.number}", clock.today())
    by = User.objects.filter(is_staff=True).first() or invoice.sponsorship.bought_by
    banking.record(invoice_id=invoice.pk, seen=seen, by=by, now=clock.now())


def _company(sponsor: Sponsor) -> Company:
    """The one they act for, or one that is registered with what it buys."""
    made = Company(
        kind=Company.Kind.ORGANISATION if sponsor.legal_name else Company.Kind.INDIVIDUAL,
        display_name=sponsor.name, legal_name=sponsor.legal_name, country=sponsor.country,
        website=f"https://{sponsor.key}.example/" if sponsor.legal_name else "",
        billing_email=f"invoices@{sponsor.key}.example" if sponsor.legal_name else sponsor.email,
        created_at=clock.now(), about=cast.LOGOS.get(sponsor.key, ""),
        logo=pictures.draw(logos.mark(sponsor.name)) if sponsor.key in cast.LOGOS else None,
    )  # fmt: skip
    return Company.objects.filter(display_name=sponsor.name).first() or made


def _publish(update: Update) -> None:
    update.save()
    telling.publish(update=update, mail_sponsors=True, by=update.author, now=clock.now())


def _close(tier: Tier) -> None:
    offering.close(tier, project=tier.project, by=keeping.owner_of(tier.project))


def _archive(project: Project, funded: Funded) -> None:
    spending.pay_the_rest(project, on=clock.today())
    archiving.archive(project=project, by=keeping.owner_of(project), now=clock.now())


def leave_newest_mails() -> None:
    """History's mails count as sent, but for the last few: they go out when the demo starts."""
    newest = Message.objects.order_by("-id").values_list("id", flat=True)[:MAILS_LEFT]
    old = Message.objects.waiting().exclude(id__in=list(newest))
    for message in old:
        message.status, message.sent_at = Message.Status.SENT, message.written_at
    Message.objects.bulk_update(old, ["status", "sent_at"])


def insist_right(bridge: Bridge) -> None:
    """Every event is handled, and the books say what Stripe says, in every currency."""
    if unhandled := Event.objects.unhandled().count():
        raise HistoryIsWrong(f"{unhandled} events are not handled.")
    for code, amount in bridge.engine.truth()["currencies"].items():
        ours = balances.of(posting.Place(Account.Kind.STRIPE), code.upper())
        if ours.amount != amount:
            raise HistoryIsWrong(f"The books have {ours.exact} at Stripe, which has {amount}.")
