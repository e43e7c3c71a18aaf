"""What is tried when QC rejects a take: a new seed first, then something stronger each time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Remedy:
    """Changes to the request of a shot's next try; every try has a new seed besides."""

    name: str
    adapter_factor: float = 1.0
    guidance_added: float = 0.0
    start_factor: float = 1.0
    """Of the strength of a sketch, which is the nearer to its start picture the less is redrawn."""


REMEDIES = (
    Remedy("as written"),
    Remedy("new seed"),
    Remedy("new seed, person held harder", adapter_factor=1.2, start_factor=0.85),
    Remedy("new seed, prompt held more tightly", guidance_added=1.0),
)


def remedy_for(tries: int) -> Remedy:
    """Return the remedy of a try, from 1; past the list its last one stays."""
    return REMEDIES[min(tries, len(REMEDIES)) - 1]


def take_seed(base_seed: int, slate: str, tries: int) -> int:
    """Return the seed of a try: fixed by what it is for, unrelated between shots and tries."""
    words = f"{base_seed}|{slate}|{tries}".encode()
    return int.from_bytes(hashlib.sha256(words).digest()[:4], "big")
