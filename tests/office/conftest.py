"""A template for letters, and a server that takes them."""

import pytest

from tests.office.mailhost import open_for_mail


@pytest.fixture
def letter(tmp_path, settings):
    """Write the text of the template that mails are made of."""
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]

    def put(text: str) -> None:
        (tmp_path / "letter.txt").write_text(text)

    put("Subject\nBody")
    return put


@pytest.fixture
def mailhost(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    with open_for_mail() as host:
        settings.EMAIL_PORT = host.port
        yield host
