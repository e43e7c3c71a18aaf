from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.micro_studio import copy_frames, run_cli


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Four captioned frames."""
    folder = copy_frames(tmp_path / "pictures", 2, (0, 1, 2, 5))
    rows = [
        {"file_name": path.name, "text": "close-up photo of a young man, tan skin"}
        for path in sorted(folder.iterdir())
    ]
    (folder / "metadata.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return folder


@pytest.mark.slow
def test_a_folder_becomes_a_base_that_can_be_added(
    tmp_path: Path, pictures: Path, micro_folder: Path, one_thread: None
) -> None:
    out, home = tmp_path / "out", tmp_path / "home"
    words = ("pretrain", pictures, "--from", micro_folder, "--steps", "1", "--batch", "4")
    run = run_cli(*words, "--no-compile", "--out", out, "--device", "cpu", "--json", home=home)
    assert run.code == 0, run.err
    assert run.json.keys() == {"pipeline", "pictures_seen", "loss"}
    assert run.json["pictures_seen"] > 0
    assert list(out.glob("preview_*.png")) != []
    added = run_cli("base", "add", "mine", run.json["pipeline"], "--json", home=home)
    assert added.code == 0
    assert added.json["architecture"] == "sdxl"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "say how long: either --seconds or --steps"),
        (["--steps", "2", "--seconds", "3"], "say how long: either --seconds or --steps"),
        (["--steps", "2", "--begin", "0.5", "--end", "0.5"], "expected begin before end"),
        (["--steps", "2"], "nowhere: expected a metadata.jsonl"),
        (
            ["--steps", "2", "--from", "nobase"],
            "nobase: no model_index.json; give a diffusers folder",
        ),
        (["--measure"], "nowhere: neither a folder nor a hub id"),
    ],
)
def test_a_training_that_cannot_be_is_bad_input(
    tmp_path: Path, micro_folder: Path, words: list[str], said: str
) -> None:
    start = [] if "--from" in words else ["--from", str(micro_folder)]
    run = run_cli(
        "pretrain", "nowhere", *words, *start, "--no-compile", "--out", tmp_path, home=tmp_path
    )
    assert run.code == 2
    assert said in run.error
