"""Identifiers that look like Stripe's and come out the same for the same seed and calls."""

from __future__ import annotations

import hashlib

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LENGTHS = {"cus": 14, "prod": 14, "req": 14, "si": 14, "whsec": 32, "cs_test": 58}
LENGTH = 24


def token(seed: str, name: str, number: int, length: int) -> str:
    digest = hashlib.sha512(f"{seed}:{name}:{number}".encode()).digest()
    value = int.from_bytes(digest, "big")
    letters = []
    for _ in range(length):
        value, letter = divmod(value, len(ALPHABET))
        letters.append(ALPHABET[letter])
    return "".join(letters)


def identifier(seed: str, prefix: str, number: int) -> str:
    return f"{prefix}_{token(seed, prefix, number, LENGTHS.get(prefix, LENGTH))}"
