"""Where allauth asks the site how it wants things."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.utils.http import url_has_allowed_host_and_scheme


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in codes are sent at once, not through the outbox: somebody waits for them."""

    def is_safe_url(self, url: str | None) -> bool:
        host = self.request.get_host() if self.request else None
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={host} if host else None, require_https=settings.HTTPS
        )
