"""Tells conversations what came of their jobs, while the page is up.

Knows a thread; must not know what a report says.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Thread

from tools.errors import SamecastError

EVERY_S = 1.0

logger = logging.getLogger(__name__)


class Reporter:
    """Calls a function once a second from a thread of its own."""

    def __init__(self, report: Callable[[], object], *, every_s: float = EVERY_S) -> None:
        """Call `report`; what it returns is not used."""
        self._report = report
        self._every_s = every_s
        self._stopping = Event()
        self._thread = Thread(target=self._run, daemon=True, name="reporter")

    def start(self) -> None:
        """Begin, and return at once."""
        self._thread.start()

    def stop(self) -> None:
        """Wait for the report that is being written, and make no more."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._report()
            except SamecastError as error:
                logger.warning("a report could not be written yet: %s", error)
            except Exception:
                # The next round tries again, and other conversations wait for theirs.
                logger.exception("a report ended with a bug")
            self._stopping.wait(self._every_s)
