"""What a subscription may be asked to be, apart from its prices."""

from __future__ import annotations

from sandbox import errors, taxes
from sandbox.parameters import Form
from sandbox.store import Object

MOST_FIELDS, LONGEST = 4, {"name": 40, "value": 140}


def custom_fields(given: object) -> list[Object] | None:
    """At most four, each a short name and what stands beside it."""
    if not isinstance(given, list) or not given:
        return None
    if len(given) > MOST_FIELDS:
        raise errors.invalid(f"You can have at most {MOST_FIELDS} custom fields.", "custom_fields")
    for number, entry in enumerate(given):
        for name, longest in LONGEST.items():
            if len(entry.get(name, "")) > longest:
                raise errors.invalid(
                    f"Invalid string: must be at most {longest} characters",
                    f"custom_fields[{number}][{name}]",
                )
    return [{"name": entry["name"], "value": entry["value"]} for entry in given]


def check_collection(params: Form) -> None:
    days = params.get("days_until_due")
    if params.get("collection_method") == "send_invoice":
        if days is None:
            raise errors.invalid(
                "When `collection_method` is `send_invoice`, you must specify `days_until_due`.",
                "days_until_due",
            )
        if not 0 <= days <= 365:
            raise errors.invalid("`days_until_due` must be between 0 and 365.", "days_until_due")
    elif days is not None:
        raise errors.invalid(
            "`days_until_due` can only be set with `collection_method=send_invoice`.",
            "days_until_due",
        )


def check_location(customer: Object) -> None:
    if not taxes.is_usable(customer["address"]):
        raise errors.invalid(taxes.NO_LOCATION, "automatic_tax", taxes.LOCATION_CODE)


def automatic_tax(*, enabled: bool) -> Object:
    liability = {"type": "self"} if enabled else None
    return {"disabled_reason": None, "enabled": enabled, "liability": liability}
