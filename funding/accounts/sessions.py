"""Where a person is signed in, and ending that. A session that was ended is out at its next request:
its row is gone."""

from allauth.core.internal.httpkit import get_client_ip
from allauth.usersessions.internal.flows import sessions
from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from funding.accounts.access import person
from funding.accounts.models import User
from funding.office import clock


def of(*, request: HttpRequest) -> list[UserSession]:
    """The person's own that still let them in: the one that asks first, then the newest."""
    user = person(request)
    kept = list(UserSession.objects.filter(user=user))
    alive = _alive(user, [one.session_key for one in kept])
    found = [one for one in kept if one.session_key in alive]
    if not any(one.is_current() for one in found):
        found.append(_asking(request))
    return sorted(found, key=lambda one: (not one.is_current(), -one.created_at.timestamp()))


def end(*, request: HttpRequest, session_id: int) -> bool:
    """One of one's own, and not the one that asks: that is what signing out is for."""
    found = UserSession.objects.filter(user=person(request), pk=session_id).first()
    if found is None or found.is_current():
        return False
    found.end()
    return True


def end_others(*, request: HttpRequest) -> None:
    sessions.end_other_sessions(request, person(request))


def _alive(user: User, keys: list[str]) -> set[str]:
    """Which are there, not too old, and from after the password was changed."""
    hashes = {user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()}
    rows = Session.objects.filter(session_key__in=keys, expire_date__gt=clock.machine_now())
    return {row.session_key for row in rows if row.get_decoded().get(HASH_SESSION_KEY) in hashes}


def _asking(request: HttpRequest) -> UserSession:
    """A session that began before they were kept."""
    return UserSession(
        user=person(request),
        session_key=request.session.session_key or "",
        ip=get_client_ip(request) or "",
        user_agent=request.headers.get("User-Agent", ""),
    )
