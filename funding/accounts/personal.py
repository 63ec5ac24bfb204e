"""What signing in holds about a person."""

from collections.abc import Iterator

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry

from funding.accounts.models import User
from funding.office import outbox


def hindrances(user: User) -> Iterator[str]:
    """Nothing here keeps anybody."""
    yield from ()


def export(user: User) -> dict[str, object]:
    """Never a secret: no password, no key, no code."""
    return {
        "account": {
            "name": user.name,
            "email": user.email,
            "made": user.date_joined,
            "last_signed_in": user.last_login,
            "has_password": user.has_usable_password(),
        },
        "email_addresses": list(_of(user, EmailAddress).values("email", "verified", "primary")),
        "second_steps": [
            {"kind": one.type, "name": str(one), "added": one.created_at, "used": one.last_used_at}
            for one in _of(user, Authenticator)
        ],
        "sign_ins_elsewhere": list(
            _of(user, SocialAccount).values("provider", "uid", "date_joined", "extra_data")
        ),
        "sessions": list(
            _of(user, UserSession).values("created_at", "last_seen_at", "ip", "user_agent")
        ),
        "mails": list(
            outbox.sent_to(_addresses(user)).values("written_at", "sent_at", "subject", "body")
        ),
    }


def forget(user: User) -> None:
    """Ways to sign in, where they are signed in, and what was written to them. The session that
    asks ends with the others."""
    outbox.forget(_addresses(user))
    for session in _of(user, UserSession):
        session.end()
    for model in (EmailAddress, Authenticator, SocialAccount):
        _of(user, model).delete()
    user.groups.clear()
    user.user_permissions.clear()
    told = LogEntry.objects.filter(content_type__model="user", object_id=str(user.pk))
    told.update(object_repr="Somebody who left", change_message="")


def _of(user: User, model):  # type: ignore[no-untyped-def]
    return model.objects.filter(user=user).order_by("pk")


def _addresses(user: User) -> set[str]:
    """Theirs: shown to be, or what they signed up with."""
    return {
        user.email,
        *_of(user, EmailAddress).filter(verified=True).values_list("email", flat=True),
    }
