"""Keep a lease alive while the work runs.

Knows threads; must not know the job.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tools.errors import StorageFailed
from tools.jobs.lease import Lease

BEATS_PER_LEASE = 3


@contextmanager
def beating(lease: Lease) -> Iterator[None]:
    """Prolong a lease from a thread of its own until the block is left."""
    stop = threading.Event()
    thread = threading.Thread(target=_beat, args=(lease, stop), daemon=True, name="heartbeat")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _beat(lease: Lease, stop: threading.Event) -> None:
    while not stop.wait(lease.duration.total_seconds() / BEATS_PER_LEASE):
        try:
            if not lease.heartbeat():
                return
        except StorageFailed:
            # A busy database is tried again at the next beat; the lease outlasts two misses.
            continue
