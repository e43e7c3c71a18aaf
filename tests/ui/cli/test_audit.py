"""An audit of a folder: what it counts, what it names as missing."""

from __future__ import annotations

from pathlib import Path

from tests.support.micro_studio import copy_frames, run_cli


def test_one_close_up_leaves_gaps_and_every_gap_has_its_advice(tmp_path: Path) -> None:
    folder = copy_frames(tmp_path / "photos", 2, (0,))
    (folder / "notes.md").write_text("words")
    run = run_cli("audit", folder, "--json", home=tmp_path / "home")
    assert run.code == 3
    assert run.json["count"] == 1
    unmet = [finding for finding in run.json["findings"] if finding["have"] < finding["need"]]
    assert unmet
    assert all(finding["advice"] for finding in unmet)
    assert "not looked at, as no pictures: notes.md" in run.err
    told = run_cli("audit", folder, "--base", "sdxl", home=tmp_path / "home")
    assert told.code == 3
    assert "1 pictures" in told.out
    assert "smaller than 1024 pixels" in told.out


def test_a_folder_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    run = run_cli("audit", tmp_path / "nowhere", home=tmp_path / "home")
    assert run.code == 2
    assert "nowhere: no such folder" in run.error
