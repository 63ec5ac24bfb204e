"""What signing in holds about a person."""

import json
from collections.abc import Iterator

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from funding.accounts.models import User
from funding.office.models import Message


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
        "mails": list(_mails(user).values("written_at", "sent_at", "subject", "body")),
    }


def forget(user: User) -> None:
    """Ways to sign in, where they are signed in, and what was written to them. The session that
    asks ends with the others."""
    for session in _of(user, UserSession):
        session.end()
    for model in (EmailAddress, Authenticator, SocialAccount):
        _of(user, model).delete()
    user.groups.clear()
    user.user_permissions.clear()
    told = LogEntry.objects.filter(content_type__model="user", object_id=str(user.pk))
    told.update(object_repr="Somebody who left", change_message="")
    for mail in _mails(user):
        mail.recipients = [one for one in mail.recipients if one.lower() != user.email.lower()]
        if not mail.recipients:
            mail.subject = mail.body = ""
        mail.save(update_fields=["recipients", "subject", "body"])


def _of(user: User, model):  # type: ignore[no-untyped-def]
    return model.objects.filter(user=user).order_by("pk")


def _mails(user: User) -> QuerySet[Message]:
    """Whoever else they went to."""
    as_text = Message.objects.annotate(among=Cast("recipients", TextField()))
    return as_text.filter(among__icontains=json.dumps(user.email)).order_by("pk")
