"""Which e-mail addresses mail can be sent to."""

from django.core.exceptions import ValidationError

NOBODYS = "deleted.invalid"  # the domain of those who left; no name server will ever know it

LONGEST = 254


def deliverable(address: str) -> None:
    """Refuses a domain that no name server can be asked for, or that none will ever know, and what
    grows too long when it is kept in small letters, as İ does."""
    if len(address.lower()) > LONGEST:
        raise ValidationError(f"An e-mail address has at most {LONGEST} characters.")
    domain = address.rpartition("@")[2].lower().rstrip(".")
    if domain.endswith(".invalid") or not _can_be_asked_for(domain):
        raise ValidationError("No mail can be sent to this address. Look at its domain.")


def _can_be_asked_for(domain: str) -> bool:
    try:
        domain.encode("idna")
    except UnicodeError:
        return False
    return True
