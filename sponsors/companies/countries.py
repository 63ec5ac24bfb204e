"""Countries a company may be in: ISO 3166 codes with the names that CLDR gives them."""

from babel import Locale

# Territories of CLDR that are no countries of ISO 3166, or that nobody is billed in.
_NOT_COUNTRIES = frozenset({"AC", "AQ", "BV", "CP", "CQ", "DG", "EA", "EU", "EZ", "HM", "IC", "QO",
    "TA", "UM", "UN", "XA", "XB", "ZZ"})  # fmt: skip

COUNTRIES = sorted(
    (
        (code, name)
        for code, name in Locale("en", "GB").territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES
    ),
    key=lambda country: country[1],
)
