"""Director's photos are cut around the person, or refused by name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFilter, ImageOps

from tools.backends.bases import read_table
from tools.contracts.bases import BaseRow
from tools.contracts.model import Box, Size
from tools.contracts.progress import Progress
from tools.errors import BadInput, Cancelled, Refused
from tools.imaging.pictures import load_picture
from tools.references.cuts import person_around
from tools.references.photos import NamedFile, Photo, cut_photo, faceless_photo, intake

CAST = Path(__file__).parents[2] / "data" / "cast"
SDXL = next(row for row in read_table() if isinstance(row, BaseRow) and row.name == "sdxl")
FACE = Box(left=80, top=80, right=170, bottom=190)


def squares_of(side: int) -> list[Size]:
    return [Size(width=side, height=side)]


def one_face(picture: Image.Image) -> Sequence[Box]:
    return [FACE]


def cast_frames(count: int) -> list[Path]:
    return [CAST / f"00001_{frame:02d}.webp" for frame in range(count)]


def take(paths: Sequence[Path], **options: object) -> tuple[Photo, ...]:
    arguments = {
        "find_faces": one_face,
        "min_side": 256,
        "sizes": squares_of(256),
        "least_images": 1,
    } | options
    files = [NamedFile(path.name, path) for path in paths]
    return intake(files, **arguments)  # type: ignore[arg-type]


def saved(folder: Path, name: str, picture: Image.Image) -> Path:
    picture.save(folder / name)
    return folder / name


def noise(width: int, height: int, seed: int = 0) -> Image.Image:
    values = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(values)


def test_square_photos_of_the_right_size_stay_as_they_are() -> None:
    photos = take(cast_frames(3))
    for path, photo in zip(cast_frames(3), photos, strict=True):
        assert photo.picture.tobytes() == load_picture(path).tobytes()
        assert (photo.file, photo.face, photo.flags) == (path.name, FACE, ())


def test_unreadable_files_are_bad_input_before_any_face_is_looked_for(tmp_path: Path) -> None:
    good = saved(tmp_path, "good.png", noise(300, 300))
    cut = tmp_path / "cut.png"
    cut.write_bytes(good.read_bytes()[:500])
    text = tmp_path / "text.jpg"
    text.write_text("hello")

    def never(picture: Image.Image) -> Sequence[Box]:
        raise AssertionError

    with pytest.raises(BadInput, match=r"cut\.png: not a readable.*text\.jpg: not a readable"):
        take([good, cut, text], find_faces=never)


def test_small_photos_are_refused_by_name_and_size(tmp_path: Path) -> None:
    paths = [
        saved(tmp_path, "a.png", noise(256, 256)),
        saved(tmp_path, "b.png", noise(255, 400)),
        saved(tmp_path, "c.png", noise(90, 90)),
    ]
    with pytest.raises(Refused, match=r"at least 256 pixels.*b\.png \(255×400\), c\.png \(90×90\)"):
        take(paths)


def test_no_face_and_two_faces_are_refused_together_by_name() -> None:
    paths = cast_frames(3)
    answers = iter([[], [FACE], [FACE, FACE]])
    with pytest.raises(Refused, match=r"one readable face: 00001_00\.webp \(no face\), 00001_02"):
        take(paths, find_faces=lambda _: next(answers))


def test_a_photo_labelled_as_turned_away_may_have_no_face() -> None:
    photos = take(
        cast_frames(2), find_faces=lambda _: [], may_hide_face=lambda name: name.startswith("00001")
    )
    assert [(photo.face, photo.flags) for photo in photos] == [(None, ("no readable face",))] * 2


@pytest.mark.parametrize("count", [0, 3])
def test_a_set_that_is_too_small_is_refused(count: int) -> None:
    with pytest.raises(Refused, match=f"at least 20 photos, got {count}"):
        take(cast_frames(count), least_images=20)


def test_blurred_photos_and_duplicates_are_flagged_not_refused(tmp_path: Path) -> None:
    sharp = load_picture(CAST / "00002_00.webp")
    paths = [
        saved(tmp_path, "a.png", sharp),
        saved(tmp_path, "b.png", sharp.filter(ImageFilter.GaussianBlur(3))),
        saved(tmp_path, "c.png", load_picture(CAST / "00002_03.webp")),
    ]
    flags = [photo.flags for photo in take(paths)]
    assert flags == [(), ("the face is blurred", "nearly equals a.png"), ()]


def test_mirrored_photos_are_flagged_with_the_one_that_they_mirror(tmp_path: Path) -> None:
    first, second = (load_picture(CAST / f"00002_0{number}.webp") for number in (0, 3))
    paths = [
        saved(tmp_path, "a.png", first),
        saved(tmp_path, "b.png", second),
        saved(tmp_path, "c.jpg", ImageOps.mirror(first)),
        saved(tmp_path, "d.png", ImageOps.mirror(second.resize((300, 300)))),
        saved(tmp_path, "e.png", second),
    ]
    flags = [photo.flags for photo in take(paths)]
    assert flags == [(), (), ("mirrors a.png",), ("mirrors b.png",), ("nearly equals b.png",)]


def test_a_mirrored_photo_is_known_although_its_face_is_found_a_little_elsewhere(
    tmp_path: Path,
) -> None:
    wide = load_picture(CAST / "00003_11.webp").resize((700, 460))
    wide.paste(load_picture(CAST / "00002_00.webp"), (300, 150))
    paths = [
        saved(tmp_path, "a.png", wide),
        saved(tmp_path, "b.png", ImageOps.mirror(wide)),
        saved(tmp_path, "c.png", wide),
    ]
    face = Box(left=380, top=200, right=480, bottom=320)
    beside = Box(left=700 - 480 + 4, top=202, right=700 - 380 + 3, bottom=321)
    answers = iter([[face], [beside], [face]])
    flags = [photo.flags for photo in take(paths, find_faces=lambda _: next(answers))]
    assert flags == [(), ("mirrors a.png",), ("nearly equals a.png",)]


def test_the_cast_holds_no_mirrored_photos() -> None:
    flags = [photo.flags for photo in take([CAST / f"00002_{n:02d}.webp" for n in range(20)])]
    assert not any("mirrors" in flag for each in flags for flag in each)


def test_progress_is_told_and_can_cancel() -> None:
    told: list[Progress] = []
    take(cast_frames(3), progress=told.append)
    assert [(progress.done, progress.total) for progress in told] == [(1, 3), (2, 3), (3, 3)]

    def cancel(progress: Progress) -> None:
        raise Cancelled("enough")

    with pytest.raises(Cancelled, match="enough"):
        take(cast_frames(3), progress=cancel)


def test_rotated_phone_photos_are_measured_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    noise(500, 300).save(tmp_path / "phone.jpg", exif=exif)
    seen: list[tuple[int, int]] = []

    def remember(picture: Image.Image) -> Sequence[Box]:
        seen.append(picture.size)
        return [FACE]

    take([tmp_path / "phone.jpg"], find_faces=remember)
    assert seen == [(300, 500)]


faces = st.tuples(st.floats(0, 0.8), st.floats(0, 0.8), st.floats(0.03, 0.6))


@given(st.integers(256, 700), st.integers(256, 700), faces)
def test_squares_are_cut_from_the_picture_with_the_head_and_never_enlarged(
    width: int, height: int, face: tuple[float, float, float]
) -> None:
    side = face[2] * min(width, height)
    left, top = face[0] * (width - side), face[1] * (height - side)
    box = Box(left=left, top=top, right=left + side, bottom=top + side)
    picture = Image.new("RGB", (width, height))
    photo = cut_photo("a.png", picture, box, min_side=256, sizes=squares_of(512))
    square = photo.cut
    assert 256 <= square.width == square.height <= min(width, height)
    assert 0 <= square.left <= square.right <= width
    assert 0 <= square.top <= square.bottom <= height
    assert photo.picture.size == (min(512, int(square.width)),) * 2
    assert square.left <= box.left + 1
    assert square.right >= box.right - 1
    assert square.top <= box.top + 1
    assert square.bottom >= box.bottom - 1
    scale = photo.picture.width / square.width
    assert photo.face is not None
    assert photo.person is not None
    assert photo.face.width == pytest.approx(box.width * scale, abs=0.01)
    assert photo.person.left <= photo.face.left + 1
    assert photo.person.bottom >= photo.face.bottom - 1


def test_the_boxes_follow_the_picture_when_it_is_scaled_down() -> None:
    picture = Image.new("RGB", (3000, 2000), "black")
    picture.paste("white", (1400, 300, 1600, 500))
    photo = cut_photo(
        "a.png",
        picture,
        Box(left=1400, top=300, right=1600, bottom=500),
        min_side=1024,
        sizes=squares_of(1024),
    )
    white = np.argwhere(np.asarray(photo.picture.convert("L")) > 128)
    assert photo.picture.size == (1024, 1024)
    assert photo.face is not None
    assert white[:, 0].min() == pytest.approx(photo.face.top, abs=2)
    assert white[:, 1].max() == pytest.approx(photo.face.right, abs=2)


def test_a_figure_that_no_square_holds_keeps_its_head_and_is_flagged() -> None:
    face = Box(left=240, top=60, right=300, bottom=130)
    photo = cut_photo("tall.png", noise(500, 1000), face, min_side=256, sizes=squares_of(1024))
    assert photo.cut.top <= 60
    assert any("cuts the lower body" in flag for flag in photo.flags)
    roomy = cut_photo("roomy.png", noise(1000, 1000), face, min_side=256, sizes=squares_of(1024))
    assert not any("cuts" in flag for flag in roomy.flags)


@given(st.integers(256, 2600), st.integers(256, 2600), faces)
def test_for_a_base_with_several_sizes_the_whole_person_is_kept(
    width: int, height: int, face: tuple[float, float, float]
) -> None:
    side = face[2] * min(width, height)
    left, top = face[0] * (width - side), face[1] * (height - side)
    box = Box(left=left, top=top, right=left + side, bottom=top + side)
    person = person_around(box, width, height)
    photo = cut_photo("a.png", Image.new("L", (width, height)), box, min_side=256, sizes=SDXL.sizes)
    cut = photo.cut
    assert 0 <= cut.left <= person.left
    assert 0 <= cut.top <= person.top
    assert person.right <= cut.right <= width
    assert person.bottom <= cut.bottom <= height
    assert not any("cuts" in flag for flag in photo.flags)
    near = SDXL.size_for(cut.width / cut.height)
    whole = (cut.width, cut.height) == (width, height)
    assert whole or near.width / near.height == pytest.approx(cut.width / cut.height, rel=0.02)
    assert photo.picture.width <= cut.width
    if not whole and cut.width > near.width + 8:
        assert photo.picture.size == pytest.approx((near.width, near.height), abs=14)


def test_a_tall_photo_becomes_a_tall_reference_and_what_is_in_it_stays_where_it_was() -> None:
    picture = Image.new("RGB", (2000, 3000), "black")
    picture.paste("white", (900, 400, 1100, 620))
    face = Box(left=900, top=400, right=1100, bottom=620)
    photo = cut_photo("tall.png", picture, face, min_side=1024, sizes=SDXL.sizes)
    assert photo.picture.size == (832, 1216)
    white = np.argwhere(np.asarray(photo.picture.convert("L")) > 128)
    assert photo.face is not None
    assert white[:, 0].min() == pytest.approx(photo.face.top, abs=2)
    assert white[:, 1].max() == pytest.approx(photo.face.right, abs=2)


def test_a_photo_is_known_again_whatever_shapes_its_base_has() -> None:
    picture = noise(700, 1000)
    face = Box(left=240, top=60, right=300, bottom=130)
    hashes = [
        cut_photo("a.png", picture, face, min_side=256, sizes=sizes).hashes
        for sizes in (squares_of(1024), SDXL.sizes)
    ]
    assert hashes[0] == hashes[1]


def test_a_wide_photo_without_a_face_keeps_its_middle() -> None:
    photo = faceless_photo("a.png", noise(1920, 1080), sizes=SDXL.sizes)
    assert photo.picture.size == (1344, 768)
    assert (photo.cut.left + photo.cut.right) / 2 == pytest.approx(960, abs=1)
