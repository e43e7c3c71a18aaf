"""A chain of three stages with files and checkpoints, to be killed: `python toy_chain.py HOME`."""

from __future__ import annotations

import json
import os
import sys
from hashlib import sha256
from pathlib import Path

from tools.contracts.model import Contract
from tools.contracts.progress import Progress
from tools.imaging.pictures import write_json
from tools.jobs.handler import Handler
from tools.jobs.local_worker import LocalWorker
from tools.jobs.progress import JobProgress
from tools.store.database import open_database
from tools.store.files import FileStore

STAGES = ("references", "lora", "takes")
UNITS = 6


class StageInput(Contract):
    stage: str
    before: tuple[str, ...] = ()
    """Digests of the stage before."""


class StageResult(Contract):
    digests: tuple[str, ...]


def unit_bytes(payload: StageInput, unit: int) -> bytes:
    seed = sha256(f"{payload.stage} {payload.before} {unit}".encode()).digest()
    return seed * 40_000


class Toy:
    def __init__(self, home: Path) -> None:
        self._home = home
        self._files = FileStore(home)

    def work(self, payload: StageInput, progress: JobProgress) -> StageResult:
        checkpoint = self._home / "checkpoints" / f"{progress.job_id}.json"
        digests = json.loads(checkpoint.read_text()) if checkpoint.is_file() else []
        for unit in range(len(digests), UNITS):
            self._note(f"{payload.stage} {unit}")
            digests.append(self._files.put_bytes(unit_bytes(payload, unit), ".bin").digest)
            write_json(checkpoint, digests)
            progress(Progress(stage=payload.stage, done=unit + 1, total=UNITS))
        return StageResult(digests=tuple(digests))

    def _note(self, line: str) -> None:
        with (self._home / "units.log").open("a") as log:
            log.write(f"{line}\n")
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def main(home: Path) -> None:
    database = open_database(f"sqlite:///{home / 'studio.db'}")
    handler = Handler(payload=StageInput, result=StageResult, work=Toy(home).work)
    worker = LocalWorker(database, dict.fromkeys(STAGES, handler))
    before: tuple[str, ...] = ()
    for stage in STAGES:
        payload = StageInput(stage=stage, before=before)
        before = worker.call(stage, payload, StageResult).digests
    sys.stdout.write(f"done {os.getpid()} {' '.join(before)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
