from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.tools.training.lora.conftest import make_config
from tools.contracts.model import Box, Size
from tools.contracts.training import TrainingImage
from tools.training.lora.data import Item, draw_batch, encode_items, step_generator
from tools.training.lora.regions import box_share, frame_for, loss_map

SQUARE = Size(width=64, height=64)
SIZES = [SQUARE, Size(width=128, height=64), Size(width=64, height=96)]


def _encode(pixels: torch.Tensor) -> torch.Tensor:
    """Every fourth pixel of the first channel, four times."""
    return pixels[:, :1, ::4, ::4].repeat(1, 4, 1, 1)


def test_each_latent_stays_with_its_own_picture(images: list[TrainingImage]) -> None:
    config = make_config()

    together = encode_items(images, _encode, config)
    backwards = encode_items(images[::-1], _encode, config)

    assert [item.caption for item in together] == [image.caption for image in images]
    for item, same in zip(together, backwards[::-1], strict=True):
        assert torch.equal(item.latents, same.latents)


@given(seed=st.integers(0, 500))
def test_crops_lie_inside_and_say_where_they_were_cut(seed: int) -> None:
    config = make_config(crop_side=32, crop_share=1.0, crop_batch_size=3, resolution=64)
    rows = torch.arange(16.0)
    latents = torch.stack([rows[:, None].expand(16, 16), rows[None, :].expand(16, 16)])
    image = TrainingImage(path="a.png", caption="a", face=Box(left=40, top=2, right=60, bottom=22))
    frame = frame_for(image, 64, 64, [SQUARE])
    item = Item(
        "a", latents, torch.ones(16, 16), torch.tensor([10.0, 0.5, 15.0, 5.5]), frame, False
    )

    batch = draw_batch([item], config, step_generator(seed, 0))

    assert batch.is_crop
    assert batch.latents.shape == (3, 2, 8, 8)
    assert batch.pictures == pytest.approx(3 / 4)
    for crop, size in zip(batch.latents, batch.sizes.tolist(), strict=True):
        assert size == [64, 64, crop[0, 0, 0] * 4, crop[1, 0, 0] * 4, 32, 32]
        assert crop[0].min() >= 0
        assert crop[0].max() <= 15


def test_without_a_face_there_are_whole_pictures_only(images: list[TrainingImage]) -> None:
    config = make_config(crop_side=32, crop_share=1.0)
    faceless = [image.model_copy(update={"face": None}) for image in images]
    items = encode_items(faceless, _encode, config)

    batch = draw_batch(items, config, step_generator(0, 0))

    assert not batch.is_crop
    assert batch.sizes.tolist() == [[64, 64, 0, 0, 64, 64]] * 2


def test_captions_are_dropped_as_often_as_configured(images: list[TrainingImage]) -> None:
    config = make_config(caption_dropout=0.25, batch_size=4)
    items = encode_items(images, _encode, config)

    captions = [
        caption
        for step in range(500)
        for caption in draw_batch(items, config, step_generator(0, step)).captions
    ]

    assert captions.count("") / len(captions) == pytest.approx(0.25, abs=0.03)


def test_regularisation_pictures_come_at_their_share_with_their_weight(
    images: list[TrainingImage],
) -> None:
    config = make_config(regularisation_weight=0.5, batch_size=1, caption_dropout=0.0)
    items = encode_items(images, _encode, config)

    batches = [draw_batch(items, config, step_generator(0, step)) for step in range(800)]

    classes = [batch for batch in batches if batch.captions == ("a woman",)]
    assert len(classes) / len(batches) == pytest.approx(0.25, abs=0.04)
    assert {batch.sample_weights.item() for batch in classes} == {0.5}
    assert all(bool((batch.weights == 1.0).all()) for batch in classes)


def test_a_batch_depends_on_the_seed_and_the_step_alone(images: list[TrainingImage]) -> None:
    config = make_config(batch_size=3)
    items = encode_items(images, _encode, config)

    first, second = (draw_batch(items, config, step_generator(7, 3)) for _ in range(2))
    other = draw_batch(items, config, step_generator(7, 4))

    assert first.captions == second.captions
    assert torch.equal(first.latents, second.latents)
    assert not torch.equal(first.latents, other.latents)


def test_the_mask_wins_over_the_person_and_the_person_over_the_face(
    images: list[TrainingImage],
) -> None:
    config = make_config(outside_weight=0.1, face_weight=1.0)
    left_half = Box(left=0, top=0, right=32, bottom=64)
    image = images[0].model_copy(update={"person": left_half})
    frame = frame_for(image, 64, 64, [SQUARE])

    by_person = loss_map(image, frame, (16, 16), config)
    by_face = loss_map(images[0], frame, (16, 16), config)

    torch.testing.assert_close(by_person[:, :8], torch.ones(16, 8))
    torch.testing.assert_close(by_person[:, 8:], torch.full((16, 8), 0.1))
    assert by_face[0, 0] == pytest.approx(0.1)
    assert by_face[7, 8] == pytest.approx(1.0)


def test_the_face_counts_as_often_as_configured(images: list[TrainingImage]) -> None:
    config = make_config(outside_weight=0.5, face_weight=4.0)
    frame = frame_for(images[0], 64, 64, [SQUARE])

    weights = loss_map(images[0], frame, (16, 16), config)

    assert weights[7, 8] == pytest.approx(4.0)
    assert weights[15, 0] == pytest.approx(0.5)


@given(
    left=st.floats(-20, 60), top=st.floats(-20, 60), width=st.floats(1, 50), height=st.floats(1, 50)
)
def test_box_shares_add_up_to_the_visible_area(
    left: float, top: float, width: float, height: float
) -> None:
    box = Box(left=left, top=top, right=left + width, bottom=top + height)
    seen_width = max(0.0, min(64.0, box.right) - max(0.0, left))
    seen_height = max(0.0, min(64.0, box.bottom) - max(0.0, top))

    shares = box_share(box, SQUARE, (16, 16))

    assert shares.min() >= 0
    assert shares.max() <= 1.0001
    assert float(shares.sum()) * 16 == pytest.approx(seen_width * seen_height, abs=0.5)


@given(width=st.integers(64, 300), height=st.integers(64, 300), x=st.floats(0, 1))
def test_the_square_lies_inside_the_picture_and_keeps_the_face(
    width: int, height: int, x: float
) -> None:
    face = Box(left=x * (width - 20), top=0, right=x * (width - 20) + 20, bottom=20)
    image = TrainingImage(path="a.png", caption="a", face=face)

    frame = frame_for(image, width, height, [SQUARE])

    moved = frame.box(face)
    assert 0 <= frame.left <= frame.width - 64
    assert 0 <= frame.top <= frame.height - 64
    assert -1 <= moved.left < moved.right <= 65


def test_dropping_every_caption_leaves_none(images: list[TrainingImage]) -> None:
    config = make_config(caption_dropout=1.0)
    items = [replace(item) for item in encode_items(images, _encode, config)]

    assert set(draw_batch(items, config, step_generator(0, 0)).captions) == {""}


@pytest.fixture
def mixed(images: list[TrainingImage], tmp_path: Path) -> list[TrainingImage]:
    """The square pictures, and eight wide ones with the face at the right."""
    wide = []
    for number in range(8):
        path = tmp_path / f"wide{number}.png"
        Image.new("RGB", (256, 128), (number * 20, 0, 0)).save(path)
        face = Box(left=200, top=20, right=240, bottom=70)
        wide.append(TrainingImage(path=path, caption=f"wide {number}", face=face))
    return [*images, *wide]


def test_a_picture_takes_the_size_of_its_own_ratio_and_stays_with_its_latents(
    mixed: list[TrainingImage],
) -> None:
    items = encode_items(mixed, _encode, make_config(), 3, SIZES)
    assert [item.caption for item in items] == [image.caption for image in mixed]
    assert {tuple(item.latents.shape[1:]) for item in items[:5]} == {(16, 16)}
    for number, item in enumerate(items[5:]):
        assert item.latents.shape == (4, 16, 32)
        assert item.weights.shape == (16, 32)
        assert torch.allclose(item.latents[0], torch.tensor(number * 20 / 127.5 - 1))
        assert item.face is not None
        assert item.face.tolist() == [25, 2.5, 30, 8.75]


def test_a_batch_has_one_size_and_each_picture_comes_at_its_share(
    mixed: list[TrainingImage],
) -> None:
    config = make_config(batch_size=2, caption_dropout=0.0)
    items = encode_items(mixed, _encode, config, 4, SIZES)
    batches = [draw_batch(items, config, step_generator(3, step)) for step in range(60)]
    for batch in batches:
        wide = [caption.startswith("wide") for caption in batch.captions]
        assert len(set(wide)) == 1
        target = [64, 128] if wide[0] else [64, 64]
        assert batch.sizes[:, 4:].tolist() == [target] * 2
        assert batch.weights.mean() == pytest.approx(1, abs=1e-5)
        assert (batch.is_crop, batch.pictures) == (False, 2)
    alone = make_config(batch_size=1, caption_dropout=0.0)
    captions = [draw_batch(items, alone, step_generator(3, at)).captions[0] for at in range(1200)]
    assert captions.count("a woman") / len(captions) == pytest.approx(0.25, abs=0.04)
    share = sum(caption.startswith("wide") for caption in captions) / len(captions)
    assert share == pytest.approx(0.75 * 8 / 12, abs=0.04)


def test_crops_of_pictures_of_several_sizes_are_drawn_together(mixed: list[TrainingImage]) -> None:
    config = make_config(crop_side=32, crop_share=1.0, crop_batch_size=12, caption_dropout=0.0)
    batch = draw_batch(encode_items(mixed, _encode, config, 4, SIZES), config, step_generator(0, 0))
    assert batch.is_crop
    assert batch.latents.shape == (12, 4, 8, 8)
    assert len({caption.startswith("wide") for caption in batch.captions}) == 2
