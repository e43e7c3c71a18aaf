from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from tests.support.micro_studio import SCRIPT, environment
from tools.contracts.model import Contract
from tools.contracts.progress import Progress, ProgressSink, ignore_progress
from tools.jobs.handler import Handler
from tools.jobs.local_worker import LocalWorker
from tools.store.database import Database, open_database
from tools.store.job import JobState, get_job, list_executions
from ui.cli.work import run

LIMIT_S = 60


class Steps(Contract):
    """How many units a job has."""

    count: int


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return open_database(f"sqlite:///{tmp_path / 'samecast.db'}")


def worker(database: Database, each: Callable[[int], None]) -> LocalWorker:
    def count(steps: Steps, progress: ProgressSink) -> Steps:
        for done in range(steps.count):
            each(done)
            progress(Progress(stage="count", done=done + 1, total=steps.count))
        return steps

    return LocalWorker(database, {"count": Handler(payload=Steps, result=Steps, work=count)})


def test_a_job_is_put_down_at_its_next_unit_and_taken_up_by_the_next_worker(
    database: Database,
) -> None:
    stop, seen = Event(), list[int]()

    def stop_at_two(done: int) -> None:
        seen.append(done)
        if done == 2:
            stop.set()

    first = worker(database, stop_at_two)
    job_id = first.store.enqueue(kind="count", payload=Steps(count=10))
    run(first, stop, ignore_progress)
    assert seen == [0, 1, 2]
    with database.reading() as session:
        assert get_job(session=session, job_id=job_id).state is JobState.APPROVED
        assert [each.end for each in list_executions(session=session, job_id=job_id)] == [
            "interrupted"
        ]
    done = worker(database, lambda _: None).run_until_done([job_id])
    assert done[0].state is JobState.DONE


def test_a_worker_goes_on_after_a_job_that_failed(database: Database) -> None:
    stop = Event()

    def fail_once(done: int) -> None:
        if done == 1:
            raise RuntimeError("a bug")
        if done == 3:
            stop.set()

    one = worker(database, fail_once)
    ids = [one.store.enqueue(kind="count", payload=Steps(count=count)) for count in (2, 1)]
    watched: list[Progress] = []

    def watch(progress: Progress) -> None:
        watched.append(progress)
        if progress.total == 1:
            stop.set()

    run(one, stop, watch)
    with database.reading() as session:
        states = [get_job(session=session, job_id=job_id).state for job_id in ids]
    assert states == [JobState.FAILED, JobState.DONE]
    assert watched[-1].stage == "count"


@pytest.mark.parametrize("end", ["stdin", "SIGTERM"])
def test_the_command_ends_with_its_parent_and_when_it_is_told(tmp_path: Path, end: str) -> None:
    process = subprocess.Popen(
        [SCRIPT, "work", *(["--until-stdin-closes"] if end == "stdin" else [])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **environment(tmp_path)},
        text=True,
    )
    assert process.stdout is not None
    if end == "SIGTERM":
        assert process.stdout.readline() == "waiting for jobs; Ctrl-C ends\n"
        process.terminate()
    process.communicate(timeout=LIMIT_S)
    assert process.returncode == 0
