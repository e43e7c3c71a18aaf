from __future__ import annotations

from PIL import Image, ImageFilter

from tests.tools.qc.conftest import Frame
from tools.qc.calibration import COPY_DISTANCE
from tools.qc.quality import measure_quality, near_duplicates

Cast = dict[str, Frame]


def test_cast_is_sharp_and_its_blurred_prints_are_not(cast: Cast) -> None:
    for frame in list(cast.values())[::4]:
        face = frame.faces[0].box if frame.faces else None
        assert measure_quality(frame.image, face).flags == ()
        blurred = frame.image.filter(ImageFilter.GaussianBlur(1.5))
        assert "blurred" in measure_quality(blurred, face).flags


def test_black_and_white_pictures_are_flagged() -> None:
    assert "too dark" in measure_quality(Image.new("RGB", (64, 64), "black")).flags
    assert "too bright" in measure_quality(Image.new("RGB", (64, 64), "white")).flags


def test_near_duplicates_are_named_in_pairs(cast: Cast) -> None:
    frames = [frame for frame in cast.values() if frame.person == 0][:5]
    images = {frame.file: frame.image for frame in frames}
    assert near_duplicates(images, COPY_DISTANCE) == []
    images["again.png"] = frames[3].image.resize((300, 300))
    pairs = near_duplicates(images, COPY_DISTANCE)
    assert [(first, second) for first, second, _ in pairs] == [("00000_03.webp", "again.png")]
