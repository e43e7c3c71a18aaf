from __future__ import annotations

import dlib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.support.cast_frames import Frame
from tools.contracts.model import Box
from tools.embedders.boxes import Detection, overlap
from tools.embedders.photo.detectors import (
    AGREED,
    ALONE,
    CHIP_SIDE,
    WORKING_SIDE,
    Detectors,
    LandmarkReader,
    _accepted,
    _box,
    part_around,
    points_of,
)
from tools.embedders.photo.enlarge import resized
from tools.embedders.photo.weights import models_folder
from tools.errors import BaseUnavailable

Cast = dict[str, Frame]
CLOSE_UP, PROFILE, FULL_BODY = "00000_00.webp", "00000_03.webp", "00000_18.webp"
EDGES, SIDES = st.integers(-200, 2000), st.integers(1, 900)


@pytest.fixture(scope="module")
def detectors() -> Detectors:
    return Detectors(models_folder())


@pytest.fixture(scope="module")
def reader() -> LandmarkReader:
    return LandmarkReader()


def seen(score: float, pass_name: str, left: float = 0) -> Detection:
    box = Box(left=left, top=0, right=left + 80, bottom=80)
    return Detection(box, score, "hog", pass_name)


def beside(left: Image.Image, right: Image.Image) -> Image.Image:
    both = Image.new("RGB", (512, 256))
    both.paste(left, (0, 0))
    both.paste(right, (256, 0))
    return both


@given(EDGES, EDGES, SIDES, SIDES, st.floats(0.2, 8))
def test_a_box_is_in_pixels_of_the_picture(
    left: int, top: int, width: int, height: int, scale: float
) -> None:
    """dlib's right and bottom are inclusive, ours are not."""
    box = _box(dlib.rectangle(left, top, left + width - 1, top + height - 1), scale)
    edges = (box.left * scale, box.top * scale, box.width * scale, box.height * scale)
    assert edges == pytest.approx((left, top, width, height))


@pytest.mark.parametrize(
    ("detections", "accepted"),
    [
        ([], []),
        ([seen(ALONE, "512")], [ALONE]),
        ([seen(ALONE - 0.01, "512")], []),
        ([seen(AGREED, "512"), seen(ALONE - 0.05, "1024")], [ALONE - 0.05]),
        ([seen(AGREED, "512"), seen(ALONE - 0.05, "512")], []),
        ([seen(AGREED, "512"), seen(ALONE - 0.05, "1024", left=300)], []),
        ([seen(0.4, "512"), seen(1.2, "1024"), seen(0.8, "512", left=300)], [1.2, 0.8]),
    ],
)
def test_a_face_is_one_that_a_copy_is_sure_of_or_two_agree_on(
    detections: list[Detection], accepted: list[float]
) -> None:
    assert [each.confidence for each in _accepted(detections)] == accepted


@pytest.mark.parametrize(("name", "pass_name"), [(CLOSE_UP, "512"), (FULL_BODY, "1024")])
def test_a_small_face_is_seen_in_the_far_copy_only(
    detectors: Detectors, cast: Cast, name: str, pass_name: str
) -> None:
    (found,) = detectors.fast(cast[name].image)
    assert (found.detector, found.pass_name) == ("hog", pass_name)
    assert overlap(found.box, cast[name].faces[0].box) > 0.95


def test_a_small_face_beside_a_large_one_is_added_to_it(detectors: Detectors, cast: Cast) -> None:
    large, small = detectors.fast(beside(cast[CLOSE_UP].image, cast["00002_13.webp"].image))
    assert (large.pass_name, small.pass_name) == ("512", "1024")
    assert large.box.right < 256 < small.box.left


def test_what_is_turned_away_only_the_thorough_look_adds(detectors: Detectors, cast: Cast) -> None:
    frame = cast[PROFILE]
    assert detectors.fast(frame.image) == []
    (found,) = detectors.thorough(frame.image, [])
    assert found.detector == "mmod"
    assert overlap(found.box, frame.faces[0].box) > 0.95


def test_a_known_face_is_not_added_again_and_a_new_one_is(detectors: Detectors, cast: Cast) -> None:
    known = cast[CLOSE_UP].faces
    found = detectors.thorough(beside(cast[CLOSE_UP].image, cast[PROFILE].image), known)
    assert [each.detector for each in found] == ["hog", "mmod"]
    assert found[0].box == known[0].box
    assert found[0].confidence == known[0].confidence
    assert found[1].box.left > 256


def test_the_large_copy_is_looked_at_where_the_small_one_adds_nothing(
    detectors: Detectors, cast: Cast
) -> None:
    known = cast[CLOSE_UP].faces
    found = detectors.thorough(beside(cast[CLOSE_UP].image, cast["00001_15.webp"].image), known)
    assert [each.detector for each in found] == ["hog", "mmod"]
    assert found[1].box.left > 256


def test_turned_and_small_heads_are_hinted_and_empty_pictures_are_not(
    detectors: Detectors, cast: Cast
) -> None:
    unread = [name for name in ("00005_14.webp", "00006_01.webp") if not cast[name].faces]
    assert len(unread) == 2
    assert all(detectors.hint(cast[name].image) for name in unread)
    sky = np.tile(np.linspace(60, 250, 256, dtype=np.uint8)[:, None, None], (1, 256, 3))
    for nobody in (Image.new("RGB", (256, 256), "teal"), Image.fromarray(sky)):
        assert not detectors.hint(nobody)


def test_a_chip_is_an_upright_face(detectors: Detectors, cast: Cast) -> None:
    """The eyes of a tilted head lie level in its chip."""
    image = cast[CLOSE_UP].image.rotate(15, Image.Resampling.BICUBIC)
    working, scale = resized(image, WORKING_SIDE)
    (found,) = detectors.fast(image)
    shape = detectors.landmarks(working, scale, found.box)
    chip = detectors.chip(working, shape)
    assert chip.shape == (CHIP_SIDE, CHIP_SIDE, 3)
    whole = Box(left=25, top=25, right=125, bottom=125)
    upright = points_of(detectors.landmarks(chip, 1.0, whole))
    assert len(upright) == 5
    assert _slope(points_of(shape)) > 0.15
    assert abs(_slope(upright)) < 0.1


def _slope(points: list[tuple[float, float]]) -> float:
    """Of the line through the eyes' outer corners; positive where the viewer's right is higher."""
    (right_x, right_y), (left_x, left_y) = points[0], points[2]
    return (left_y - right_y) / (right_x - left_x)


def test_points_are_read_where_they_are_stored(reader: LandmarkReader, cast: Cast) -> None:
    stored = cast[CLOSE_UP].faces[0]
    ((box, points),) = reader.read(cast[CLOSE_UP].image, None)
    assert overlap(box, stored.box) > 0.95
    assert np.abs(np.subtract(points, stored.landmarks)).max() < 2


@pytest.mark.parametrize("times", [2, 6])
def test_points_are_in_pixels_of_the_picture_as_given(
    reader: LandmarkReader, cast: Cast, times: int
) -> None:
    """Also where it is larger than the copy that is worked on."""
    image, (face,) = cast[CLOSE_UP].image, cast[CLOSE_UP].faces
    edges = (face.box.left, face.box.top, face.box.right, face.box.bottom)
    left, top, right, bottom = (edge * times for edge in edges)
    large_box = Box(left=left, top=top, right=right, bottom=bottom)
    large = image.resize((256 * times, 256 * times), Image.Resampling.BICUBIC)
    ((box, points),) = reader.read(large, [large_box])
    assert box == large_box
    assert np.abs(np.divide(points, times) - face.landmarks).max() < 3


def test_points_are_fitted_in_each_box_that_is_given(reader: LandmarkReader, cast: Cast) -> None:
    boxes = [cast[CLOSE_UP].faces[0].box, Box(left=20, top=20, right=60, bottom=60)]
    found = reader.read(cast[CLOSE_UP].image, boxes)
    assert [box for box, _ in found] == boxes
    for box, points in found:
        assert len(points) == 5
        for x, y in points:
            assert box.left - box.width / 4 < x < box.right + box.width / 4
            assert box.top - box.height / 4 < y < box.bottom + box.height / 4


@pytest.mark.parametrize("boxes", [None, []])
def test_where_there_is_no_face_there_are_no_points(
    reader: LandmarkReader, boxes: list[Box] | None
) -> None:
    assert reader.read(Image.new("RGB", (64, 48), "teal"), boxes) == []


def test_missing_files_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(BaseUnavailable, match="the face detectors are missing: pip install"):
        LandmarkReader()


@given(
    left=st.floats(-50, 1200),
    top=st.floats(-50, 1200),
    side=st.floats(1, 600),
    width=st.integers(64, 1536),
    height=st.integers(64, 1536),
    share=st.floats(0.2, 1),
)
def test_the_part_around_a_hint_lies_within_the_picture(
    left: float, top: float, side: float, width: int, height: int, share: float
) -> None:
    box = Box(left=left, top=top, right=left + side, bottom=top + side)
    a, b, c, d = part_around(box, (width, height), share)
    assert 0 <= a < c <= width
    assert 0 <= b < d <= height
    assert c - a == d - b == min(round(max(width, height) * share), width, height)


def test_a_large_picture_is_looked_at_again_only_where_a_head_is_hinted(
    detectors: Detectors, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MMOD's second look at 1024² took four fifths of its seconds; the small copy is as before."""
    sides: list[int] = []
    found = detectors._run_mmod

    def counted(image: Image.Image, side: int, *, stretched: bool) -> list[Detection]:
        sides.append(side)
        return found(image, side, stretched=stretched) if sides == [side] else []

    monkeypatch.setattr(detectors, "_run_mmod", counted)
    plain = Image.new("RGB", (1024, 1024), "grey")
    assert detectors.thorough(plain, []) == []
    assert sides == [512]
    sides.clear()
    detectors.thorough(Image.new("RGB", (256, 256), "grey"), [])
    assert sides == [256, 512]


def test_a_face_in_the_part_comes_back_in_pixels_of_the_picture(
    detectors: Detectors, cast: Cast
) -> None:
    """A head in the corner of a large wall: too small for the small copy, seen in the part."""
    wall = Image.new("RGB", (2048, 2048), (110, 105, 100))
    head = cast[CLOSE_UP].image.resize((300, 300))
    wall.paste(head, (1600, 1500))
    seen = detectors._look_again(wall, 1024)
    assert seen
    box = seen[0].box
    assert 1600 <= box.left < box.right <= 1900
    assert 1500 <= box.top < box.bottom <= 1800
