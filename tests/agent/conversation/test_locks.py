"""One turn at a time in a conversation."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from agent.conversation.locks import conversation_lock
from tests.support.micro_studio import ROOT
from tools.errors import StorageFailed

HOLD = """
import sys
from pathlib import Path
from agent.conversation.locks import conversation_lock
with conversation_lock(Path(sys.argv[1]), "a"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_conversation_is_held_by_one_and_others_are_free(tmp_path: Path) -> None:
    with conversation_lock(tmp_path, "a") as first:
        with conversation_lock(tmp_path, "a", wait=False) as second:
            assert (first, second) == (True, False)
        with conversation_lock(tmp_path, "b", wait=False) as other:
            assert other
    with conversation_lock(tmp_path, "a", wait=False) as again:
        assert again


def test_the_lock_ends_with_the_process_that_holds_it(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with conversation_lock(tmp_path, "a", wait=False) as held:
        assert not held
    holder.kill()
    holder.communicate()

    with conversation_lock(tmp_path, "a") as held:
        assert held


def test_a_folder_that_takes_no_lock_is_named(tmp_path: Path) -> None:
    (tmp_path / "locks").write_text("no folder")

    with (
        pytest.raises(StorageFailed, match=r"cannot open the lock .*make that folder writable"),
        conversation_lock(tmp_path, "a"),
    ):
        pass
