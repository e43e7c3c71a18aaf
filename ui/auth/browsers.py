"""Browsers in which an account has signed in before, by a sealed cookie of their own.

Whoever knows a name can shut its door with wrong tries, again and again. A browser that its owner has
used has a door of its own, so that a stranger shuts the strangers' one only. Such a cookie opens
nothing: it says whose tries are counted together. Knows seals; must not know passwords or HTTP.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from secrets import token_hex

from tools.store.user import User

_NUMBER_BYTES = 16


class KnownBrowsers:
    """Seals the numbers of browsers, and reads them again."""

    def __init__(self, secret: bytes) -> None:
        """Seal with a studio's secret."""
        self._secret = secret

    def mark(self, user: User) -> str:
        """Return what a browser keeps from now on; void with the account's next password."""
        number = token_hex(_NUMBER_BYTES)
        return f"{number}.{self._seal(number, user)}"

    def number(self, mark: str | None, user: User | None) -> str | None:
        """Return the number of a browser in which this account has signed in, else None."""
        number, _, seal = (mark or "").partition(".")
        if user is None or not hmac.compare_digest(
            seal.encode(), self._seal(number, user).encode()
        ):
            return None
        return number

    def _seal(self, number: str, user: User) -> str:
        sealed = f"browser|{user.id}|{user.password_version}|{number}".encode()
        return hmac.new(self._secret, sealed, sha256).hexdigest()
