from __future__ import annotations

import os
import re
import signal
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.support.micro_studio import SCRIPT, environment, run_cli
from tools.store.process import PROC

LIMIT_S = 60


@pytest.mark.parametrize(
    "words", [("--share",), ("--host", "0.0.0.0"), ("--domain", "https://studio.example")]
)
def test_others_are_not_let_near_a_studio_without_accounts(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    run = run_cli("ui", "--port", "0", *words, home=tmp_path)
    assert run.code == 3
    assert "make one with `samecast user add NAME --role director`" in run.error
    assert "http" not in run.out


def test_a_bad_domain_is_told(tmp_path: Path) -> None:
    run = run_cli("ui", "--domain", "studio.example", home=tmp_path)
    assert run.code == 2
    assert "expected https://studio.example" in run.error


def children(pid: int) -> list[int]:
    """Processes that any thread of a process began."""
    found = (path.read_text() for path in (PROC / str(pid) / "task").glob("*/children"))
    return [int(number) for text in found for number in text.split()]


def test_the_page_answers_and_ends_with_its_worker_when_it_is_told(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [SCRIPT, "ui", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **environment(tmp_path / "home")},
        cwd=tmp_path,
        text=True,
    )
    assert process.stdout is not None
    found = re.fullmatch(
        r"Samecast is at (http://127\.0\.0\.1:\d+) \(Ctrl-C ends it\)\n", process.stdout.readline()
    )
    assert found is not None
    with httpx.Client(base_url=found[1], timeout=LIMIT_S) as client:
        assert client.get("/studio/").status_code == 200
        assert client.get("/studio/", headers={"host": "evil.example"}).status_code == 403
        workers = children(process.pid)
        # An open tab holds a stream; the end must not wait for it nor speak of it.
        with client.stream("GET", "/studio/gradio_api/heartbeat/tab") as stream:
            assert stream.status_code == 200
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 0
    assert "Traceback" not in said
    assert len(workers) == 1
    assert not (PROC / str(workers[0])).exists()
    assert [path.name for path in tmp_path.iterdir()] == ["home"], (
        "nothing is written where the command was typed"
    )
