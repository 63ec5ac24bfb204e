"""Automatic tax: a small table of its own, and what follows from who buys and where.

The seller is in one country of the table. There its rate is added; in the European Union the rate of
the buyer's country, or none if the buyer gives a tax number of that country, who then owes the tax
(reverse charge); elsewhere none."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sandbox import money
from sandbox.account import Account
from sandbox.store import Object

# Standard rates in percent; reduced ones and regions with rates of their own are left out.
UNION = {
    "AT": "20", "BE": "21", "BG": "20", "CY": "19", "CZ": "21", "DE": "19", "DK": "25", "EE": "24",
    "ES": "21", "FI": "25.5", "FR": "20", "GR": "24", "HR": "25", "HU": "27", "IE": "23",
    "IT": "22", "LT": "21", "LU": "17", "LV": "21", "MT": "18", "NL": "21", "PL": "23",
    "PT": "23", "RO": "21", "SE": "25", "SI": "22", "SK": "23",
}  # fmt: skip
RATES = {**UNION, "GB": "20"}
PREFIXES = {"GR": "EL"}
WITH_POSTCODE = ("US",)
NO_LOCATION = (
    "The customer's location isn't recognized. Set a valid customer address in order to "
    "automatically calculate tax."
)
LOCATION_CODE = "customer_tax_location_invalid"


@dataclass(frozen=True)
class Tax:
    """What tax a buyer pays: a rate in percent, and why it is that."""

    country: str
    rate: str
    reason: str

    def of(self, amount: int) -> int:
        """On an amount, each half rounded away from nothing, so that credit takes back as much."""
        part = money.rounded(abs(amount) * Decimal(self.rate) / 100)
        return part if amount >= 0 else -part

    def shown(self, amount: int) -> Object:
        """As it stands on an invoice and on each of its lines."""
        rate = f"txr_{self.country.lower()}_{self.rate.replace('.', '_')}"
        return {
            "amount": self.of(amount),
            "tax_behavior": "exclusive",
            "tax_rate_details": {"tax_rate": rate},
            "taxability_reason": self.reason,
            "taxable_amount": 0 if self.reason == "not_collecting" else amount,
            "type": "tax_rate_details",
        }


def is_usable(address: Object | None) -> bool:
    """Whether an address says where its owner is taxed."""
    if not address or not address.get("country"):
        return False
    if address["country"] == "CA":
        return bool(address.get("state") or address.get("postal_code"))
    return address["country"] not in WITH_POSTCODE or bool(address.get("postal_code"))


def for_customer(account: Account, customer: Object) -> Tax | None:
    """None where the address does not tell."""
    numbers = of_customer(account, customer["id"])
    return work_out(account, customer["address"], numbers, customer["tax_exempt"])


def work_out(
    account: Account, address: Object | None, numbers: list[Object], exempt: str | None = None
) -> Tax | None:
    if address is None or not is_usable(address):
        return None
    country = address["country"]
    seller = account.settings.country
    if exempt == "exempt":
        return Tax(country, "0", "customer_exempt")
    if country == seller:
        return Tax(country, RATES.get(country, "0"), "standard_rated")
    if exempt == "reverse" or (country in UNION and _has_number(country, numbers)):
        return Tax(country, "0", "reverse_charge")
    if country in UNION:
        return Tax(country, UNION[country], "standard_rated")
    return Tax(country, "0", "not_collecting")


def _has_number(country: str, numbers: list[Object]) -> bool:
    prefix = PREFIXES.get(country, country)
    return any(
        one["type"] == "eu_vat" and one["value"].upper().startswith(prefix) for one in numbers
    )


def of_customer(account: Account, customer_id: str) -> list[Object]:
    """The tax numbers of a customer as an invoice carries them."""
    found = account.store.where("tax_id", "customer", customer_id)
    return [{"type": one["type"], "value": one["value"]} for one in found]


def assess(account: Account, invoice: Object) -> bool:
    """Write tax and sums of a draft anew from its lines and its customer as they are now. False when
    it is to be taxed and nobody knows where."""
    customer = account.store.by_id[invoice["customer"]]
    automatic = invoice["automatic_tax"]
    tax = for_customer(account, customer) if automatic["enabled"] else None
    lines = [_line(line, tax) for line in invoice["lines"]["data"]]
    net = sum(line["amount"] for line in lines)
    invoice.update(
        lines={**invoice["lines"], "data": lines},
        automatic_tax=status(automatic, tax),
        customer_address=customer["address"],
        customer_name=customer["name"],
        customer_email=customer["email"],
        customer_tax_exempt=customer["tax_exempt"],
        customer_tax_ids=of_customer(account, customer["id"]),
        total_taxes=_together(lines),
        **sums(net, sum(taxed(line) for line in lines)),
    )
    account.store.put(invoice)
    return tax is not None or not automatic["enabled"]


def status(automatic: Object, tax: Tax | None) -> Object:
    if not automatic["enabled"]:
        return automatic
    return {**automatic, "status": "complete" if tax else "requires_location_inputs"}


def _line(line: Object, tax: Tax | None) -> Object:
    return {**line, "taxes": [tax.shown(line["amount"])] if tax else []}


def taxed(line: Object) -> int:
    return sum(one["amount"] for one in line["taxes"])


def _together(lines: list[Object]) -> list[Object]:
    """The taxes of all lines, which share rate and reason."""
    found = [one for line in lines for one in line["taxes"]]
    if not found:
        return []
    return [{**found[0], **{name: sum(one[name] for one in found) for name in SUMMED}}]


SUMMED = ("amount", "taxable_amount")


def sums(net: int, tax: int) -> Object:
    total = net + tax
    return {
        "amount_due": max(total, 0),
        "amount_remaining": max(total, 0),
        "subtotal": net,
        "subtotal_excluding_tax": net,
        "total": total,
        "total_excluding_tax": net,
    }
