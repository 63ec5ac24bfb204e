"""Mail that no row may remember: it goes to an address that is forgotten."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string


def say_goodbye(*, to: str) -> None:
    """The last one. If it cannot be sent, the account is gone all the same."""
    site = {"site_url": settings.SITE_URL, "site_name": settings.SITE_NAME}
    subject, _, body = render_to_string("accounts/email/deleted.txt", site).partition("\n")
    send_mail(subject, body.strip() + "\n", None, [to], fail_silently=True)
