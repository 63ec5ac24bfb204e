"""What a site that takes real money refuses to start with."""

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


def insist(said: Mapping[str, Any], *, development_secret: str) -> None:
    """Raises ImproperlyConfigured with a sentence for each thing that is wrong."""
    secret = said["SECRET_KEY"]
    stripe = urlsplit(said["STRIPE_API_BASE"]).hostname
    seller = ("SELLER_NAME", "SELLER_ADDRESS", "SELLER_TAX_ID", "SELLER_EMAIL")
    wrong = [
        (secret == development_secret, "SECRET_KEY is the development secret."),
        (len(secret) < 50, "SECRET_KEY has fewer than 50 characters."),
        (said["DEBUG"], "DEBUG is on."),
        (said["CLOCK_URL"], "CLOCK_URL is set: production runs on real time."),
        (said["STRIPE_HTTP_CLIENT"], "STRIPE_HTTP_CLIENT is set: it is for tests only."),
        (not os.environ.get("STRIPE_SECRET_KEY"), "STRIPE_SECRET_KEY is not set."),
        (not said["STRIPE_WEBHOOK_SECRETS"], "STRIPE_WEBHOOK_SECRETS is not set."),
        (not said["HTTPS"], "SITE_URL does not begin with https://."),
        (said["ROOT_URLCONF"] != "config.urls", "ROOT_URLCONF is not config.urls."),
        (stripe != "api.stripe.com", "STRIPE_API_BASE is not Stripe's own address."),
        *((not said[name], f"{name} is not set: it stands on invoices.") for name in seller),
    ]
    if problems := [sentence for is_wrong, sentence in wrong if is_wrong]:
        raise ImproperlyConfigured("This is production, and: " + " ".join(problems))
