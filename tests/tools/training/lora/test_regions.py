"""The square that is learned from, and how much each cell of it counts."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.tools.training.lora.conftest import make_config
from tools.contracts.model import Box
from tools.contracts.training import TrainingImage
from tools.training.lora.regions import box_share, grown_face, loss_map, square_for

SIDES = st.integers(64, 2000)


def image(**values: object) -> TrainingImage:
    return TrainingImage.model_validate({"path": Path("a.png"), "caption": "Vera", **values})


def box(left: float, top: float, right: float, bottom: float) -> Box:
    return Box(left=left, top=top, right=right, bottom=bottom)


@given(SIDES, SIDES, st.integers(32, 1024), st.floats(0, 1), st.floats(0, 1))
def test_a_square_lies_inside_its_picture_as_near_to_the_face_as_it_can(
    width: int, height: int, side: int, across: float, down: float
) -> None:
    at = box(across * width, down * height, across * width + 8, down * height + 8)
    square = square_for(image(face=at), width, height, side)
    assert min(square.width, square.height) == side
    assert 0 <= square.left <= square.width - side
    assert 0 <= square.top <= square.height - side
    moved = square.box(at)
    inside = moved.left >= 0 and moved.right <= side
    assert inside or square.left in (0, square.width - side) or moved.width > side


def test_the_face_comes_before_the_person_and_the_middle() -> None:
    face, person = box(0, 0, 20, 20), box(180, 0, 200, 100)
    assert square_for(image(face=face, person=person), 200, 100, 100).left == 0
    assert square_for(image(person=person), 200, 100, 100).left == 100
    assert square_for(image(), 200, 100, 100).left == 50


def test_what_is_cut_is_the_square() -> None:
    picture = Image.new("RGB", (200, 100), "black")
    picture.paste("white", (0, 0, 100, 100))
    square = square_for(image(face=box(0, 0, 20, 20)), 200, 100, 50)
    cut = square.cut(picture, Image.Resampling.BOX)
    assert cut.size == (50, 50)
    assert cut.getpixel((10, 10)) == (255, 255, 255)


def test_hair_ears_and_beard_belong_to_the_head() -> None:
    assert grown_face(box(10, 10, 20, 30)) == box(5, -4, 25, 40)


@given(
    st.floats(-50, 150),
    st.floats(-50, 150),
    st.floats(0, 120),
    st.floats(0, 120),
    st.integers(1, 16),
)
def test_the_shares_of_the_cells_add_up_to_the_part_of_the_box_inside(
    left: float, top: float, width: float, height: float, cells: int
) -> None:
    share = box_share(box(left, top, left + width, top + height), 100, cells)
    across = max(0.0, min(left + width, 100) - max(left, 0))
    down = max(0.0, min(top + height, 100) - max(top, 0))
    assert share.shape == (cells, cells)
    assert float(share.min()) >= 0
    assert float(share.max()) <= 1 + 1e-4
    assert float(share.sum()) * (100 / cells) ** 2 == pytest.approx(across * down, abs=0.5)


def weights(given: TrainingImage, **settings: object) -> torch.Tensor:
    config = make_config(outside_weight=0.2, face_weight=4.0, **settings)
    return loss_map(given, square_for(given, 64, 64, 64), 4, config)


def test_a_regularisation_picture_counts_the_same_everywhere() -> None:
    assert torch.equal(weights(image(regularisation=True)), torch.ones(4, 4))


def test_the_person_counts_more_than_what_is_around_and_the_face_most() -> None:
    found = weights(image(person=box(0, 0, 32, 64), face=box(0, 0, 16, 16)))
    assert found[0, 0] == pytest.approx(4.0)
    assert found[3, 0] == pytest.approx(1.0)
    assert found[3, 3] == pytest.approx(0.2)


def test_without_a_person_the_head_around_the_face_is_one() -> None:
    found = weights(image(face=box(16, 16, 32, 32)))
    assert found[1, 1] == pytest.approx(4.0)
    assert 0.2 < found[0, 1] < 4
    assert found[3, 3] == pytest.approx(0.2)


def test_a_mask_says_it_exactly(tmp_path: Path) -> None:
    mask = Image.new("L", (64, 64), 0)
    mask.paste(255, (0, 0, 32, 64))
    mask.save(tmp_path / "mask.png")
    found = weights(image(mask=tmp_path / "mask.png", person=box(0, 0, 64, 64)))
    assert found[:, 0].tolist() == pytest.approx([1.0] * 4)
    assert found[:, 3].tolist() == pytest.approx([0.2] * 4)
