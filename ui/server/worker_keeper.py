"""Keep one worker process running beside the page.

Knows processes; must not know jobs. The worker's standard input is a pipe from here: when this
process ends, however it ends, the pipe closes and the worker stops by itself.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from threading import Event, Lock, Thread

STEADY_S = 60.0
"""A worker that ran so long and then ended is started again at once."""
LONGEST_PAUSE_S = 60.0
GRACE_S = 20.0
"""How long a worker may take to put its work down."""

logger = logging.getLogger(__name__)


def worker_command() -> list[str]:
    """Return the command of a worker that ends with its parent, run by this very Python."""
    program = "from ui.cli.app import main; main()"
    # -P: a folder named `ui` or `tools` where the command was typed is none of ours.
    return [sys.executable, "-P", "-c", program, "work", "--until-stdin-closes"]


class WorkerKeeper:
    """Starts a command, starts it again when it ends, and ends it."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[Event, float], object] = Event.wait,
    ) -> None:
        """Keep a command running.

        Args:
            command: program and arguments.
            clock: seconds that only grow.
            pause: waits for an event at most so many seconds.
        """
        self._command = list(command)
        self._clock = clock
        self._pause = pause
        self._stopping = Event()
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = Thread(target=self._keep, daemon=True, name="worker keeper")

    def start(self) -> None:
        """Begin, and return at once."""
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """Process number of the worker; None while there is none."""
        with self._lock:
            return None if self._process is None else self._process.pid

    def stop(self) -> None:
        """Let the worker put its work down, end it, and return when it has ended."""
        self._stopping.set()
        with self._lock:
            process = self._process
        if process is not None:
            _end(process)
        self._thread.join()

    def _keep(self) -> None:
        quick_ends = 0
        while (process := self._begin()) is not None:
            began = self._clock()
            code = process.wait()
            if self._stopping.is_set():
                return
            quick_ends = 0 if self._clock() - began >= STEADY_S else quick_ends + 1
            seconds = min(LONGEST_PAUSE_S, 2.0**quick_ends - 1)
            logger.warning("the worker ended (exit code %s); a new one in %.0f s", code, seconds)
            self._pause(self._stopping, seconds)

    def _begin(self) -> subprocess.Popen[bytes] | None:
        """Start the command, unless the end has come; never both at once."""
        with self._lock:
            if self._stopping.is_set():
                return None
            # A session of its own: Ctrl-C in the terminal is for the page, which then ends it.
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, start_new_session=True
            )
            return self._process


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        # Its job is taken back by the next worker, from its last checkpoint.
        process.kill()
        process.wait()
