from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from tools.store.process import ProcessIdentity, this_process


def test_an_identity_reads_back() -> None:
    mine = this_process()
    assert ProcessIdentity.parse(str(mine)) == mine
    assert mine.pid == os.getpid()


@pytest.mark.parametrize("text", ["", "host:1", "host:one:2"])
def test_other_text_is_no_identity(text: str) -> None:
    with pytest.raises(ValueError, match=r"unpack|invalid literal"):
        ProcessIdentity.parse(text)


def test_a_running_process_is_not_dead() -> None:
    assert not this_process().is_surely_dead()


def test_an_ended_process_is_dead_even_before_it_is_reaped() -> None:
    child = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from tools.store.process import this_process; print(this_process(), flush=True)",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    identity = ProcessIdentity.parse(child.stdout.read().strip())
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert identity.is_surely_dead()
    child.wait()
    assert identity.is_surely_dead()


def test_a_reused_process_number_is_another_process() -> None:
    assert replace(this_process(), started="1").is_surely_dead()


def test_nothing_is_known_about_other_machines() -> None:
    assert not replace(this_process(), machine="elsewhere", started="1").is_surely_dead()
