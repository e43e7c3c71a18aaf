"""One turn at a time in a conversation, across threads and processes.

LangGraph has no lock of its own: three resumes at once run a tool three times. The lock is a file's,
so it ends with the process that holds it. Knows files only.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.errors import StorageFailed


@contextmanager
def conversation_lock(home: Path, conversation_id: str, *, wait: bool = True) -> Iterator[bool]:
    """Hold a conversation until the block is left; yield whether it is held.

    Args:
        home: The studio's folder; locks are in `locks/`.
        conversation_id: An id that the store gave out.
        wait: False yields False at once when somebody else holds it.

    Raises:
        StorageFailed: the lock's file cannot be made.
    """
    path = home / "locks" / f"{conversation_id}.lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("ab")
    except OSError as error:
        raise StorageFailed(
            f"cannot open the lock {path}: {error.strerror}; make that folder writable"
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True
