"""Codes that are asked for by mail, and entered."""

import re

from django.contrib.auth import get_user
from django.core import mail

SIGN_UP, SIGN_IN = "/accounts/signup/", "/accounts/login/code/"
PASSWORD = "/accounts/login/"
CONFIRM_ADDRESS, CONFIRM_CODE = "/accounts/confirm-email/", "/accounts/login/code/confirm/"
AFTER = "/home/"


def code():
    """What the newest mail says to enter."""
    return re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", mail.outbox[-1].body, re.MULTILINE)[0]


def sign_up(client, email="ada@example.org", **values):
    return client.post(SIGN_UP, {"name": "Ada L.", "email": email, **values})


def ask_for_code(client, email="ada@example.org", **values):
    return client.post(SIGN_IN, {"email": email, **values})


def enter(client, code, path=CONFIRM_CODE, **values):
    return client.post(path, {"code": code, **values})


def who(client):
    return get_user(client)
