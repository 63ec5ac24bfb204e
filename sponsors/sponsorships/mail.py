"""Mail about sponsorships. Each function puts one message into the outbox, in the transaction that
makes it true; the key lets it go out once."""

from funding.accounts.models import User
from funding.office import outbox
from funding.projects.models import Update
from sponsors.companies.models import Company
from sponsors.sponsorships.models import Sponsorship


def thanks(sponsorship: Sponsorship) -> None:
    """To the company: it is paid, this is what was bought, here is where to look after it."""
    outbox.write(
        key=f"thanks:{sponsorship.pk}",
        recipients=[sponsorship.company.billing_email, sponsorship.bought_by.email],
        template="sponsorships/mail/thanks.txt",
        context={"sponsorship": sponsorship},
    )


def new_sponsor(sponsorship: Sponsorship) -> None:
    """To the maintainers: who came, and what it adds to the week."""
    people = sponsorship.project.maintainers.select_related("user")
    outbox.write(
        key=f"new-sponsor:{sponsorship.pk}",
        recipients=[person.user.email for person in people],
        template="sponsorships/mail/new_sponsor.txt",
        context={"sponsorship": sponsorship},
    )


def update(update: Update, *, to: User, company: Company, signed: str) -> None:
    """To somebody who acts for a sponsor: what the maintainers tell, and how to stop it."""
    outbox.write(
        key=f"update:{update.pk}:{to.pk}",
        recipients=[to.email],
        template="sponsorships/mail/update.txt",
        context={"update": update, "company": company, "signed": signed},
    )
