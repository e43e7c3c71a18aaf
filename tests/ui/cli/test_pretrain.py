from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.support.micro_studio import copy_frames, run_cli
from tests.support.tiny_models import add_guide
from tools.workflows.bases.measured_prompts import FACE_ROWS, PEOPLE


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


@pytest.mark.slow
def test_a_folder_is_measured_plain_and_guided(
    tmp_path: Path, micro_folder: Path, one_thread: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One row of faces with two of the people is enough here."""
    measuring = "tools.workflows.bases.measure_base"
    for name, value in {"PEOPLE": PEOPLE[:2], "FACE_ROWS": FACE_ROWS[:1], "_ROUNDS": 1}.items():
        monkeypatch.setattr(f"{measuring}.{name}", value)
    folder = add_guide(Path(shutil.copytree(micro_folder, tmp_path / "base")))
    words = ("pretrain", folder, "--measure", "--write-card")
    run = run_cli(*words, "--json", home=tmp_path / "home")
    assert run.code == 0, run.err
    assert [(way["guided"], way["steps"], way["guidance"]) for way in run.json] == [
        (False, 12, 4.0),
        (True, 10, 3.5),
    ]
    assert run.json[0]["skins"] != run.json[1]["skins"]
    card = (folder / "MODEL.md").read_text()
    assert "| what | 12 steps, guidance 4 | 10 steps, guidance 3.5, guide | |" in card


def test_the_shipped_guide_does_not_measure_another_architecture(
    tmp_path: Path, micro_folder: Path
) -> None:
    run = run_cli("pretrain", micro_folder, "--measure", home=tmp_path / "home")
    assert run.code == 2
    assert "is of another architecture than the maquette" in run.error


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
        (["--measure"], "nowhere: neither a folder nor a .safetensors file nor a hub id"),
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
