"""Whose a Gradio session is.

Gradio lets the browser choose the name of its session and gives everything sent to it to
whoever says that name. Here the first person who uses a name keeps it.
Knows names; must not know HTTP.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

KEPT = 2000
"""Names of one person."""
LONGEST = 64
"""Letters of a name; Gradio's own have about a dozen."""


class GradioSessions:
    """Binds the names of sessions to the people who use them, for the life of the process."""

    def __init__(self, kept: int = KEPT) -> None:
        """Keep as many of each person; of one's own, those not used for longest are forgotten first."""
        self._owners: dict[str, str] = {}
        self._used: dict[str, OrderedDict[str, None]] = {}
        self._kept = kept
        self._lock = Lock()

    def belongs_to(self, session_hash: str, name: str) -> bool:
        """Say whether this person may use a session; a new one becomes theirs."""
        if len(session_hash) > LONGEST:
            return False
        with self._lock:
            if self._owners.setdefault(session_hash, name) != name:
                return False
            own = self._used.setdefault(name, OrderedDict())
            own[session_hash] = None
            own.move_to_end(session_hash)
            if len(own) > self._kept:
                oldest, _ = own.popitem(last=False)
                del self._owners[oldest]
            return True
