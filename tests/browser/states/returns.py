"""Money that goes back: staff, a project's desk, and what the company sees of it."""

from playwright.sync_api import expect

from funding.office import clock
from funding.projects.models import Update
from sponsors.billing.models import Dispute, Payment
from sponsors.sponsorships.models import Fulfilment
from tests import factories, scenarios
from tests.browser.looking import A_LONG_NAME, at, shown, shown_beside_others, shown_in
from tests.certainty import certain_page


def everything(site):
    """Payments of one project: given back, on their way, failed, disputed, won, asked about."""
    project = factories.project(A_LONG_NAME)
    cards = ["4242424242424242"] * 4 + ["4000000000007726", "4000000000005126"]
    charges = [paid(site, project, card=card).charge for card in cards]
    hidden = scenarios.settled(site.engine, tier=factories.tier(project), visibility="anonymous")
    charges.append(Payment.objects.get(invoice__sponsorship=hidden).charge)
    engine = site.engine
    engine.refund(charges[0], 1000)
    engine.dispute(charges[1])
    engine.win_dispute(engine.dispute(charges[2]))
    engine.dispute(charges[3], inquiry=True, reason="unrecognized")
    engine.refund(charges[4])
    engine.fail_refund(engine.refund(charges[5]))
    engine.dispute(charges[6], reason="product_not_received")
    engine.warn_of_fraud(charges[0])
    engine.deliver()
    return project


def paid(site, project=None, card="4242424242424242"):
    company = factories.company(display_name=A_LONG_NAME)
    tier = factories.tier(project or factories.project(A_LONG_NAME))
    sponsorship = scenarios.settled(site.engine, company, tier, card=card)
    return Payment.objects.get(invoice__sponsorship=sponsorship)


def disputed(site):
    payment = paid(site)
    site.engine.dispute(payment.charge)
    site.engine.deliver()
    return payment


def gone_back_in_parts(site):
    payment = paid(site)
    site.engine.refund(payment.charge, 1000)
    site.engine.fail_refund(site.engine.refund(payment.charge, 500))
    site.engine.dispute(payment.charge)
    site.engine.warn_of_fraud(payment.charge)
    site.engine.deliver()
    return payment


@shown_in(everything)
def staff_with_everything_that_waits(site, come, project):
    return staff(site, come, "/staff/")


@shown
def no_payment_yet(site, come):
    return staff(site, come, "/staff/payments/")


@shown_in(everything)
def payments_of_every_kind(site, come, project):
    return staff(site, come, "/staff/payments/")


@shown
def payments_that_nobody_made(site, come):
    return staff(site, come, "/staff/payments/?q=nobody&show=surplus")


@shown_in(gone_back_in_parts)
def a_payment_that_went_back_in_parts(site, come, payment):
    return staff(site, come, f"/staff/payments/{payment.pk}/")


@shown_in(paid)
def giving_money_back(site, come, payment):
    return staff(site, come, f"/staff/payments/{payment.pk}/refund/")


@shown_in(paid)
def giving_money_back_with_everything_wrong(site, come, payment):
    page = giving_money_back(site, come, payment)
    page.get_by_label("Give back").fill("much")
    page.get_by_role("button", name="Look at what it means").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown_in(paid)
def what_giving_money_back_means(site, come, payment):
    page = giving_money_back(site, come, payment)
    page.get_by_label("Why").fill(f"Agreed with {A_LONG_NAME}")
    page.get_by_label("End the sponsorship too").check()
    page.get_by_role("button", name="Look at what it means").click()
    expect(page.get_by_text("This cannot be taken back.")).to_be_visible()
    return page


@shown
def money_given_back(site, come):
    page = what_giving_money_back_means(site, come, paid(site))
    page.get_by_role("button", name="Give").click()
    expect(page.get_by_text("It goes back.")).to_be_visible()
    return page


@shown_in(disputed)
def a_disputed_payment_that_is_not_given_back(site, come, payment):
    return staff(site, come, f"/staff/payments/{payment.pk}/refund/")


@shown
def no_dispute_yet(site, come):
    return staff(site, come, "/staff/disputes/")


@shown_in(everything)
def disputes_to_answer_and_over(site, come, project):
    return staff(site, come, "/staff/disputes/")


@shown
def a_dispute_and_what_to_send(site, come):
    payment = paid(site)
    sponsorship = payment.invoice.sponsorship
    Fulfilment.objects.create(
        sponsorship=sponsorship, kind="own", text=A_LONG_NAME, due_on=clock.today(),
        done_at=clock.now(), proof="https://docs.example/sponsors",
    )  # fmt: skip
    author = sponsorship.project.maintainers.get().user
    Update.objects.create(
        project=sponsorship.project, title="What we did", body="Much.", author=author,
        published_at=clock.now(),
    )  # fmt: skip
    site.engine.dispute(payment.charge)
    site.engine.deliver()
    return staff(site, come, f"/staff/disputes/{Dispute.objects.get().pk}/")


@shown_in(disputed)
def letting_a_disputed_sponsorship_go_on(site, come, payment):
    return staff(site, come, f"/staff/disputes/{Dispute.objects.get().pk}/go-on/")


@shown_in(disputed)
def ending_a_disputed_sponsorship(site, come, payment):
    return staff(site, come, f"/staff/disputes/{Dispute.objects.get().pk}/end/")


@shown
def a_dispute_that_was_lost(site, come):
    payment = paid(site)
    site.engine.lose_dispute(site.engine.dispute(payment.charge))
    site.engine.deliver()
    return staff(site, come, f"/staff/disputes/{Dispute.objects.get().pk}/")


@shown_in(everything)
def what_came_in_and_what_went_back(site, come, project):
    user = project.maintainers.get().user
    return at(site, come, f"/maintain/{project.slug}/received/", user)


@shown_beside_others
def nothing_came_in_yet(site, come):
    project = factories.project()
    user = project.maintainers.get().user
    return at(site, come, f"/maintain/{project.slug}/received/", user)


@shown_in(paid)
def a_treasurer_gives_money_back(site, come, payment):
    project = payment.invoice.sponsorship.project
    user = project.maintainers.get().user
    path = f"/maintain/{project.slug}/received/{payment.pk}/refund/"
    return certainly(site, come, path, user)


@shown_in(gone_back_in_parts)
def a_sponsorship_of_which_money_went_back(site, come, payment):
    sponsorship = payment.invoice.sponsorship
    return at(site, come, sponsorship.get_absolute_url(), sponsorship.bought_by)


def staff(site, come, path):
    return certainly(site, come, path, factories.user(is_staff=True))


def certainly(site, come, path, user):
    page = certain_page(come(user))
    page.goto(site.at(path))
    return page
