"""The smallest valid objects. Name only the values that a test is about."""

import re
from io import BytesIO
from itertools import count

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from funding.accounts.models import User
from funding.office import clock, pictures
from funding.office.models import Message
from funding.projects import editing, recording, team
from funding.projects.models import (
    Benefit,
    FundedPerson,
    Goal,
    Grant,
    Language,
    Maintainer,
    PaymentOut,
    Project,
    Tier,
)
from sponsors.billing.models import BankPayment, BankReturn, Dispute
from sponsors.companies import registering
from sponsors.companies.models import Company, Paperwork

_numbers = count(1)


def user(email="", **values):
    number = next(_numbers)
    return User.objects.create_user(email or f"person{number}@example.org", **values)


def project(
    name="",
    *,
    goals=((3, "Maintenance"), (2, "Features")),
    maintainer=None,
    languages=(),
    **values,
):
    number = next(_numbers)
    defaults = {
        "name": name or f"Project {number}",
        "slug": f"project-{number}",
        "summary": "What it is in a sentence.",
        "currency": "GBP",
        "day_rate": 30000,
        "status": Project.Status.PUBLISHED,
    }
    made = Project.objects.create(**{**defaults, **values})
    for position, (days, title) in enumerate(goals):
        Goal.objects.create(project=made, position=position, title=title, days=days)
    for position, language in enumerate(languages):
        Language.objects.create(project=made, name=language, position=position)
    Maintainer.objects.create(project=made, user=maintainer or user())
    editing.recount(made)
    return made


def maintainer(project, role="editor", by=None):
    return Maintainer.objects.create(project=project, user=by or user(), role=role)


def invitation(project, email="", role="editor", *, by=None, now=None):
    """With the secret that its mail carries."""
    by = by or project.maintainers.first().user
    asked = team.invite(
        project=project, email=email or f"asked{next(_numbers)}@example.org", role=role, by=by,
        now=now or clock.now(),
    )  # fmt: skip
    mail = Message.objects.get(key=f"invitation:{asked.pk}")
    return asked, re.search(r"/invitations/([-\w]+)/", mail.body)[1]


def person(project, name="T. Carter", days=3):
    return FundedPerson.objects.create(project=project, name=name, days=days)


def grant(project, amount=500000, *, on=None, **values):
    """Recorded today, and running to the end of the year."""
    on = on or clock.today()
    days = {"received_on": on, "starts_on": on, "ends_on": on.replace(month=12, day=31)}
    defaults = {"project": project, "funder": "A foundation", "amount": amount, **days}
    return recording.record_grant(Grant(**{**defaults, **values}))


def payment(project, amount=3000, *, on=None, **values):
    """To a supplier, unless a person is named; recorded today."""
    defaults = {"project": project, "amount": amount, "paid_on": on or clock.today()}
    paid_to = {} if "person" in values else {"supplier": "A host"}
    return recording.record_payment_out(PaymentOut(**{**defaults, **paid_to, **values}))


def tier(project=None, *, benefits=("Name on this page",), **values):
    number = next(_numbers)
    defaults = {
        "project": project or globals()["project"](),
        "name": f"Tier {number}",
        "monthly": 10000,
        "yearly": 100000,
    }
    made = Tier.objects.create(**{**defaults, **values})
    for position, text in enumerate(benefits):
        Benefit.objects.create(tier=made, text=text, position=position)
    return made


def dispute(payment, **values):
    """Won already, so that it stands in the way of nothing."""
    number = next(_numbers)
    defaults = {
        "stripe_id": f"du_{number}", "payment": payment, "amount": payment.amount,
        "status": "won", "reason": "fraudulent", "opened_at": clock.now(),
    }  # fmt: skip
    return Dispute.objects.create(**{**defaults, **values})


def bank_return(invoice, **values):
    """A penny of it that came to the bank, and is to be sent back."""
    now = clock.now()
    paid = BankPayment.objects.create(
        invoice=invoice, amount=1, reference="BANK", received_on=now.date(), recorded_at=now
    )
    defaults = {"bank_payment": paid, "net": 1, "why": "Not needed.", "promised_at": now}
    return BankReturn.objects.create(**{**defaults, **values})


def image(width=96, height=64, form="PNG", colour="teal"):
    """A file as a browser sends it."""
    data = BytesIO()
    Image.new("RGB", (width, height), colour).save(data, form)
    return SimpleUploadedFile(f"logo.{form.lower()}", data.getvalue(), f"image/{form.lower()}")


def picture(**values):
    return pictures.draw(image(**values))


def company(by=None, **values):
    number = next(_numbers)
    defaults = {
        "kind": Company.Kind.ORGANISATION,
        "display_name": f"Company {number}",
        "legal_name": f"Company {number} Ltd",
        "country": "GB",
        "billing_email": f"billing{number}@example.com",
    }
    return registering.register(company=Company(**{**defaults, **values}), by=by or user())


def individual(by=None, **values):
    by = by or user()
    return company(by, **{"kind": Company.Kind.INDIVIDUAL, "legal_name": "", **values})


def payer(by=None, *, papers=None, **values):
    """An organisation to which an invoice can be sent."""
    made = company(by, **values)
    address = {"line1": "1 Bell Lane", "postcode": "E1 7LA", "city": "London"}
    Paperwork.objects.create(company=made, **{**address, **(papers or {})})
    return made
