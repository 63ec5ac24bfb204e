"""A site with one of everything, for the table of who may do what: made once for a module, and as it
was made for each test."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.test import Client

from funding.office import clock
from funding.projects.models import Project, Update
from sponsors.billing import documents
from sponsors.sponsorships import telling_sponsors
from sponsors.sponsorships.models import Fulfilment
from tests import factories, scenarios, world
from tests.certainty import certain

SURE = ("owner", "editor", "treasurer")  # who signed in just now


class Site:
    """What stands in its addresses, and who visits them."""

    def __init__(self, engine) -> None:
        self.engine = engine
        self.member, self.stranger = factories.user(password="a"), factories.user(password="b")
        self.staff = factories.user(password="c", is_staff=True, is_superuser=True)
        self.project = factories.project(maintainer=self.member)
        self.names = (
            self._drafts() | self._paid() | self._ordered() | self._said() | self._money_out()
        )
        self.names |= self._others() | self._asked()
        self._sessions = {who: session_of(who, person) for who, person in self._people().items()}
        self._stripe = world.kept(engine)

    def clients(self) -> dict[str, Client]:
        """One for each kind of visitor."""
        return {who: client_with(cookies) for who, cookies in self._sessions.items()}

    @contextmanager
    def as_it_was(self) -> Iterator[None]:
        """What happens inside has not happened afterwards, neither here nor at Stripe."""
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
        self._stripe()

    def _people(self):
        roles = {
            role: factories.maintainer(self.project, role).user for role in ("editor", "treasurer")
        }
        known = {"stranger": self.stranger, "member": self.member, "owner": self.member}
        return {"anybody": None, **known, "staff": self.staff, **roles}

    def _drafts(self):
        draft = factories.project(status=Project.Status.DRAFT, maintainer=self.member)
        return {
            "slug": self.project.slug,
            "draft_slug": draft.slug,
            "draft_tier_id": factories.tier(draft).pk,
            "other_tier_id": factories.tier(self.project, monthly=20000).pk,
        }

    def _paid(self):
        tier, company = factories.tier(self.project), factories.company(self.member)
        self.sponsorship = scenarios.settled(self.engine, company, tier)
        invoice = self.sponsorship.invoices.get()
        settled = invoice.payments.get()
        return {
            "tier_id": tier.pk,
            "company": company.slug,
            "sponsorship_id": self.sponsorship.pk,
            "settled_id": settled.pk,
            "dispute_id": factories.dispute(settled).pk,
            "document_id": invoice.stripe_id,
            "document_key": documents.signed_address(invoice).partition("=")[2],
        }

    def _ordered(self):
        ordered = scenarios.ordered(self.engine, factories.payer(self.member))
        invoice = ordered.invoices.get()
        return {
            "ordered_id": ordered.pk,
            "invoice_id": invoice.pk,
            "return_id": factories.bank_return(invoice).pk,
        }

    def _said(self):
        told, untold = (
            Update.objects.create(
                project=self.project, title="T", body="B", author=self.member, published_at=at
            )
            for at in (clock.now() - timedelta(days=1), None)
        )
        owed = Fulfilment.objects.create(
            sponsorship=self.sponsorship, kind="own", text="T", due_on=clock.today()
        )
        stop = telling_sponsors.stop_link(project_id=self.project.pk, user_id=self.member.pk)
        return {
            "update_id": told.pk,
            "draft_update_id": untold.pk,
            "fulfilment_id": owed.pk,
            "signed": stop,
            "digest": factories.picture().pk,
        }

    def _money_out(self):
        return {
            "grant_id": factories.grant(self.project).pk,
            "payment_id": factories.payment(self.project).pk,
        }

    def _others(self):
        project = factories.project(maintainer=self.stranger)
        return {
            "hidden_company": factories.company(self.stranger).slug,
            "others_person_id": factories.person(project).pk,
            "others_goal_id": project.goals.all()[0].pk,
        }

    def _asked(self):
        asked, secret = factories.invitation(self.project)
        return {
            "person_id": factories.person(self.project).pk,
            "goal_id": self.project.goals.all()[0].pk,
            "member_id": factories.maintainer(self.project, "editor").pk,
            "invitation_id": asked.pk,
            "secret": secret,
        }


def session_of(who, person) -> str:
    client = Client()
    if person:
        EmailAddress.objects.get_or_create(
            user=person, email=person.email, verified=True, primary=True
        )
        client.force_login(person)
    if who in SURE:
        certain(client)
    return client.cookies.output(header="", sep=";")


def client_with(cookies: str) -> Client:
    client = Client()
    client.cookies.load(cookies)
    return client
