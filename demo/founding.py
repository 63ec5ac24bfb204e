"""What stands on the site on the first day of the demo's history: people who can sign in, and
projects with their ladders, tiers and maintainers."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from allauth.account.models import EmailAddress

from demo import cast, logos
from demo.cast import Sponsor
from demo.projects import Funded, Offer
from funding.accounts.models import User
from funding.office import pictures
from funding.projects import editing
from funding.projects.models import (
    Activity,
    Benefit,
    FundedPerson,
    Goal,
    Language,
    Maintainer,
    Project,
    Tier,
    Update,
)

UPDATES = Path(__file__).parent / "updates"
_HEADING = re.compile(r"^# day (\d+): (.+)$", re.MULTILINE)


def person(email: str, name: str, *, joined: datetime, password: str | None = None) -> User:
    """Somebody whose address is verified, found or made."""
    if found := User.objects.filter(email=email).first():
        return found
    made = User.objects.create_user(email, password, name=name)
    User.objects.filter(pk=made.pk).update(date_joined=joined)
    EmailAddress.objects.create(user=made, email=email, verified=True, primary=True)
    return made


def staff(joined: datetime) -> User:
    made = person(cast.STAFF, "Robin Ashdown", joined=joined, password=cast.PASSWORD)
    User.objects.filter(pk=made.pk).update(is_staff=True, is_superuser=True)
    return made


def representative(sponsor: Sponsor, *, joined: datetime) -> User:
    """Who acts for a sponsor; some of them have a password, for whoever looks at the demo."""
    password = cast.PASSWORD if sponsor.key in cast.SIGNS_IN else None
    return person(sponsor.email, sponsor.person, joined=joined, password=password)


def found(funded: Funded, *, on: datetime) -> Project:
    """A project as it is before anybody sponsors it."""
    project = Project.objects.create(
        slug=funded.slug, name=funded.name, currency=funded.currency, day_rate=funded.day_rate,
        summary=funded.summary, description=funded.description,
        licence=funded.licence, website=f"https://{funded.slug}.example/",
        repository=f"https://code.example/{funded.slug}", created_at=on,
        status=Project.Status.DRAFT if funded.is_draft else Project.Status.PUBLISHED,
        published_at=None if funded.is_draft else on,
        logo=pictures.draw(logos.mark(funded.name)) if funded.has_logo else None,
    )  # fmt: skip
    for position, language in enumerate(funded.language.split(", ")):
        Language.objects.create(project=project, name=language, position=position)
    _give_to(project, funded, on)
    for position, (name, does, days) in enumerate(funded.people):
        FundedPerson.objects.create(
            project=project, name=name, does=does, days=Decimal(days), position=position
        )
    for position, rung in enumerate(funded.rungs):
        Goal.objects.create(
            project=project, position=position, title=rung.title, description=rung.description,
            days=Decimal(rung.days),
        )  # fmt: skip
    for position, offer in enumerate(funded.offers):
        _tier(project, offer, position)
    editing.recount(project)
    return project


def _give_to(project: Project, funded: Funded, on: datetime) -> None:
    """Its owner, who put it on the site, and those who help."""
    owner = _maintainer(funded, on)
    Maintainer.objects.create(project=project, user=owner, since=on)
    for email, name, role in funded.team:
        helper = person(email, name, joined=on, password=cast.PASSWORD)
        Maintainer.objects.create(project=project, user=helper, role=role, since=on)
    Activity.objects.create(project=project, by=owner, at=on, did="put the project on the site")


def _maintainer(funded: Funded, on: datetime) -> User:
    if funded.slug == "harbour-rest":
        name = funded.people[0][0]
        return person(cast.MAINTAINER, name, joined=on, password=cast.PASSWORD)
    name = funded.people[0][0] if funded.people else f"Maintainer of {funded.name}"
    return person(f"{name.split()[0].lower()}@{funded.slug}.example", name, joined=on)


def _tier(project: Project, offer: Offer, position: int) -> None:
    tier = Tier.objects.create(
        project=project, name=offer.name, monthly=offer.monthly, yearly=offer.monthly * 10,
        audience=offer.audience, seats=offer.seats, position=position,
    )  # fmt: skip
    for place, promise in enumerate(offer.benefits):
        Benefit.objects.create(
            tier=tier, kind=promise.kind, text=promise.text, hours=promise.hours, position=place
        )


def updates(project: Project, *, since: datetime) -> list[tuple[datetime, Update]]:
    """What its maintainers will tell, each with the moment they do, from the file of its name."""
    path = UPDATES / f"{project.slug}.md"
    if not path.exists():
        return []
    author = project.maintainers.order_by("id")[0].user
    _, *parts = _HEADING.split(path.read_text(encoding="utf-8"))
    return [
        (
            since + timedelta(days=int(day), hours=9),
            Update(project=project, title=title, body=body.strip() + "\n", author=author),
        )
        for day, title, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    ]
