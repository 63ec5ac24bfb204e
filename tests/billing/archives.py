"""Projects that are archived, and what becomes of their sponsorships."""

from funding.office import clock
from funding.office.models import Message
from funding.projects import archiving
from sponsors.billing import gateway
from sponsors.sponsorships.models import Sponsorship


def owner(project):
    return project.maintainers.get().user


def archive(project):
    archiving.archive(project=project, by=owner(project), now=clock.now())


def again(sponsorship):
    return Sponsorship.objects.with_parties().get(pk=sponsorship.pk)


def mails():
    return list(Message.objects.filter(key__startswith="archived:"))


def at_stripe(sponsorship):
    return gateway.subscription(sponsorship.subscription.stripe_id)
