from __future__ import annotations

from threading import Event

from tools.errors import StorageFailed
from ui.server.reporter import Reporter


def test_reports_go_on_after_one_that_failed() -> None:
    enough, calls = Event(), list[int]()

    def report() -> None:
        calls.append(len(calls))
        if len(calls) == 1:
            raise StorageFailed("the database is busy")
        if len(calls) == 2:
            raise RuntimeError("a bug")
        enough.set()

    reporter = Reporter(report, every_s=0)
    reporter.start()
    assert enough.wait(20)
    reporter.stop()
    assert len(calls) >= 3
