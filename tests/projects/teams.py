"""Who runs a project, and what its log and mails say of it."""

from allauth.account.models import EmailAddress
from django.test import Client

from funding.office.models import Message
from funding.projects.models import Activity
from tests import factories


def desk(path=""):
    return f"/maintain/harbour/team/{path}"


def somebody(email="grace@example.org", name="Grace"):
    """Who has shown that the address is theirs, and the browser they sit before."""
    person = factories.user(email, name=name)
    EmailAddress.objects.create(user=person, email=email.lower(), verified=True, primary=True)
    client = Client()
    client.force_login(person)
    return person, client


def roles(project):
    return {one.user.name or one.user.email: one.role for one in project.maintainers.all()}


def log(project):
    return [line.told for line in Activity.objects.filter(project=project)]


def mailed(to):
    """Subjects of the mails to an address, the newest first."""
    return [one.subject for one in Message.objects.all() if to in one.recipients]
