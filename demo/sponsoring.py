"""What sponsors do in the demo, and what becomes of it: from the button on a project's page through
Stripe's pages to the people who put right what went wrong, all by the site's own processes."""

from demo import cast, founding, logos
from demo.bridge import Bridge
from demo.cast import Pledge, Sponsor, Verb
from demo.insisting import HistoryIsWrong
from funding.accounts.models import User
from funding.ledger.money import Money
from funding.office import clock, pictures
from funding.projects.models import Tier
from sponsors.billing import (
    banking,
    checkout,
    ending,
    filing,
    giving_back,
    ordering,
    pausing,
    periods,
    quoting,
    switching,
    weighing,
    writing_off,
)
from sponsors.billing.models import Checkout, Customer, Dispute, Invoice, Payment
from sponsors.companies import paperwork, registering
from sponsors.companies.models import Company
from sponsors.sponsorships import changing, lifecycle
from sponsors.sponsorships.models import Interval, Sponsorship, Visibility

GOOD, EMPTY, ASKS = "4242424242424242", "4000000000000341", "4000002500003155"
GOOD_UNTIL = (12, 2034)


def join(bridge: Bridge, sponsor: Sponsor, pledge: Pledge) -> None:
    """From the button on the project's page through Stripe's page, as far as they go."""
    tier = Tier.objects.select_related("project").get(
        project__slug=pledge.project, name=pledge.tier
    )
    by = founding.representative(sponsor, joined=clock.now())
    terms = lifecycle.Terms(
        Interval(pledge.interval), _price(tier, pledge.interval), Visibility(pledge.visibility)
    )
    payer = company(sponsor, by)
    if pledge.pays == "invoice":
        wish = ordering.Wish(net_days=30, po_number=f"{4500012000 + payer.pk}")
        now = clock.now()
        ordering.place(company=payer, tier=tier, terms=terms, wish=wish, by=by, now=now)
        return
    checkout.start(company=payer, tier=tier, terms=terms, by=by, now=clock.now())
    page = Checkout.objects.latest("id")
    if pledge.pays != "never":
        _pay(bridge, str(page.stripe_id), sponsor, pledge)


def _price(tier: Tier, interval: str) -> Money:
    price = tier.price(interval)
    assert price is not None
    return price


def _pay(bridge: Bridge, session: str, sponsor: Sponsor, pledge: Pledge) -> None:
    papers = cast.PAPERS.get(sponsor.key)
    outcome = bridge.engine.pay_checkout(
        session,
        card=ASKS if pledge.pays == "asked" else GOOD,
        method="sepa_debit" if pledge.pays == "bank" else "card",
        name=sponsor.person,
        country=sponsor.country,
        postal_code=papers.postcode if papers else "10001",
        expiry=_expiry(pledge),
    )
    if outcome.status == "requires_action" and outcome.next:
        outcome = bridge.engine.authenticate(outcome.next.rsplit("/", 1)[1])
    if not outcome.ok:
        raise HistoryIsWrong(f"{pledge}: {outcome.message}")


def _expiry(pledge: Pledge) -> tuple[int, int]:
    if pledge.card_lasts is None:
        return GOOD_UNTIL
    last = periods.month_after(clock.now(), pledge.card_lasts)
    return last.month, last.year


def company(sponsor: Sponsor, by: User) -> Company:
    """The one they act for, or one that is registered with what it buys; before that, if it has
    something to say of its invoices."""
    if found := Company.objects.filter(display_name=sponsor.name).first():
        return found
    made = Company(
        kind=Company.Kind.ORGANISATION if sponsor.legal_name else Company.Kind.INDIVIDUAL,
        display_name=sponsor.name, legal_name=sponsor.legal_name, country=sponsor.country,
        website=f"https://{sponsor.key}.example/" if sponsor.legal_name else "",
        billing_email=f"invoices@{sponsor.key}.example" if sponsor.legal_name else sponsor.email,
        created_at=clock.now(), about=cast.LOGOS.get(sponsor.key, ""),
        logo=pictures.draw(logos.mark(sponsor.name)) if sponsor.key in cast.LOGOS else None,
    )  # fmt: skip
    if papers := cast.PAPERS.get(sponsor.key):
        made = registering.register(company=made, by=by)
        _fill_in(made, papers, f"ap@{sponsor.key}.example")
    return made


def _fill_in(company: Company, papers: cast.Papers, payable: str) -> None:
    form = filing.file(
        company=company,
        data={
            "line1": papers.line1, "postcode": papers.postcode, "city": papers.city,
            "tax_id": papers.tax_id, "reference": papers.reference, "net_days": "30",
            "po_required": "on" if papers.po_required else "", "addresses": payable,
            "seen": paperwork.show(company).fields["seen"].initial,
        },
    )  # fmt: skip
    if form.errors:
        raise HistoryIsWrong(f"{company}: {form.errors.as_text()}")


def go_on(bridge: Bridge, sponsor: Sponsor, pledge: Pledge, verb: Verb, about: str = "") -> None:
    """What becomes of it later."""
    sponsorship = Sponsorship.objects.with_parties().filter(
        company__display_name=sponsor.name, project__slug=pledge.project
    ).latest("id")  # fmt: skip
    match verb:
        case "cancel":
            ending.cancel(sponsorship, reason=about)
        case "undo":
            ending.undo(sponsorship)
        case "change":
            _change(sponsorship, about)
        case "pause":
            pausing.pause(sponsorship, months=int(about))
        case "transfer":
            _transfer(_newest(sponsorship))
        case "give up":
            writing_off.write_off(_newest(sponsorship))
        case "refund":
            _give_back(_paid(sponsorship), about)
        case _:
            _at_the_bank(bridge, sponsorship, verb)


def _at_the_bank(bridge: Bridge, sponsorship: Sponsorship, verb: Verb) -> None:
    """What others than the site's own people do."""
    match verb:
        case "fail":
            customer = Customer.objects.get(
                company=sponsorship.company, currency=sponsorship.currency
            )
            bridge.engine.replace_card(str(customer.stripe_id), EMPTY)
        case "mend":
            owed = Invoice.objects.get(sponsorship=sponsorship, status="open")
            bridge.engine.pay_invoice(owed.stripe_id, GOOD)
        case "dispute":
            bridge.engine.dispute(str(_paid(sponsorship).charge))
        case "win":
            dispute = Dispute.objects.get(payment__invoice__sponsorship=sponsorship)
            bridge.engine.win_dispute(dispute.stripe_id)


def _newest(sponsorship: Sponsorship) -> Invoice:
    return Invoice.objects.filter(sponsorship=sponsorship).latest("id")


def _paid(sponsorship: Sponsorship) -> Payment:
    """The last payment that arrived."""
    arrived = Payment.objects.exclude(balance_transaction=None)
    return arrived.select_related("invoice").filter(invoice__sponsorship=sponsorship).latest("id")


def _staff() -> User:
    return User.objects.get(email=cast.STAFF)


def _change(sponsorship: Sponsorship, name: str) -> None:
    """To another tier of the project: at once and paid for, or when the period is over."""
    tier = sponsorship.project.tiers.get(name=name)
    interval = Interval(sponsorship.interval)
    wish = changing.Wish(tier, interval, _price(tier, interval))
    quote = None
    if changing.comes_at_once(sponsorship, wish):
        shown = quoting.cost(sponsorship, wish, now=clock.now())
        quote = changing.Quote(cost=shown.due.amount, at=shown.at)
    by = sponsorship.bought_by
    switching.change(sponsorship=sponsorship, wish=wish, quote=quote, by=by, now=clock.now())


def _transfer(invoice: Invoice) -> None:
    """Money at the bank, as somebody of the staff writes it down."""
    seen = banking.Seen(invoice.open_amount, f"BACS {invoice.number}", clock.today())
    banking.record(invoice_id=invoice.pk, seen=seen, by=_staff(), now=clock.now())


def _give_back(payment: Payment, why: str) -> None:
    """A third of it."""
    left = weighing.left(payment).amount
    wish = giving_back.Wish(amount=left // 3, why=why, ends=False, seen_left=left)
    giving_back.ask(payment, wish, by=_staff(), now=clock.now())
