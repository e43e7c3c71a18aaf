"""Passwords: hashed with Argon2id, and checked in the same time whether or not the account exists.

Knows Argon2; must not know users or tables.
"""

from __future__ import annotations

from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tools.errors import BadInput

SHORTEST = 10
LONGEST = 128
"""A bound, because the work of hashing grows with the length."""


class Passwords:
    """Hashes passwords and checks them."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """Use a hasher; None is Argon2id with the library's parameters (RFC 9106, low memory)."""
        self._hasher = hasher or PasswordHasher()

    def hash(self, password: str) -> str:
        """Return what is stored in place of a new password.

        Raises:
            BadInput: shorter than 10 or longer than 128 characters.
        """
        if not SHORTEST <= len(password) <= LONGEST:
            raise BadInput(
                f"a password needs {SHORTEST} to {LONGEST} characters; this one has {len(password)}"
            )
        return self._hasher.hash(password)

    def fits(self, stored: str | None, password: str) -> bool:
        """Say whether a password is the stored one; None, for an unknown name, takes as long."""
        if len(password) > LONGEST:
            return False
        try:
            self._hasher.verify(stored or self._nobodys, password)
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash("nobody has this password")
