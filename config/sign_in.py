"""Signing in: our own forms in the place of allauth's, and the services through which people may sign in,
which are those whose credentials are in the environment."""

from urllib.parse import urlsplit

from config.environment import env

PROVIDERS: dict[str, dict[str, object]] = {}
PAGES: list[str] = []  # where a form of ours may lead then


def our_forms(prefix: str, names: str) -> dict[str, str]:
    """In the place of allauth's: `add_email` is our `AddEmailForm`."""
    found = {name: prefix + name.title().replace("_", "") for name in names.split()}
    return {name: f"funding.accounts.forms.{form}Form" for name, form in found.items()}


def _offer(provider: str, prefix: str, server: str, app: dict[str, object]) -> None:
    """Offer it if `<PREFIX>_CLIENT_ID` is set, with `<PREFIX>_CLIENT_SECRET` and the server."""
    if not (server and env(f"{prefix}_CLIENT_ID")):
        return
    credentials = {
        "client_id": env(f"{prefix}_CLIENT_ID"),
        "secret": env(f"{prefix}_CLIENT_SECRET"),
    }
    PROVIDERS[provider] = {"APPS": [{**credentials, **app}]}
    PAGES.append("{0.scheme}://{0.netloc}".format(urlsplit(server)))


GITLAB_URL = env("GITLAB_URL", "https://gitlab.com").rstrip("/")
OIDC_SERVER_URL = env("OIDC_SERVER_URL")
OIDC: dict[str, object] = {"provider_id": "oidc", "name": env("OIDC_NAME", "your organisation")}
GITLAB: dict[str, object] = {"name": "GitLab", "settings": {"gitlab_url": GITLAB_URL}}
_offer("github", "GITHUB", "https://github.com", {"name": "GitHub"})
_offer("gitlab", "GITLAB", GITLAB_URL, GITLAB)
_offer(
    "openid_connect", "OIDC", OIDC_SERVER_URL, OIDC | {"settings": {"server_url": OIDC_SERVER_URL}}
)
