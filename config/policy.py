"""The content security policy: everything comes from here, and forms lead here or where they must."""

from csp.constants import NONE, SELF


def forms_lead_to(pages: list[str]) -> dict[str, object]:
    """A form that leads to a page of others redirects there, so that page's origin must be
    allowed."""
    return {
        "DIRECTIVES": {
            "default-src": [NONE],
            "style-src": [SELF],
            "script-src": [SELF],
            "img-src": [SELF],
            "font-src": [SELF],
            "connect-src": [SELF],
            "form-action": [SELF, *pages],
            "base-uri": [NONE],
            "frame-ancestors": [NONE],
        }
    }
