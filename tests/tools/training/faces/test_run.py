from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from tests.tools.training.faces.conftest import face_at
from tools.contracts.learning import FacePart
from tools.contracts.model import Box
from tools.contracts.progress import Progress
from tools.embedders.drawn.weights import FILE, load_networks, shipped_weights
from tools.errors import BadInput, Cancelled
from tools.training.faces.heads import FoundHead
from tools.training.faces.run import PLAN, FacesConfig, Sources, train_faces, training_rows
from tools.training.pretrain.faces import RawBoxes

SHORT = FacesConfig(
    detector_steps=(1, 1),
    reader_steps=1,
    identity_steps=1,
    outfit_steps=1,
    redrawn=2,
    device="cpu",
)
CAST = Path(__file__).parents[3] / "data" / "cast"
STAGES = ("detector-1", "detector-2", "reader", "identity", "outfit")


def landmarks(picture: Image.Image, boxes: Sequence[Box] | None) -> list[FoundHead]:
    """Fit the points of a head inside each given box."""
    assert picture.size == (256, 256)
    return [face_at((box.left + box.right) / 2, 110, box.width) for box in boxes or ()]


@pytest.fixture
def sources(
    folder: Path, micro_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Sources:
    """The five people, of whom the frontal heads are given, and a run folder; batches are small."""
    for part in ("detector", "reader", "identity", "outfit"):
        monkeypatch.setattr(f"tools.training.faces.{part}.BATCH", 2)
    frontal: RawBoxes = {f"{n}_frontal.png": [(60 + 5 * n, 70, 140 + 5 * n, 150)] for n in range(5)}
    return Sources(folder, tmp_path / "out", micro_folder, landmarks, frontal)


def test_every_stage_leaves_its_result_and_a_second_call_does_nothing_again(
    sources: Sources,
) -> None:
    told: list[Progress] = []
    weights = train_faces(sources, SHORT, told.append)
    assert weights == sources.out / FILE
    load_networks(weights)
    kept = {f"{stage}.pt" for stage in STAGES} | {"heads.json", "redrawn.npy", PLAN, FILE}
    own = {"own_heads_1.json", "own_heads_2.json"}
    assert {path.name for path in sources.out.iterdir()} == kept | own | {"seen_heads.json"}
    for name in own:
        looked_at = json.loads((sources.out / name).read_bytes())
        assert sorted(looked_at) == [f"{n}_left.png" for n in range(5)], "heads nobody else saw"
    assert [each.stage for each in told if each.stage.startswith("learn ")] == [
        f"learn {stage}" for stage in STAGES
    ]
    written, told[:] = weights.read_bytes(), []
    train_faces(sources, SHORT, told.append)
    assert {each.stage for each in told} == {"read pictures"}
    assert weights.read_bytes() == written


def test_a_broken_run_goes_on_to_the_weights_of_an_unbroken_one(sources: Sources) -> None:
    plain = SHORT.model_copy(update={"redrawn": 0})

    def cancel(progress: Progress) -> None:
        if progress.stage == "learn reader":
            raise Cancelled("enough")

    broken = replace(sources, out=sources.out / "broken")
    with pytest.raises(Cancelled):
        train_faces(broken, plain, cancel)
    assert not (broken.out / FILE).exists()
    assert not (broken.out / "redrawn.npy").exists(), "none were asked for"
    resumed = train_faces(broken, plain, lambda _: None)
    assert resumed.read_bytes() == train_faces(sources, plain, lambda _: None).read_bytes()


def test_sheets_and_people_who_are_held_out_are_not_learned_from(
    folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    with (tmp_path / "metadata.jsonl").open("a") as file:
        row = {"file_name": "0_left.png", "text": "sheet", "kind": "sheet", "person": 0}
        file.write("\n" + json.dumps(row))
    rows = training_rows(tmp_path, ["1", "4"])
    assert [row.person for row in rows] == ["0", "0", "2", "2", "3", "3"]


def test_a_lone_person_cannot_be_told_apart(sources: Sources) -> None:
    both: RawBoxes = {f"4_{view}.png": [(80, 70, 160, 150)] for view in ("frontal", "left")}
    alone = SHORT.model_copy(update={"held_out": ("0", "1", "2", "3"), "redrawn": 0})
    with pytest.raises(BadInput, match="needs two people with 2 pictures each"):
        train_faces(replace(sources, boxes=both), alone, lambda _: None)
    nobody = SHORT.model_copy(update={"held_out": ("0", "1", "2", "3", "4")})
    with pytest.raises(BadInput, match="holds no pictures of one or two people"):
        train_faces(replace(sources, out=sources.out / "other"), nobody, lambda _: None)


def test_a_run_that_begins_from_weights_learns_what_it_is_told_and_keeps_the_rest(
    sources: Sources,
) -> None:
    cast = replace(sources, pictures=CAST, begin=shipped_weights(), boxes=None)
    parts, others = (FacePart.IDENTITY, FacePart.OUTFIT), tuple(str(n) for n in range(2, 8))
    config = SHORT.model_copy(update={"parts": parts, "held_out": others, "redrawn": 0})
    told: list[Progress] = []
    train_faces(cast, config, told.append)
    assert {each.stage for each in told} >= {"learn identity", "learn outfit"}
    assert "find faces" not in {each.stage for each in told}, "our own detector sees them"
    first, after = (load_file(path) for path in (shipped_weights(), cast.out / FILE))
    changed = {
        name.partition(".")[0] for name in first if not torch.equal(first[name], after[name])
    }
    assert changed == {"embedder", "outfit"}


def test_what_is_not_learned_must_come_from_somewhere(sources: Sources) -> None:
    alone = SHORT.model_copy(update={"parts": (FacePart.OUTFIT,)})
    with pytest.raises(BadInput, match="name the weights that the other networks are taken from"):
        train_faces(sources, alone, lambda _: None)


def test_captions_without_clothes_teach_no_outfit_reader(
    folder: Path, sources: Sources, tmp_path: Path
) -> None:
    bare = shutil.copytree(folder, tmp_path / "bare")
    lines = [json.loads(line) for line in (bare / "metadata.jsonl").read_text().splitlines()]
    said = [json.dumps({**line, "text": "a close-up photo of a man"}) for line in lines]
    (bare / "metadata.jsonl").write_text("\n".join(said))
    with pytest.raises(BadInput, match="no caption names clothes and hair"):
        train_faces(replace(sources, pictures=bare), SHORT, lambda _: None)
    assert not sources.out.exists(), "nothing was learned before"


def test_a_run_folder_of_another_training_is_not_gone_on_with(sources: Sources) -> None:
    train_faces(sources, SHORT, lambda _: None)
    for other in (
        replace(sources, begin=shipped_weights()),
        replace(sources, begin=sources.out / FILE),
    ):
        with pytest.raises(BadInput, match="holds another training; use another --out"):
            train_faces(other, SHORT, lambda _: None)
    with pytest.raises(BadInput, match="holds another training"):
        train_faces(sources, SHORT.model_copy(update={"seed": 9}), lambda _: None)
    longer = SHORT.model_copy(update={"outfit_steps": 2})
    assert train_faces(sources, longer, lambda _: None).is_file(), "a longer one goes on"
