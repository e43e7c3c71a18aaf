"""Events of a turn that goes on whether or not anybody reads them.

Knows threads and a queue; must not know what an event means.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from queue import SimpleQueue

from agent.events import Event
from tools.errors import SamecastError

logger = logging.getLogger(__name__)

Emit = Callable[[Event], None]


@dataclass(frozen=True)
class _End:
    """The work is over."""

    error: BaseException | None = None


def in_background(work: Callable[[Emit], None], name: str) -> Iterator[Event]:
    """Start work in a thread at once and return its events; what it raises is raised to the reader.

    The iterator may be dropped at any point; the work then ends unread.
    """
    queue: SimpleQueue[Event | _End] = SimpleQueue()

    def run() -> None:
        try:
            work(queue.put)
        except SamecastError as error:
            queue.put(_End(error))
        except BaseException as error:
            # The reader may be gone: without this line the fault would be seen by nobody.
            logger.exception("%s ended with a fault", name)
            queue.put(_End(error))
        else:
            queue.put(_End())

    threading.Thread(target=run, daemon=True, name=name).start()
    return _read(queue)


def _read(queue: SimpleQueue[Event | _End]) -> Iterator[Event]:
    while not isinstance(event := queue.get(), _End):
        yield event
    if event.error is not None:
        raise event.error
