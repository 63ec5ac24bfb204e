"""What someone types into the checkout page, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from sandbox import cards, payment_methods
from sandbox.account import Account
from sandbox.store import Object


@dataclass(frozen=True)
class Outcome:
    """What the person on the page sees next."""

    status: Literal["ok", "declined", "requires_action"]
    message: str | None = None
    next: str | None = None
    param: str | None = None

    @property
    def ok(self) -> bool:
        return self.status == "ok"


@dataclass(frozen=True)
class Typed:
    """What someone typed into the page."""

    method: Literal["card", "sepa_debit"] = "card"
    card: str = "4242424242424242"
    iban: str = cards.SETTLES
    name: str | None = None
    email: str | None = None
    country: str | None = None
    expiry: tuple[int, int] = payment_methods.EXPIRY
    address: dict[str, str] = field(default_factory=dict)
    tax_id: str | None = None


# Elsewhere a tax id is taken for a VAT number of the European Union.
TAX_IDS = {"CH": "ch_vat", "GB": "gb_vat", "IN": "in_gst", "NO": "no_vat", "US": "us_ein"}


def tax_ids(session: Object, typed: Typed) -> list[Object]:
    if not typed.tax_id or not session.get("tax_id_collection", {}).get("enabled"):
        return []
    return [{"type": TAX_IDS.get(typed.country or "", "eu_vat"), "value": typed.tax_id}]


def method_of(account: Account, session: Object, typed: Typed) -> Object:
    email = typed.email or _known_email(account, session)
    if typed.method == "sepa_debit":
        method = payment_methods.make_debit(account, typed.iban, name=typed.name, email=email)
    else:
        card = cards.look_up(typed.card)
        method = payment_methods.make_card(
            account,
            card,
            name=typed.name,
            email=email,
            country=typed.country,
            expiry=typed.expiry,
        )
    country = {"country": typed.country} if typed.country else {}
    method["billing_details"]["address"].update({**typed.address, **country})
    return method


def _known_email(account: Account, session: Object) -> str | None:
    customer = account.store.by_id.get(session["customer"] or "")
    known: str | None = customer["email"] if customer else None
    return session["customer_email"] or known
