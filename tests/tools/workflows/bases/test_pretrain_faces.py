from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image
from pydantic import ValidationError

from tools.contracts.progress import ignore_progress
from tools.errors import BadInput
from tools.services import Services
from tools.training.faces import run
from tools.training.faces.run import FacesConfig, Sources
from tools.workflows.bases.pretrain_faces import (
    PretrainFacesRequest,
    people_at_the_end,
    pretrain_faces,
)

TEXT = "a man, short red hair, wearing a grey coat"


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Grey pictures: two of Ada, one of nobody, two of Bo, one of Ada, one of Cy."""
    folder = tmp_path / "people"
    folder.mkdir()
    rows = []
    for number, person in enumerate(("ada", "ada", "", "bo", "bo", "ada", "cy")):
        Image.new("RGB", (256, 256), "grey").save(folder / f"{number}.png")
        rows.append({"file_name": f"{number}.png", "text": TEXT, "person": person})
    (folder / "metadata.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return folder


@pytest.mark.parametrize(
    ("count", "names"),
    [(0, ()), (1, ("cy",)), (2, ("bo", "cy")), (3, ("ada", "bo", "cy")), (4, ("ada", "bo", "cy"))],
)
def test_the_last_people_are_named_in_file_order(
    people: Path, count: int, names: tuple[str, ...]
) -> None:
    assert people_at_the_end(people, count) == names


@pytest.mark.parametrize(
    ("effort", "steps"),
    [
        (0.001, ((1, 1, 1), 1, 8, 2, 1)),
        (1.0, ((800, 500, 600), 700, 8000, 1500, 480)),
        (2.0, ((1600, 1000, 1200), 1400, 16000, 3000, 960)),
    ],
)
def test_the_effort_makes_every_part_as_much_longer(
    services: Services,
    people: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    effort: float,
    steps: tuple[object, ...],
) -> None:
    asked: list[tuple[Sources, FacesConfig]] = []

    def train(sources: Sources, config: FacesConfig, _: object) -> Path:
        asked.append((sources, config))
        return sources.out / "weights"

    monkeypatch.setattr(run, "train_faces", train)
    request = PretrainFacesRequest(
        pictures=people, out=tmp_path / "out", last_out=1, effort=effort, seed=5
    )
    made = pretrain_faces(services, request, ignore_progress)
    ((sources, config),) = asked
    lengths = (
        config.detector_steps,
        config.reader_steps,
        config.identity_steps,
        config.outfit_steps,
        config.redrawn,
    )
    assert lengths == steps
    assert (config.seed, config.held_out, made.held_out) == (5, ("cy",), ("cy",))
    assert (sources.pictures, made.weights) == (people, tmp_path / "out" / "weights")
    assert sources.boxes is None
    assert sources.read(Image.new("RGB", (256, 256), "grey"), None) == []


def test_less_than_the_least_effort_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match=r"greater than or equal to 0.001"):
        PretrainFacesRequest(pictures=tmp_path, out=tmp_path / "out", effort=0.0005)


def test_what_cannot_be_learned_from_is_said_before_anything_is_learned(
    services: Services, people: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    empty = PretrainFacesRequest(pictures=tmp_path, out=out)
    with pytest.raises(BadInput, match=r"expected a metadata.jsonl"):
        pretrain_faces(services, empty, ignore_progress)
    boxes = tmp_path / "faces.json"
    boxes.write_text("[]")
    other = PretrainFacesRequest(pictures=people, out=out, faces=boxes)
    with pytest.raises(BadInput, match=r"faces.json: expected JSON with"):
        pretrain_faces(services, other, ignore_progress)
    assert not out.exists()
    everybody = PretrainFacesRequest(pictures=people, out=out, last_out=3)
    boxes.write_text("{}")
    unseen = everybody.model_copy(update={"faces": boxes, "effort": 0.001})
    with pytest.raises(BadInput, match="needs two people with 2 pictures each"):
        pretrain_faces(services, unseen, ignore_progress)
    assert [path.name for path in out.glob("*.pt")] == []
