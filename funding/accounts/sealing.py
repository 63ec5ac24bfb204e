"""Keys of second steps, as the database keeps them: sealed with this site's own secret, so that who
reads a copy of the database cannot sign in with what it holds."""

from base64 import b32encode, urlsafe_b64encode
from hashlib import sha256
from secrets import token_bytes

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def seal(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed. After the site's secret was changed without keeping the one before as a
    fallback it is lost: then something that no code fits, and staff remove the second step."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return b32encode(token_bytes(20)).decode()


def _box() -> MultiFernet:
    """The newest secret seals; those from before still open."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(secret)) for secret in secrets])


def _key(secret: str) -> bytes:
    return urlsafe_b64encode(sha256(b"second step:" + secret.encode()).digest())
