"""Somebody who signed in a moment ago, as `funding.accounts.access.lately_signed_in` asks."""

import time
from importlib import import_module

from allauth.account.internal.flows import login
from django.conf import settings


def certain(client):
    """A test's client whose person is believed for the next minutes."""
    write(client.session, client.session["_auth_user_id"])
    return client


def certain_page(page):
    """The same for a browser's page."""
    session = session_of(page)
    write(session, session["_auth_user_id"])
    return page


def uncertain_page(page):
    """The minutes are over in which they are believed."""
    session = session_of(page)
    write(session, session["_auth_user_id"], at=0)
    return page


def session_of(page):
    name = settings.SESSION_COOKIE_NAME
    key = next(one["value"] for one in page.context.cookies() if one["name"] == name)
    return import_module(settings.SESSION_ENGINE).SessionStore(key)


def write(session, user_id, at=None):
    at = time.time() if at is None else at
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "code", "at": at}]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id
    session.save()
