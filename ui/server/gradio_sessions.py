"""Whose a Gradio session is.

Gradio lets the browser choose the name of its session and gives everything sent to it to
whoever says that name (agent-ui.md section 2.3). Here the first person who uses a name keeps it.
Knows names; must not know HTTP.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

KEPT = 20_000


class GradioSessions:
    """Binds the names of sessions to the people who use them, for the life of the process."""

    def __init__(self, kept: int = KEPT) -> None:
        """Keep as many; the ones not used for longest are forgotten first."""
        self._owners: OrderedDict[str, str] = OrderedDict()
        self._kept = kept
        self._lock = Lock()

    def belongs_to(self, session_hash: str, name: str) -> bool:
        """Say whether this person may use a session; a new one becomes theirs."""
        with self._lock:
            owner = self._owners.setdefault(session_hash, name)
            self._owners.move_to_end(session_hash)
            if len(self._owners) > self._kept:
                self._owners.popitem(last=False)
            return owner == name
