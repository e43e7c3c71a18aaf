"""Does something once nobody has asked for anything for a while.

Knows time and threads only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, Timer


class IdleTimer:
    """A wait that begins anew with each touch."""

    def __init__(self, seconds: float, action: Callable[[], None]) -> None:
        """Take how long to wait, and what to do then; 0 never does it."""
        self._seconds, self._action = seconds, action
        self._lock = Lock()
        self._timer: Timer | None = None

    def touch(self) -> None:
        """Begin to wait anew."""
        with self._lock:
            self._cancel()
            if self._seconds:
                self._timer = Timer(self._seconds, self._action)
                self._timer.daemon = True
                self._timer.start()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Within it nothing is waited for, however long it takes; afterwards the wait begins anew."""
        self.stop()
        try:
            yield
        finally:
            self.touch()

    def stop(self) -> None:
        """Wait no more; what has begun is not stopped."""
        with self._lock:
            self._cancel()

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
