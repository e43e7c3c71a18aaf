from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.micro_studio import run_cli
from tests.tools.training.faces.conftest import folder
from tools.embedders.drawn.embedder import DrawnEmbedder

__all__ = ["folder"]


@pytest.mark.slow
def test_a_folder_of_labelled_pictures_becomes_weights_and_a_second_call_goes_on(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The least effort, with small batches, is enough here."""
    for part in ("detector", "reader", "identity", "outfit"):
        monkeypatch.setattr(f"tools.training.faces.{part}.BATCH", 4)
    boxes = tmp_path / "faces.json"
    boxes.write_text(
        json.dumps(
            {
                path.name: [[60 + 5 * int(path.name[0]), 70, 140 + 5 * int(path.name[0]), 150]]
                for path in folder.glob("*.png")
            }
        )
    )
    out = tmp_path / "out"
    asked = ("pretrain-faces", folder, "--out", out, "--last-out", "1", "--faces", boxes)
    made = run_cli(*asked, "--effort", "0.001", "--json", home=tmp_path / "home")
    assert made.code == 0, made.error
    assert made.json["held_out"] == ["4"]
    weights = Path(made.json["weights"])
    assert isinstance(DrawnEmbedder(weights, device="cpu").embedder, str)
    written = weights.read_bytes()
    again = run_cli(*asked, "--effort", "0.001", "--json", home=tmp_path / "home")
    assert again.code == 0
    assert weights.read_bytes() == written


def test_a_folder_without_people_is_bad_input(tmp_path: Path) -> None:
    run = run_cli("pretrain-faces", tmp_path, home=tmp_path / "home")
    assert run.code == 2
    assert "metadata.jsonl" in run.error


def test_a_network_that_does_not_exist_is_named_with_those_that_do(tmp_path: Path) -> None:
    asked = ("pretrain-faces", tmp_path, "--begin", tmp_path / "w", "--part", "nose")
    run = run_cli(*asked, home=tmp_path / "home")
    assert run.code == 2
    assert "no network named nose; there are detector, reader, identity, outfit" in run.error
