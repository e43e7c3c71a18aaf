"""What a tab has on its screen, so that only what changed is sent again.

Holds marks, never authority: who may see what is asked anew each time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

from ui.server.turns import LiveTurn


@dataclass(frozen=True)
class LastSent:
    """Marks of what was sent last."""

    chat: str = ""
    turn: LiveTurn | None = None
    desk: str = ""
    tab: str = ""
    """Name of the tab, with its stamp."""
    html: str = ""
    """Digest of the tab's HTML."""

    def __deepcopy__(self, memo: object) -> LastSent:
        """Copy nothing: a session's first state is copied, and nothing in here changes."""
        return self


class Followers:
    """The browser tabs that follow a turn word by word, which the clock need not serve."""

    def __init__(self) -> None:
        """Begin without any."""
        self._following: set[str] = set()
        self._lock = Lock()

    @contextmanager
    def following(self, session_hash: str | None) -> Iterator[None]:
        """Count a tab in while it follows."""
        key = session_hash or ""
        with self._lock:
            self._following.add(key)
        try:
            yield
        finally:
            with self._lock:
                self._following.discard(key)

    def follows(self, session_hash: str | None) -> bool:
        """Say whether a tab follows now."""
        with self._lock:
            return (session_hash or "") in self._following
