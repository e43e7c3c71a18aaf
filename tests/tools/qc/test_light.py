from __future__ import annotations

from tests.support.cast_frames import Frame
from tools.contracts.model import Box
from tools.contracts.photography import Framing, View
from tools.qc.light import framing_of, light_facts, light_of, measured_words, view_of

Cast = dict[str, Frame]
COLOURED = {"candlelight", "golden hour", "moonlight", "neon light"}


def test_framing_agrees_with_the_labels(cast: Cast) -> None:
    seen = [frame for frame in cast.values() if frame.faces]
    right = sum(framing_of(frame.faces[0].box, 256) is frame.framing for frame in seen)
    assert right >= 0.9 * len(seen)


def test_framing_goes_from_face_filling_the_frame_to_wide() -> None:
    heights = [200, 110, 62, 42, 26, 18, 5]
    framings = [
        framing_of(Box(left=0, top=0, right=height, bottom=height), 256) for height in heights
    ]
    assert framings == list(Framing)


def test_view_never_has_left_and_right_swapped(cast: Cast) -> None:
    left = {View.THREE_QUARTER_LEFT, View.LEFT_PROFILE}
    right = {View.THREE_QUARTER_RIGHT, View.RIGHT_PROFILE}
    hits = 0
    for frame in (each for each in cast.values() if each.faces):
        view = view_of(frame.faces[0])
        assert not (view in left and frame.view in right), frame.file
        assert not (view in right and frame.view in left), frame.file
        hits += (view in left) == (frame.view in left) and (view in right) == (frame.view in right)
    assert hits >= 0.8 * sum(bool(frame.faces) for frame in cast.values())


def test_coloured_lights_are_told_apart(cast: Cast) -> None:
    seen = [frame for frame in cast.values() if frame.faces and frame.light in COLOURED]
    right = sum(light_of(frame.image, frame.faces[0].box) == frame.light for frame in seen)
    assert right >= 0.9 * len(seen)


def test_facts_name_warm_cool_and_side(cast: Cast) -> None:
    def facts(name: str) -> tuple[str, ...]:
        return light_facts(cast[name].image, cast[name].faces[0].box)

    assert "warm" in facts("00003_14.webp")
    assert "cool" in facts("00001_15.webp")
    assert {"from the left", "from the right"} & set(facts("00002_12.webp"))


def test_measured_words_join_all(cast: Cast) -> None:
    frame = cast["00000_13.webp"]
    words = measured_words(frame.image, frame.faces[0])
    assert (words.framing, words.view) == (Framing.MEDIUM, View.FRONTAL)
