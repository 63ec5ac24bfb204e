"""Leaving: what keeps a person here, what is held about them, and forgetting it.

Every module in `settings.PERSONAL_DATA` has three functions about its own tables:
`hindrances(user)` yields a sentence for everything that must be done before the account can go,
`export(user)` answers all that is held about the person, ready for JSON, and `forget(user)` deletes
it or takes their name off what must stay. All `forget` in one transaction, in which `hold(user)`, where
there is one, first takes the locks that keep a hindrance from coming up meanwhile."""

from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from types import ModuleType

from django.conf import settings
from django.db import transaction

from funding.accounts import mail
from funding.accounts.address import NOBODYS
from funding.accounts.models import User


def hindrances(*, user: User) -> list[str]:
    """Why the account cannot be deleted now, in sentences that say what to do."""
    return [sentence for module in _modules() for sentence in module.hindrances(user)]


def export(*, user: User) -> dict[str, object]:
    """Everything that is held about a person, by the part of the site that holds it."""
    found: dict[str, object] = {}
    for module in reversed(list(_modules())):
        found |= module.export(user)
    return found


def leave(*, user: User, now: datetime) -> list[str]:
    """Delete the account. Answers the hindrances that came up meanwhile; with none it is gone, and
    the address is told so."""
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        for module in _modules():
            getattr(module, "hold", _nothing)(user)
        if found := hindrances(user=user):
            return found
        email = user.email
        for module in _modules():
            module.forget(user)
        _take_the_name_off(user, now)
    mail.say_goodbye(to=email)
    return []


def _take_the_name_off(user: User, now: datetime) -> None:
    """The row stays, because others' rows name it: who wrote an update, who bought."""
    user.email, user.name = f"deleted-{user.pk}@{NOBODYS}", ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.left_at, user.last_login = now, None
    user.set_unusable_password()
    user.save()


def _nothing(user: User) -> None:
    pass


def _modules() -> Iterator[ModuleType]:
    return map(import_module, settings.PERSONAL_DATA)
