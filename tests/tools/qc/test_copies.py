from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageOps

from tests.support.cast_frames import Frame
from tools.qc.calibration import COPY_DISTANCE
from tools.qc.copies import copied_from, fingerprint, nearest_picture, repeats

Cast = dict[str, Frame]


def _recompressed(image: Image.Image) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=40)
    return Image.open(buffer).convert("RGB")


def _noisy(image: Image.Image) -> Image.Image:
    noise = np.random.default_rng(0).normal(0, 10, (*image.size[::-1], 3))
    return Image.fromarray(np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8))


def _darker(image: Image.Image) -> Image.Image:
    return ImageEnhance.Brightness(image).enhance(0.7)


def _larger(image: Image.Image) -> Image.Image:
    return image.resize((512, 512))


@pytest.mark.parametrize("change", [_recompressed, _noisy, _darker, _larger, ImageOps.mirror])
def test_a_changed_print_is_still_a_copy(
    cast: Cast, change: Callable[[Image.Image], Image.Image]
) -> None:
    frames = [frame for frame in cast.values() if frame.person == 2]
    prints = {frame.file: fingerprint(frame.image) for frame in frames}
    for frame in frames:
        assert copied_from(change(frame.image), prints, COPY_DISTANCE) == frame.file


def test_no_frame_of_the_cast_is_called_a_copy_of_another(cast: Cast) -> None:
    prints = {name: fingerprint(frame.image) for name, frame in cast.items()}
    for name, frame in cast.items():
        others = {other: each for other, each in prints.items() if other != name}
        assert copied_from(frame.image, others, COPY_DISTANCE) is None, name


def test_nothing_trained_on_means_no_copy(cast: Cast) -> None:
    image = cast["00000_00.webp"].image
    assert nearest_picture(image, {}) is None
    assert copied_from(image, {}, COPY_DISTANCE) is None


def test_repeats_name_the_first_of_their_kind(cast: Cast) -> None:
    first, other = cast["00002_00.webp"].image, cast["00002_05.webp"].image
    pictures = {"a": first, "b": other, "c": ImageOps.mirror(first), "d": _recompressed(first)}
    prints = {name: fingerprint(image) for name, image in pictures.items()}
    assert repeats(prints, COPY_DISTANCE) == {"c": "a", "d": "a"}
    assert repeats({}, COPY_DISTANCE) == {}


def test_flat_picture_has_a_finite_fingerprint() -> None:
    assert np.isfinite(fingerprint(Image.new("RGB", (64, 64), "grey"))).all()
