"""Asking people by mail: what every kind of invitation has in common. Its link carries a secret of which
only a digest is kept, and whoever answers has shown that the address is theirs."""

import hashlib
import secrets
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet

from funding.accounts.models import User

LASTS = timedelta(days=7)
MOST_A_DAY = 20  # invitations by one person: nobody's address is to be written to without end


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def shown_by(user: User) -> set[str]:
    """Addresses that this person has shown to be theirs, in small letters."""
    rows = EmailAddress.objects.filter(user=user, verified=True)
    return {address.lower() for address in rows.values_list("email", flat=True)}


def only_of(user: User, emails: set[str]) -> set[str]:
    """Those of these addresses that are nobody else's by now."""
    others = User.objects.exclude(pk=user.pk), EmailAddress.objects.exclude(user=user)
    return {
        email for email in emails if not any(rows.filter(email__iexact=email) for rows in others)
    }


def people_at(email: str) -> QuerySet[User]:
    """Whoever has the address, by their account or by one more that they have shown."""
    shown = EmailAddress.objects.filter(email__iexact=email, verified=True).values("user")
    return User.objects.filter(Q(email__iexact=email) | Q(pk__in=shown))
