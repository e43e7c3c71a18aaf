"""A lease is kept alive while the work runs, and a busy database is no reason to stop."""

from __future__ import annotations

from datetime import timedelta
from threading import Event, active_count, enumerate

import pytest

from tools.errors import StorageFailed
from tools.jobs.heartbeat import beating
from tools.jobs.lease import Lease


class Beats(Lease):
    """A lease that only counts: answers are given one after the other, the last one for ever."""

    def __init__(self, *answers: bool | StorageFailed, wanted: int) -> None:
        self.duration = timedelta(milliseconds=3)
        self._answers = list(answers)
        self._wanted = wanted
        self.count = 0
        self.enough = Event()

    def heartbeat(self) -> bool:
        self.count += 1
        if self.count >= self._wanted:
            self.enough.set()
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, StorageFailed):
            raise answer
        return answer


def beats_left() -> list[str]:
    return [thread.name for thread in enumerate() if thread.name == "heartbeat"]


def test_it_beats_until_the_work_is_done() -> None:
    lease = Beats(True, wanted=3)
    with beating(lease):
        assert lease.enough.wait(20)
    counted = lease.count
    assert beats_left() == []
    assert lease.count == counted


def test_a_busy_database_is_asked_again() -> None:
    lease = Beats(StorageFailed("busy"), StorageFailed("busy"), True, wanted=4)
    with beating(lease):
        assert lease.enough.wait(20)


def test_it_ends_by_itself_when_another_holds_the_job() -> None:
    lease = Beats(False, wanted=1)
    before = active_count()
    with beating(lease):
        assert lease.enough.wait(20)
        for thread in enumerate():
            if thread.name == "heartbeat":
                thread.join(20)
        assert beats_left() == []
    assert lease.count == 1
    assert active_count() <= before


def test_work_that_fails_ends_it_too() -> None:
    lease = Beats(True, wanted=1)

    def work() -> None:
        with beating(lease):
            raise RuntimeError("work")

    with pytest.raises(RuntimeError, match="work"):
        work()
    assert beats_left() == []
