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
    name = settings.SESSION_COOKIE_NAME
    key = next(one["value"] for one in page.context.cookies() if one["name"] == name)
    session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    write(session, session["_auth_user_id"])
    return page


def write(session, user_id):
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "code", "at": time.time()}]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id
    session.save()
