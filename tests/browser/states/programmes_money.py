"""Pages that speak of a seat's money: its company's invoices, and what staff see."""

from funding.office import clock
from sponsors.billing.models import Dispute, Invoice, Payment
from sponsors.companies.models import Company
from tests import factories
from tests.browser.looking import A_LONG_NAME, at, shown_in
from tests.certainty import certain_page
from tests.programmes import scenes
from tests.programmes.money import ASKS, DECLINED, GOOD, promised, run


def a_charged_call(site):
    """A seat that is paid and disputed, one that is declined, one to be confirmed, one by order."""
    programme = scenes.programme(name="Harbour mentorship")
    round_ = scenes.round_(programme, name="Spring 2027")
    call, engine = scenes.call(round_, seats=5), site.engine
    company = factories.payer(display_name=A_LONG_NAME)
    made = [promised(engine, call, company)]
    made += [promised(engine, call, card=card) for card in (DECLINED, ASKS, GOOD)]
    made += [promised(engine, call, po_number="PO-4711")]
    run(engine)
    engine.dispute(Payment.objects.get(invoice__commitment=made[0]).charge)
    engine.deliver()
    return made


def staff(site, come, page):
    seen = certain_page(come(factories.user(is_staff=True)))
    seen.goto(site.at(page))
    return seen


@shown_in(a_charged_call)
def the_invoices_of_a_company_with_a_seat(site, come, made):
    company = Company.objects.get(pk=made[0].company_id)
    return at(site, come, f"/companies/{company.slug}/invoices/", made[0].accepted_by)


@shown_in(a_charged_call)
def a_seat_whose_card_was_declined(site, come, made):
    return at(site, come, f"/commitments/{made[1].pk}/", made[1].accepted_by)


@shown_in(a_charged_call)
def a_seat_whose_bank_wants_to_see_somebody(site, come, made):
    return at(site, come, f"/commitments/{made[2].pk}/", made[2].accepted_by)


@shown_in(a_charged_call)
def a_seat_that_is_paid(site, come, made):
    return at(site, come, f"/commitments/{made[3].pk}/", made[3].accepted_by)


@shown_in(a_charged_call)
def a_seat_whose_invoice_is_sent(site, come, made):
    return at(site, come, f"/commitments/{made[4].pk}/", made[4].accepted_by)


@shown_in(a_charged_call)
def staff_with_a_disputed_seat(site, come, made):
    return staff(site, come, f"/staff/disputes/{Dispute.objects.get().pk}/")


@shown_in(a_charged_call)
def staff_with_the_payment_of_a_seat(site, come, made):
    payment = Payment.objects.get(invoice__commitment=made[3])
    return staff(site, come, f"/staff/payments/{payment.pk}/")


@shown_in(a_charged_call)
def staff_before_a_seat_is_given_back(site, come, made):
    payment = Payment.objects.get(invoice__commitment=made[3])
    page = staff(site, come, f"/staff/payments/{payment.pk}/refund/")
    page.get_by_label("Why").fill("Agreed")
    page.get_by_role("button", name="Look at what it means").click()
    page.get_by_role("button", name="back", exact=False).wait_for()
    return page


@shown_in(a_charged_call)
def staff_before_the_invoice_of_a_seat_is_written_off(site, come, made):
    invoice = Invoice.objects.get(commitment=made[4])
    assert not invoice.is_overdue(clock.now())
    return staff(site, come, f"/staff/invoices/{invoice.pk}/write-off/")
