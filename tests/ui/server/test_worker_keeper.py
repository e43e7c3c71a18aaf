from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event

from ui.server.worker_keeper import WorkerKeeper, worker_command

LIMIT_S = 30.0
UNTIL_EOF = "import sys; sys.stdin.buffer.read()"
"""A worker that ends with its parent."""


class Pauses:
    """Stands where waiting does; after enough of them nothing is started any more."""

    def __init__(self, enough: int) -> None:
        self.asked: list[float] = []
        self.done = Event()
        self._enough = enough

    def __call__(self, stopping: Event, seconds: float) -> None:
        self.asked.append(seconds)
        if len(self.asked) >= self._enough:
            self.done.set()
            stopping.wait(LIMIT_S)


def test_a_worker_that_ends_is_started_again_after_longer_and_longer_pauses() -> None:
    pauses = Pauses(enough=8)
    keeper = WorkerKeeper([sys.executable, "-S", "-c", "raise SystemExit(1)"], pause=pauses)
    keeper.start()
    assert pauses.done.wait(LIMIT_S)
    keeper.stop()
    assert pauses.asked == [1, 3, 7, 15, 31, 60, 60, 60]


def test_a_worker_that_ran_for_long_is_started_again_at_once() -> None:
    pauses = Pauses(enough=3)
    ticks = iter(range(0, 100_000, 100))
    keeper = WorkerKeeper(
        [sys.executable, "-S", "-c", ""], pause=pauses, clock=lambda: float(next(ticks))
    )
    keeper.start()
    assert pauses.done.wait(LIMIT_S)
    keeper.stop()
    assert pauses.asked == [0, 0, 0]


def test_a_worker_is_told_to_end_with_the_page(tmp_path: Path) -> None:
    ready, told = tmp_path / "ready", tmp_path / "told"
    os.mkfifo(ready)
    program = (
        "import signal, sys, pathlib\n"
        f"def end(*_): pathlib.Path({str(told)!r}).write_text('yes'); sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, end)\n"
        f"open({str(ready)!r}, 'w').close()\n"
        "signal.pause()\n"
    )
    keeper = WorkerKeeper([sys.executable, "-S", "-c", program])
    keeper.start()
    ready.open().close()
    keeper.stop()
    assert told.read_text() == "yes"


def test_a_worker_ends_when_the_page_is_killed(tmp_path: Path) -> None:
    """The end of the fifo is seen when the last process that holds it open is gone."""
    alive = tmp_path / "alive"
    os.mkfifo(alive)
    worker = f"held = open({str(alive)!r}, 'w'); held.write('up'); held.flush(); {UNTIL_EOF}"
    page = (
        "import sys, threading\n"
        "from ui.server.worker_keeper import WorkerKeeper\n"
        f"WorkerKeeper([sys.executable, '-S', '-c', {worker!r}]).start()\n"
        "threading.Event().wait()\n"
    )
    root = Path(__file__).parents[3]
    process = subprocess.Popen([sys.executable, "-c", page], cwd=root)
    with alive.open() as end:
        assert end.read(2) == "up"
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert end.read() == ""


def test_the_worker_is_run_by_this_python_wherever_the_command_was_typed() -> None:
    command = worker_command()
    assert command[:2] == [sys.executable, "-P"]
    assert command[-2:] == ["work", "--until-stdin-closes"]
