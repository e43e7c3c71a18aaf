"""The part of a picture that is learned from, and how much each cell of it counts."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.tools.training.lora.conftest import make_config, make_row
from tools.backends.bases import read_table
from tools.contracts.bases import BaseRow
from tools.contracts.model import Box, Size
from tools.contracts.training import TrainingImage
from tools.training.lora.regions import (
    Frame,
    box_share,
    frame_for,
    grown_face,
    loss_map,
    training_sizes,
)

SIDES = st.integers(64, 2000)
SHARES = st.tuples(*[st.floats(0, 1)] * 4)
SDXL = next(row for row in read_table() if isinstance(row, BaseRow) and row.name == "sdxl")
SMALL = [Size(width=64, height=64), Size(width=96, height=64), Size(width=64, height=128)]


def square(side: int) -> list[Size]:
    return [Size(width=side, height=side)]


def image(**values: object) -> TrainingImage:
    return TrainingImage.model_validate({"path": Path("a.png"), "caption": "Vera", **values})


def box(left: float, top: float, right: float, bottom: float) -> Box:
    return Box(left=left, top=top, right=right, bottom=bottom)


@given(SIDES, SIDES, st.integers(64, 1024), st.floats(0, 1), st.floats(0, 1))
def test_a_square_lies_inside_its_picture_as_near_to_the_face_as_it_can(
    width: int, height: int, side: int, across: float, down: float
) -> None:
    at = box(across * width, down * height, across * width + 8, down * height + 8)
    frame = frame_for(image(face=at), width, height, square(side))
    assert min(frame.width, frame.height) == side
    assert 0 <= frame.left <= frame.width - side
    assert 0 <= frame.top <= frame.height - side
    moved = frame.box(at)
    inside = moved.left >= 0 and moved.right <= side
    assert inside or frame.left in (0, frame.width - side) or moved.width > side


def test_the_face_comes_before_the_person_and_the_middle() -> None:
    face, person = box(0, 0, 20, 20), box(180, 0, 200, 100)
    assert frame_for(image(face=face, person=person), 200, 100, square(100)).left == 0
    assert frame_for(image(person=person), 200, 100, square(100)).left == 100
    assert frame_for(image(), 200, 100, square(100)).left == 50


def test_what_is_cut_is_the_square() -> None:
    picture = Image.new("RGB", (200, 100), "black")
    picture.paste("white", (0, 0, 100, 100))
    frame = frame_for(image(face=box(0, 0, 20, 20)), 200, 100, square(64))
    cut = frame.cut(picture, Image.Resampling.BOX)
    assert cut.size == (64, 64)
    assert cut.getpixel((10, 10)) == (255, 255, 255)


def test_a_base_with_one_size_learns_from_squares_and_one_with_several_from_its_own() -> None:
    config = make_config(resolution=96)
    assert training_sizes(make_row("maquette"), config) == tuple(square(96))
    assert training_sizes(SDXL, make_config(resolution=1024)) == SDXL.sizes
    halved = training_sizes(SDXL, make_config(resolution=512))
    assert [(size.width, size.height) for size in halved[:4]] == [
        (512, 512),
        (448, 576),
        (576, 448),
        (416, 608),
    ]


def test_sizes_without_room_for_the_crops_are_left_out() -> None:
    fitting = training_sizes(SDXL, make_config(resolution=1024, crop_side=768))
    assert {min(size.width, size.height) for size in fitting} == {1024, 896, 832, 768}
    assert training_sizes(SDXL, make_config(resolution=64, crop_side=128)) == tuple(square(64))


def within(width: int, height: int, shares: tuple[float, ...]) -> Box:
    """A box of at least 8 pixels that may reach a little outside the picture."""
    x, y, across, down = shares
    left, top = x * (width - 8) - 4, y * (height - 8) - 4
    return box(left, top, left + 8 + across * (width - left), top + 8 + down * (height - top))


def seen(frame: Frame, person: Box, width: int, height: int) -> tuple[float, float, float, float]:
    """How far the part of a person inside the picture reaches beyond the cut, on each side."""
    inside = box(
        max(person.left, 0),
        max(person.top, 0),
        min(person.right, width),
        min(person.bottom, height),
    )
    moved = frame.box(inside)
    return (
        -moved.left,
        -moved.top,
        moved.right - frame.size.width,
        moved.bottom - frame.size.height,
    )


@given(SIDES, SIDES, SHARES, st.booleans())
def test_the_persons_box_is_never_cut_where_a_base_has_several_sizes(
    width: int, height: int, shares: tuple[float, ...], faced: bool
) -> None:
    person = within(width, height, shares)
    face = box(person.left, person.top, person.left + 4, person.top + 4) if faced else None
    frame = frame_for(image(person=person, face=face), width, height, SDXL.sizes)
    assert frame.size in SDXL.sizes
    assert max(seen(frame, person, width, height)) <= 1 + frame.scale
    covers = frame.width >= frame.size.width and frame.height >= frame.size.height
    assert covers is not frame.padded
    if covers:
        assert 0 <= frame.left <= frame.width - frame.size.width
        assert 0 <= frame.top <= frame.height - frame.size.height


@given(SIDES, SIDES)
def test_a_picture_of_nobody_takes_the_size_nearest_to_its_own_ratio(
    width: int, height: int
) -> None:
    frame = frame_for(image(regularisation=True), width, height, SDXL.sizes)
    assert frame.size == SDXL.size_for(width / height)
    assert not frame.padded


def test_another_size_is_taken_where_the_nearest_would_cut_the_person() -> None:
    """In 3:4 a person from side to side and in the middle fits the upright size nearest to it."""
    assert frame_for(image(person=box(0, 30, 90, 90)), 90, 120, SMALL).size == SMALL[0]
    assert frame_for(image(person=box(30, 0, 60, 120)), 90, 120, SMALL).size == SMALL[2]


def test_a_figure_too_tall_for_every_size_is_made_smaller_and_its_sides_are_not_learned() -> None:
    tall = image(person=box(0, 0, 100, 400))
    frame = frame_for(tall, 100, 400, SMALL)
    assert (frame.size, frame.width, frame.height) == (SMALL[2], 32, 128)
    cut = frame.cut(Image.new("L", (100, 400), "white"), Image.Resampling.BOX)
    assert [cut.getpixel((x, 64)) for x in (8, 20, 40, 56)] == [0, 255, 255, 0]
    found = loss_map(tall, frame, (32, 16), make_config())
    assert found[:, 4:12].min() == 1
    assert found[:, :4].max() == found[:, 12:].max() == pytest.approx(1e-6)


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
    share = box_share(box(left, top, left + width, top + height), square(100)[0], (cells, cells))
    across = max(0.0, min(left + width, 100) - max(left, 0))
    down = max(0.0, min(top + height, 100) - max(top, 0))
    assert share.shape == (cells, cells)
    assert float(share.min()) >= 0
    assert float(share.max()) <= 1 + 1e-4
    assert float(share.sum()) * (100 / cells) ** 2 == pytest.approx(across * down, abs=0.5)


def weights(given: TrainingImage, **settings: object) -> torch.Tensor:
    config = make_config(outside_weight=0.2, face_weight=4.0, **settings)
    return loss_map(given, frame_for(given, 64, 64, square(64)), (4, 4), config)


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
