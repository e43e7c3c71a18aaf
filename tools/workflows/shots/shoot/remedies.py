"""Which remedy of a base, and which seed, a try of a shot has."""

from __future__ import annotations

import hashlib

from tools.contracts.bases import BaseRow, Remedy


def remedy_for(row: BaseRow, tries: int) -> Remedy:
    """Return the remedy of a try, from 1; past the base's list its last one stays."""
    return row.remedies[min(tries, len(row.remedies)) - 1]


def take_seed(base_seed: int, slate: str, tries: int) -> int:
    """Return the seed of a try: fixed by what it is for, unrelated between shots and tries."""
    words = f"{base_seed}|{slate}|{tries}".encode()
    return int.from_bytes(hashlib.sha256(words).digest()[:4], "big")
