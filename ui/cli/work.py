"""`samecast work`: run jobs that the page or a chat has asked for."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.output import progress_bars, say
from ui.cli.studio import open_studio

if TYPE_CHECKING:
    from tools.contracts.progress import Progress, ProgressSink
    from tools.jobs.local_worker import LocalWorker


class PutDown(BaseException):
    """Raised out of a job at its next unit of work: it is given back and goes on from there later."""


def work(
    until_stdin_closes: Annotated[
        bool, typer.Option("--until-stdin-closes", hidden=True, help="End with the parent.")
    ] = False,
) -> None:
    """Run approved jobs, one at a time, until it is stopped (Ctrl-C); unfinished ones go on later."""
    from threading import Event

    from tools.contracts.progress import ignore_progress

    stop = Event()
    stop_on_signals(stop)
    if until_stdin_closes:
        _stop_with_parent(stop)
    studio = open_studio()
    if until_stdin_closes:
        run(studio.worker, stop, ignore_progress)
        return
    say("waiting for jobs; Ctrl-C ends")
    with progress_bars() as watch:
        run(studio.worker, stop, watch)


def run(worker: LocalWorker, stop: Event, watch: ProgressSink) -> None:
    """Work until `stop` is set; the job in hand is put down at its next unit of work."""

    def watched(progress: Progress) -> None:
        if stop.is_set():
            raise PutDown
        watch(progress)

    try:
        worker.run_forever(stop, watch=watched)
    except PutDown:
        return


def stop_on_signals(stop: Event) -> None:
    """Set `stop` on SIGTERM and SIGINT; a second signal ends the process where it stands."""
    import signal
    from types import FrameType

    def asked(number: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, asked)


def _stop_with_parent(stop: Event) -> None:
    import os
    from threading import Thread

    def wait() -> None:
        # Not through sys.stdin: a thread that holds its lock aborts the interpreter's end.
        while os.read(0, 1024):
            pass
        stop.set()

    Thread(target=wait, daemon=True, name="parent").start()
