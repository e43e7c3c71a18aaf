from __future__ import annotations

from pathlib import Path

import pytest

from tools.contracts.progress import Progress, ProgressSink, ignore_progress
from tools.contracts.sets import GateRequest
from tools.contracts.verdicts import GateReport, Outcome
from tools.errors import Refused
from tools.jobs.handler import Handler
from tools.jobs.local_worker import LocalWorker
from tools.store.database import Database, open_database
from tools.workflows.kinds import Kind
from tools.workflows.stages import StageRunner

REQUEST = GateRequest(reference_set_id="a")
REPORT = GateReport(verdict=Outcome.PASS, csfd_mean=0.1, csfd_worst=0.2, threshold=0.3, images=())


class Gate:
    """Answers, counts its calls, and refuses as often as it is told to."""

    def __init__(self, refusals: int = 0) -> None:
        self.calls = 0
        self._refusals = refusals

    def work(self, _: GateRequest, progress: ProgressSink) -> GateReport:
        self.calls += 1
        progress(Progress(stage="gate", done=1, total=1))
        if self.calls <= self._refusals:
            raise Refused("not yet")
        return REPORT


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return open_database(f"sqlite:///{tmp_path / 'samecast.db'}")


def runner(database: Database, gate: Gate, watch: ProgressSink = ignore_progress) -> StageRunner:
    handler = Handler(payload=GateRequest, result=GateReport, work=gate.work)
    return StageRunner(LocalWorker(database, {Kind.GATE: handler}), watch)


def test_a_stage_is_done_once_and_its_result_kept(database: Database) -> None:
    gate = Gate()
    stages = runner(database, gate)
    assert not stages.is_done(Kind.GATE, REQUEST)
    assert stages.call(Kind.GATE, REQUEST, GateReport) == REPORT
    assert stages.is_done(Kind.GATE, REQUEST)
    assert runner(database, gate).call(Kind.GATE, REQUEST, GateReport) == REPORT
    assert gate.calls == 1


def test_another_request_is_another_stage(database: Database) -> None:
    gate = Gate()
    stages = runner(database, gate)
    stages.call(Kind.GATE, REQUEST, GateReport)
    stages.call(Kind.GATE, GateRequest(reference_set_id="b"), GateReport, label="gate of b")
    assert gate.calls == 2
    assert [time.name for time in stages.times(database)] == ["gate", "gate of b"]


def test_the_time_of_a_stage_is_that_of_its_finished_execution(database: Database) -> None:
    gate = Gate(refusals=1)
    stages = runner(database, gate)
    with pytest.raises(Refused, match="not yet"):
        stages.call(Kind.GATE, REQUEST, GateReport)
    assert [time.seconds for time in stages.times(database)] == [0.0], "nothing is finished yet"
    again = runner(database, gate)
    again.call(Kind.GATE, REQUEST, GateReport)
    (time,) = again.times(database)
    assert time.name == "gate"
    assert 0 <= time.seconds < 60


def test_progress_of_the_stage_is_passed_on(database: Database) -> None:
    seen: list[Progress] = []
    runner(database, Gate(), seen.append).call(Kind.GATE, REQUEST, GateReport)
    assert Progress(stage="gate", done=1, total=1) in seen
