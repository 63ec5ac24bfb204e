"""Which e-mail addresses mail can be sent to."""

from django.core.exceptions import ValidationError


def deliverable(address: str) -> None:
    """Refuses a domain that no name server can be asked for."""
    try:
        address.rpartition("@")[2].encode("idna")
    except UnicodeError as error:
        raise ValidationError(
            "No mail can be sent to this address. Look at its domain."
        ) from error
