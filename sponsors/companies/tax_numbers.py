"""Tax numbers of companies: which kind a country has, and whether what was typed can be one. Nothing is
asked of anybody: python-stdnum knows how each is made."""

from dataclasses import dataclass
from importlib import import_module

from stdnum.exceptions import ValidationError

UNION = [
    "AT",
    "BE",
    "BG",
    "CY",
    "CZ",
    "DE",
    "DK",
    "EE",
    "ES",
    "FI",
    "FR",
    "GR",
    "HR",
    "HU",
    "IE",
    "IT",
    "LT",
    "LU",
    "LV",
    "MT",
    "NL",
    "PL",
    "PT",
    "RO",
    "SE",
    "SI",
    "SK",
]
# Stripe's word for the kind, python-stdnum's module, what people call it, and an example.
OTHERS: dict[str, tuple[str, str, str, str]] = {
    "AU": ("au_abn", "stdnum.au.abn", "ABN", "83 914 571 673"),
    "CA": ("ca_bn", "stdnum.ca.bn", "business number", "12302 6635"),
    "CH": ("ch_vat", "stdnum.ch.vat", "VAT number", "CHE-107.787.577 MWST"),
    "GB": ("gb_vat", "stdnum.gb.vat", "VAT number", "GB 980 7806 84"),
    "IN": ("in_gst", "stdnum.in_.gstin", "GSTIN", "27AAPFU0939F1ZV"),
    "JP": ("jp_cn", "stdnum.jp.cn", "corporate number", "5-8356-7825-6246"),
    "NO": ("no_vat", "stdnum.no.mva", "VAT number", "995 525 828 MVA"),
    "NZ": ("nz_gst", "stdnum.nz.ird", "GST number", "49-091-850"),
    "US": ("us_ein", "stdnum.us.ein", "EIN", "91-1144442"),
}
PREFIXED = {"gb_vat": "GB"}


class NoNumber(Exception):
    """What was typed cannot be a tax number of that country; the message says what one is like."""


@dataclass(frozen=True, slots=True)
class TaxNumber:
    kind: str  # Stripe's word
    value: str


def is_known(country: str) -> bool:
    """Whether numbers of that country can be looked at here."""
    return country in UNION or country in OTHERS


def read(typed: str, country: str) -> TaxNumber:
    """The number as it is written on paper. Raises `NoNumber`."""
    if country in UNION:
        return TaxNumber("eu_vat", _in_union(typed, country))
    if country not in OTHERS:
        raise NoNumber("We know no tax numbers of this country. Leave it empty.")
    kind, module, name, example = OTHERS[country]
    stdnum = import_module(module)
    try:
        value = str(stdnum.validate(typed))
    except ValidationError as error:
        raise NoNumber(f"This is no {name}. One looks like {example}.") from error
    prefix = PREFIXED.get(kind, "")
    return TaxNumber(kind, value if value.startswith(prefix) else prefix + value)


def _in_union(typed: str, country: str) -> str:
    prefix = "EL" if country == "GR" else country
    number = import_module("stdnum.eu.vat")
    compact = "".join(typed.split()).upper()
    with_prefix = compact if compact[:2] in {prefix, country} else prefix + compact
    if country == "GR":
        with_prefix = prefix + with_prefix[2:]
    try:
        value = str(number.validate(with_prefix))
    except ValidationError as error:
        raise NoNumber(
            f"This is no VAT number of that country. One begins with {prefix}."
        ) from error
    return value if value.startswith(prefix) else prefix + value
