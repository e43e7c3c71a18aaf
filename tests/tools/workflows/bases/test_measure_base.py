from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image

from tools.backends.bases import read_table
from tools.contracts.bases import BaseRow
from tools.contracts.faces import Face
from tools.contracts.images import ImageRequest, ImageResult
from tools.contracts.model import Box
from tools.contracts.progress import Progress
from tools.training.pretrain.config import UnseenLoss
from tools.workflows.bases.measure_base import measure_base

PAINTS = {
    "red": "#a34a46",
    "blue": "#5279b8",
    "green": "#588b63",
    "yellow": "#c5bd52",
    "purple": "#8a56a0",
    "teal": "#579ca4",
    "brown": "#887156",
    "black": "#434043",
    "white": "#e2e2e0",
}
SKINS = {"pale": 220, "fair": 190, "tan": 160, "olive": 130, "brown": 100, "dark": 60}


@pytest.fixture
def row() -> BaseRow:
    found = next(row for row in read_table() if row.name == "maquette")
    assert isinstance(found, BaseRow)
    return found


class Painter:
    """A base that obeys captions to the letter: a flat face and a flat garment."""

    def __init__(self) -> None:
        self.requests: list[ImageRequest] = []

    def draw(self, requests: Sequence[ImageRequest]) -> Iterator[ImageResult]:
        for request in requests:
            self.requests.append(request)
            yield ImageResult(paint(request), request, seconds=0.5, cost=Decimal(0))


def paint(request: ImageRequest) -> Image.Image:
    picture = Image.new("RGB", (request.size.width, request.size.height), "grey")
    skin = next(level for name, level in SKINS.items() if f"{name} skin" in request.prompt)
    picture.paste((skin, skin, skin), (64, 64, 192, 170))
    for name, paint in PAINTS.items():
        if f"wearing a {name} " in request.prompt:
            picture.paste(paint, (0, 171, 256, 256))
    return picture


def face(detector: str) -> Face:
    return Face(
        box=Box(left=64, top=64, right=192, bottom=170),
        landmarks=((0.0, 0.0),) * 5,
        confidence=1.0,
        detector=detector,
        embedding=(1.0, 0.0),
    )


def find_faces(pictures: Sequence[Image.Image]) -> list[list[Face]]:
    """See the first by HOG, the second by the thorough detector, and no others."""
    found = [[face("hog")], [face("mmod")], *([[]] * len(pictures))]
    return found[: len(pictures)]


def test_an_obedient_base_gets_full_marks(row: BaseRow) -> None:
    figures = measure_base(row, Painter().draw, find_faces)
    assert figures.garments_obeyed == 9
    assert [round(skin.lightness) for skin in figures.skins] == list(SKINS.values())
    assert figures.skins_in_order == 15
    assert figures.seconds_a_picture == 0.5
    assert figures.unseen is None


def test_faces_are_counted_by_detector_and_framing(row: BaseRow) -> None:
    figures = measure_base(row, Painter().draw, find_faces)
    assert len(figures.faces) == 6
    assert {(line.by_hog, line.by_any, line.pictures) for line in figures.faces} == {(1, 2, 8)}


def test_people_seeds_and_settings_are_those_of_the_card(row: BaseRow) -> None:
    painter = Painter()
    measure_base(row, painter.draw, find_faces)
    shots = painter.requests[:48]
    assert [request.seed for request in shots] == list(range(8)) * 6
    assert len({request.prompt for request in painter.requests}) == 48 + 9 + 6
    assert {(request.steps, request.guidance) for request in painter.requests} == {(12, 4.0)}
    profiles = [request.prompt for request in shots if "profile view" in request.prompt]
    assert sum("left profile" in prompt for prompt in profiles) == len(profiles) / 2 == 4
    assert all("wearing" in request.prompt for request in shots[24:])


def test_loss_strips_and_progress_are_given_on_request(row: BaseRow, tmp_path: Path) -> None:
    told: list[Progress] = []
    loss = UnseenLoss(low=0.1, high=0.3, mean=0.2, pictures=54)
    figures = measure_base(
        row,
        Painter().draw,
        find_faces,
        measure_loss=lambda: loss,
        strips=tmp_path,
        progress=told.append,
    )
    assert figures.unseen == loss
    assert len(list(tmp_path.glob("*.png"))) == 8
    assert Image.open(tmp_path / "close-up_frontal.png").size == (8 * 256, 256)
    assert [item.stage for item in told] == ["pictures"] * 63 + ["faces"] * 6
