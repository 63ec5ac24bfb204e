"""Mail about a seat goes to people who act for its company when it is written, and what somebody who left
it takes along is what they signed, not what became of it."""

import pytest

from funding.office import clock
from funding.office.models import Message
from sponsors.billing import closing
from sponsors.companies.models import Membership
from sponsors.sponsorships import commitments, mail, personal, waiting_list
from sponsors.sponsorships.models import Waiting
from tests import factories
from tests.programmes import scenes

pytestmark = pytest.mark.django_db


def with_two():
    """A company with two people, of whom the first signs."""
    company = factories.payer()
    signer, colleague = company.memberships.get().user, factories.user()
    Membership.objects.create(company=company, user=colleague, role="owner")
    return company, signer, colleague


def leaves(company, person):
    Membership.objects.filter(company=company, user=person).delete()


def recipients(prefix):
    return set(Message.objects.get(key__startswith=prefix).recipients)


def test_who_signed_hears_of_the_seat_and_others_of_the_company_need_not():
    company, signer, _ = with_two()
    scenes.committed(scenes.call(), company)

    assert recipients("seat_promised:") == {company.billing_email, signer.email}


def test_once_who_signed_has_left_those_hear_of_it_who_act_for_the_company():
    company, signer, colleague = with_two()
    kept = scenes.committed(scenes.call(), company)
    leaves(company, signer)

    commitments.withdraw(commitment_id=kept.pk, now=clock.now())

    assert recipients("seat_withdrawn:") == {company.billing_email, colleague.email}


def test_who_left_does_not_hear_that_a_call_failed_either():
    company, signer, colleague = with_two()
    call = scenes.call()
    scenes.committed(call, company)
    leaves(company, signer)

    closing.close(call.pk, now=call.closes_at)

    assert recipients("call-failed:") == {company.billing_email, colleague.email}


def test_nor_who_put_it_on_the_waiting_list():
    company, signer, colleague = with_two()
    call = scenes.call(seats=1)
    kept = scenes.reserved(call)
    waiting_list.join(call_id=call.pk, company=company, by=signer, now=clock.now())
    leaves(company, signer)
    commitments.withdraw(commitment_id=kept.pk, now=clock.now())
    waiting_list.offer_next(call.pk, clock.now())

    assert recipients("seat_offered:") == {company.billing_email, colleague.email}
    assert Waiting.objects.get().user == signer


def test_a_company_without_anybody_hears_at_its_billing_address():
    company, signer, colleague = with_two()
    leaves(company, signer)
    leaves(company, colleague)

    assert mail.about_seats(company, by=signer) == [company.billing_email]


def test_who_left_takes_along_what_they_signed_and_not_what_became_of_it():
    company, signer, colleague = with_two()
    scenes.committed(scenes.call(), company)
    leaves(company, signer)

    (left,) = personal.export(signer)["seats"]
    (stays,) = personal.export(colleague)["seats"]

    assert (left["signed_name"], left["signed_words"]) == ("Ada Example", "We pay this seat.")
    assert not {"state", "paid", "ended", "is_named"} & set(left)
    assert (stays["state"], stays["signed_name"]) == ("committed", "")
