from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path

from sqlalchemy import text
from sqlmodel import select

from tools.store.database import open_database
from tools.store.files import FileStore
from tools.store.job import ExecutionEnd, Job, JobState

TOY = Path(__file__).with_name("toy_chain.py")
ROOT = Path(__file__).parents[3]
STAGES, UNITS, KILLS = 3, 6, 6


def start(home: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(TOY), str(home)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
    )


def run_until_killed(home: Path, lines: int, jitter_s: float) -> None:
    """Kill the chain a moment after it has printed some lines (it prints one a unit of work)."""
    process = start(home)
    assert process.stdout is not None
    for _ in range(lines):
        process.stdout.readline()
    try:
        process.wait(timeout=jitter_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()


def run_to_the_end(home: Path) -> list[str]:
    process = start(home)
    output, _ = process.communicate()
    assert process.returncode == 0
    return output.splitlines()[-1].split()[2:]


def executions(home: Path) -> dict[str, list[str | None]]:
    """How each execution of each stage ended, in order."""
    query = (
        'SELECT job.kind, execution."end" FROM execution JOIN job ON job.id = execution.job_id '
        "ORDER BY execution.started_at"
    )
    found: dict[str, list[str | None]] = {}
    with open_database(f"sqlite:///{home / 'studio.db'}").reading() as session:
        for kind, end in session.connection().execute(text(query)):
            found.setdefault(kind, []).append(end)
    return found


def test_a_chain_killed_at_random_moments_goes_on_without_redoing(tmp_path: Path) -> None:
    home, untouched = tmp_path / "killed", tmp_path / "untouched"
    home.mkdir()
    untouched.mkdir()
    chance = random.Random(8)
    for _ in range(KILLS):
        run_until_killed(home, chance.randint(0, 4), chance.uniform(0, 0.03))
    result = run_to_the_end(home)

    assert result == run_to_the_end(untouched)
    ended = executions(home)
    assert sorted(ended) == ["lora", "references", "takes"]
    for ends in ended.values():
        assert ends[-1] == ExecutionEnd.DONE
        assert set(ends[:-1]) <= {ExecutionEnd.INTERRUPTED}
    interrupted = sum(len(ends) - 1 for ends in ended.values())
    assert 1 <= interrupted <= KILLS

    begun = Counter((home / "units.log").read_text().splitlines())
    assert len(begun) == STAGES * UNITS
    assert sum(begun.values()) - len(begun) <= interrupted

    store = FileStore(home)
    for digest in store.digests():
        assert sha256(store.path(digest).read_bytes()).hexdigest() == digest
    assert set(store.digests()) == set(FileStore(untouched).digests())
    assert list((home / "objects").rglob("*.part")) == []


def test_a_finished_chain_asked_for_again_runs_nothing(tmp_path: Path) -> None:
    first = run_to_the_end(tmp_path)
    assert run_to_the_end(tmp_path) == first
    assert {kind: len(ends) for kind, ends in executions(tmp_path).items()} == {
        "references": 1,
        "lora": 1,
        "takes": 1,
    }


def test_a_kill_in_the_middle_of_a_stage_shows_as_a_second_execution(tmp_path: Path) -> None:
    run_until_killed(tmp_path, 3, 0.0)
    database = open_database(f"sqlite:///{tmp_path / 'studio.db'}")
    with database.reading() as session:
        states = list(session.exec(select(Job.state)))
    assert states == [JobState.CLAIMED]
    run_to_the_end(tmp_path)
    assert executions(tmp_path)["references"] == [ExecutionEnd.INTERRUPTED, ExecutionEnd.DONE]
