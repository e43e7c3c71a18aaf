from __future__ import annotations

import json
import random
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file
from sqlalchemy import text

from tests.conftest import FinishedDemo
from tests.support.micro_studio import start_cli
from tools.store.database import open_database
from tools.store.files import FileStore
from tools.store.job import ExecutionEnd

STAGES = ["photos", "gate", "train", "shoot", "compare"]
KILLED_IN = ["photos", "train", "shoot"]
"""The first kills come in these stages, each at a random moment of it."""
POLL_S = 0.02
LIMIT_S = 300.0


def kill_when(
    process: subprocess.Popen[bytes], is_time: Callable[[], bool], jitter_s: float
) -> bool:
    """Kill a process a moment after a condition holds; say whether it was still running then."""
    for _ in range(round(LIMIT_S / POLL_S)):
        if is_time():
            break
        try:
            process.wait(POLL_S)
        except subprocess.TimeoutExpired:
            continue
        return False
    try:
        process.wait(jitter_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True
    return False


def run_to_the_end(demo: FinishedDemo, out: Path, log: Path) -> None:
    process = start_cli(*demo.inputs.demo(out), home=demo.home, log=log)
    assert process.wait(LIMIT_S) == 0, log.read_text()


def begun(out: Path, kind: str) -> int:
    """How often a stage was begun, as far as the database can say while others write to it."""
    query = "SELECT count(*) FROM execution JOIN job ON job.id = execution.job_id WHERE kind = ?"
    file = out / "studio" / "samecast.db"
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            return int(connection.execute(query, (kind,)).fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def begins_again(out: Path, kind: str) -> Callable[[], bool]:
    """A condition that holds once a stage is begun after now."""
    before = begun(out, kind)
    return lambda: begun(out, kind) > before


def executions(out: Path) -> dict[str, list[str]]:
    """How each execution of each stage ended, in order."""
    query = (
        'SELECT job.kind, execution."end" FROM execution JOIN job ON job.id = execution.job_id '
        "ORDER BY execution.started_at"
    )
    found: dict[str, list[str]] = {}
    database = open_database(f"sqlite:///{out / 'studio' / 'samecast.db'}")
    with database.reading() as session:
        for kind, end in session.connection().execute(text(query)):
            found.setdefault(kind, []).append(end)
    database.close()
    return found


def timeless(out: Path) -> dict[str, Any]:
    """A report without what the clock and the machine add.

    An adapter's digest is left out too: safetensors writes its notes in any order.
    """
    report: dict[str, Any] = json.loads((out / "report.json").read_text())
    for stage in report["stages"]:
        stage.pop("seconds")
    report["lora"].pop("seconds")
    report["lora"].pop("sha256")
    report["summary"].pop("peak_memory_mb")
    return report


@pytest.mark.timeout(600)
@pytest.mark.slow
def test_a_demo_killed_at_random_moments_goes_on_and_redoes_no_finished_stage(
    finished_demo: FinishedDemo, tmp_path: Path
) -> None:
    out, chance = tmp_path / "out", random.Random(12)
    report = json.loads((finished_demo.out / "report.json").read_text())
    seconds = {stage["name"]: stage["seconds"] for stage in report["stages"]}

    def killed(name: str, is_time: Callable[[], bool], jitter_s: float) -> bool:
        log = tmp_path / f"{name}.log"
        process = start_cli(*finished_demo.inputs.demo(out), home=finished_demo.home, log=log)
        return kill_when(process, is_time, jitter_s)

    kills = [
        killed(f"{stage}_{number}", begins_again(out, stage), chance.uniform(0, seconds[stage] / 2))
        for number, stage in enumerate(KILLED_IN)
    ]
    writing = (out / "references" / "01.png").exists
    kills.append(killed("writing", writing, chance.uniform(0, 0.05)))
    before = executions(out)
    run_to_the_end(finished_demo, out, tmp_path / "last.log")

    assert all(kills)
    ended = executions(out)
    assert ended == before, "the last kill came when every stage was done"
    assert sorted(ended) == sorted(STAGES)
    for ends in ended.values():
        assert ends[-1] == ExecutionEnd.DONE
        assert set(ends[:-1]) <= {ExecutionEnd.INTERRUPTED}
    assert sum(len(ends) - 1 for ends in ended.values()) == len(KILLED_IN)

    assert timeless(out) == timeless(finished_demo.out)
    assert list(out.rglob("*.part")) == []
    store = FileStore(out / "studio")
    for digest in store.digests():
        store.verify(digest)
    require_equal_files(out, finished_demo.out)


def require_equal_files(out: Path, other: Path) -> None:
    for path in other.rglob("*"):
        if path.suffix == ".png" and "studio" not in path.parts:
            assert (out / path.relative_to(other)).read_bytes() == path.read_bytes(), path
        if path.suffix == ".safetensors" and path.parent.name == "lora":
            ours, theirs = load_file(out / path.relative_to(other)), load_file(path)
            assert ours.keys() == theirs.keys()
            assert all(ours[name].equal(theirs[name]) for name in ours), path
