"""Pages that speak of what a round did not need: what staff send by bank, what its treasurer and its
sponsors read of it."""

from sponsors.billing.models import BankReturn
from sponsors.companies.models import Company
from sponsors.sponsorships import commitments, waiting_list
from tests import factories
from tests.browser.looking import A_LONG_NAME, at, shown
from tests.browser.states.programmes_money import staff
from tests.certainty import certain_page
from tests.programmes import remains, scenes
from tests.programmes import running_scenes as running
from tests.programmes.money import again, run


def over(site, **values):
    """A call with a part to send to each of two companies."""
    round_ = scenes.round_(scenes.programme(name="Harbour mentorship"), name="Spring 2027")
    call = remains.over(site.engine, round__=round_, **values)
    Company.objects.filter(commitments__call=call).update(legal_name=A_LONG_NAME)
    return call


def money(site, come, call):
    by = running.treasurer(call.round)
    return at(site, come, f"/organise/{call.round.programme.slug}/{call.round.slug}/money/", by)


@shown
def money_to_send_back_by_bank(site, come):
    over(site)
    remains.send(BankReturn.objects.last())
    return staff(site, come, "/staff/by-bank/")


@shown
def nothing_to_send_back_by_bank(site, come):
    return staff(site, come, "/staff/by-bank/")


@shown
def recording_what_was_sent_with_everything_wrong(site, come):
    over(site)
    page = staff(site, come, f"/staff/by-bank/{BankReturn.objects.first().pk}/")
    page.get_by_label("Sent on").fill("")
    page.get_by_role("button", name="It was sent").click()
    page.get_by_role("alert").wait_for()
    return page


@shown
def what_was_sent_already(site, come):
    over(site)
    row = remains.send(BankReturn.objects.first())
    return staff(site, come, f"/staff/by-bank/{row.pk}/")


@shown
def a_seat_whose_part_comes_by_bank(site, come):
    call = over(site)
    remains.done(call)
    seat = BankReturn.objects.first().bank_payment.invoice.commitment
    return at(site, come, f"/commitments/{seat.pk}/", seat.accepted_by)


@shown
def the_money_of_a_round_that_is_done_and_waits(site, come):
    call = over(site)
    remains.done(call)
    return money(site, come, call)


@shown
def the_money_of_a_round_that_is_done_and_cleared(site, come):
    call = over(site, by_bank=0, remainder="next_round")
    remains.done(call)
    run(site.engine)
    assert again(call).cleared_at
    return money(site, come, call)


@shown
def waiting_for_a_seat_after_the_closing(site, come):
    call = scenes.call(scenes.round_(name="Spring 2027"), seats=2, places_least=1)
    lost, _ = [scenes.committed(call, share=share) for share in (call.shares.first(),) * 2]
    by = factories.payer().memberships.get()
    waiting_list.join(call_id=call.pk, company=by.company, by=by.user, now=lost.accepted_at)
    commitments.close(call_id=call.pk, now=lost.accepted_at)
    page = f"/programmes/{call.round.programme.slug}/{call.round.slug}/wait/"
    return certain_page(at(site, come, page, by.user))
