"""What is held about a person, as a file."""

import json

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount

from funding.projects import team
from sponsors.billing.models import Invoice
from tests import factories, scenarios
from tests.accounts.leaving.leavers import archived, told_by

pytestmark = pytest.mark.django_db


def exported(client):
    answer = client.get("/accounts/export/file/")
    return answer, json.loads(answer.content)


def test_the_file_is_downloaded_under_a_name(adas):
    answer, _ = exported(adas)

    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="mainstay-')


def test_the_file_has_everything_from_every_part(adas, ada, engine):
    project = archived(ada)
    told_by(project, ada)
    scenarios.paid(engine, factories.company(ada, display_name="Kestrel"))
    SocialAccount.objects.create(user=ada, provider="github", uid="1")

    _, data = exported(adas)

    assert data["account"]["email"] == "ada@example.org"
    assert data["email_addresses"] == [
        {"email": "ada@example.org", "verified": True, "primary": True}
    ]
    assert data["sign_ins_elsewhere"][0]["provider"] == "github"
    assert data["projects"][0]["project__name"] == project.name
    assert data["updates"][0]["body"] == "All is well."
    assert data["companies"][0]["display_name"] == "Kestrel"
    assert data["sponsorships"][0]["company"] == "Kestrel"


def test_the_file_has_the_invoices_of_somebody_who_sponsors_as_themself(adas, ada, engine):
    scenarios.settled(engine, factories.individual(ada), factories.tier(monthly=12345))
    scenarios.settled(engine, factories.company(ada), factories.tier())
    invoice = Invoice.objects.get(sponsorship__company__kind="individual")

    _, data = exported(adas)

    assert [one["number"] for one in data["invoices"]] == [invoice.number]
    assert (data["invoices"][0]["currency"], data["invoices"][0]["status"]) == ("GBP", "paid")
    assert data["invoices"][0]["amount"] == str(invoice.total.major)


def test_what_others_did_with_them_is_in_the_file(adas, ada):
    project = factories.project("Harbour")
    member = factories.maintainer(project, "editor", by=ada)
    team.remove(maintainer=member, by=project.maintainers.first().user)

    _, data = exported(adas)

    assert [line["did"] for line in data["project_log"]] == [
        "removed Ada Lovelace, who was an editor"
    ]


def test_the_file_holds_no_secret(adas, ada):
    secret = generate_totp_secret()
    TOTP.activate(ada, secret)
    codes = RecoveryCodes.activate(ada).get_unused_codes()

    text = exported(adas)[0].content.decode()

    assert secret not in text
    assert ada.password not in text
    assert not any(code in text for code in codes)


def test_the_file_holds_nothing_of_others(adas, engine):
    factories.user("bob@example.org", name="Bob")
    scenarios.paid(engine, factories.company(display_name="Other company"))

    text = exported(adas)[0].content.decode()

    assert "bob@example.org" not in text
    assert "Other company" not in text
