"""What QC is asked against, and what it cannot read."""

from __future__ import annotations

from pathlib import Path

from tests.support.micro_studio import (
    copy_frames,
)


def test_qc_against_nobody_is_bad_input(daro: Daro, tmp_path: Path) -> None:
    run = daro.run("qc", copy_frames(tmp_path / "own", 2, (0,)), "--against", "Nobody")
    assert run.code == 2
    assert "no character named 'Nobody'; there are: Daro" in run.error
