"""Contact data that is plainly nobody's, to show that it is dropped on the way in."""

import hashlib


def fictitious_phone(number: int) -> str:
    """Return a mobile number of a series that nobody holds."""
    return f"138000{number % 100000:05d}"


def fictitious_address(number: int) -> str:
    """Return a network address of the ranges that are kept for examples (RFC 5737)."""
    block = ("192.0.2", "198.51.100", "203.0.113")[number // 254 % 3]
    return f"{block}.{number % 254 + 1}"


def instance(seed: int, *about: str) -> str:
    """Return an id formed like a random UUID, always the same for the same purpose."""
    digest = hashlib.sha256("|".join([str(seed), *about]).encode()).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-a{digest[17:20]}-{digest[20:32]}"
