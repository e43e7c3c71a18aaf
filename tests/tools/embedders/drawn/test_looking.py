from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from PIL import Image
from torch import Tensor

from tests.support.cast_frames import Frame
from tools.compute import Compute, pretraining_compute, resolve_device
from tools.contracts.model import Box
from tools.embedders.boxes import overlap
from tools.embedders.drawn.looking import APART, BESIDE, SMALLEST, SURE, heads_in
from tools.embedders.drawn.networks import STRIDE, HeadDetector, HeadMaps
from tools.embedders.drawn.weights import load_networks, shipped_weights

COMPUTE = pretraining_compute(resolve_device("cpu"))
EXACT = Compute(torch.device("cpu"), torch.float32, torch.float32, "fp32, for geometry")
SIDE = 256


@dataclass(frozen=True)
class Said:
    """A head as the maps say it, in pixels of what is looked at."""

    x: float
    y: float
    side: float
    heat: float = 0.8


class SayingDetector(HeadDetector):
    """Says the heads that it is told, whatever it looks at, and remembers the size of that."""

    def __init__(self, *heads: Said) -> None:
        super().__init__(widths=(8,), out=8)
        self.heads, self.looked_at = heads, (0, 0)

    def forward(self, pictures: Tensor) -> HeadMaps:
        rows, columns = pictures.shape[2:]
        self.looked_at = (columns, rows)
        maps = HeadMaps(*(torch.zeros(1, n, rows // STRIDE, columns // STRIDE) for n in (1, 2, 1)))
        maps.heat.fill_(-9.0)
        for head in self.heads:
            row, column = int(head.y // STRIDE), int(head.x // STRIDE)
            maps.heat[0, 0, row, column] = math.log(head.heat / (1 - head.heat))
            maps.offset[0, 0, row, column] = head.x / STRIDE - column
            maps.offset[0, 1, row, column] = head.y / STRIDE - row
            maps.size[0, 0, row, column] = math.log(head.side / STRIDE)
        return maps


@pytest.fixture(scope="module")
def detector() -> HeadDetector:
    return load_networks(shipped_weights()).detector


def look(
    heads: Sequence[Said], size: tuple[int, int] = (SIDE, SIDE), side: int = SIDE, bar: float = 0.25
) -> list[tuple[float, float, float]]:
    """Middle and side of each head that comes out, in pixels of a picture of this size."""
    found = heads_in(SayingDetector(*heads), EXACT, Image.new("RGB", size), side, bar)
    return [
        ((each.box.left + each.box.right) / 2, (each.box.top + each.box.bottom) / 2, each.box.width)
        for each in found
    ]


@given(
    st.integers(40, 900),
    st.integers(40, 900),
    st.sampled_from([64, 256, 512]),
    st.tuples(st.floats(0.05, 0.95), st.floats(0.05, 0.95)),
    st.floats(SMALLEST + 0.1, 250),
)
def test_a_head_is_a_square_in_pixels_of_the_picture(
    width: int, height: int, side: int, place: tuple[float, float], face: float
) -> None:
    """Whatever the picture's size and that of the copy are."""
    scale = side / max(width, height)
    x, y = place[0] * width, place[1] * height
    (found,) = heads_in(
        SayingDetector(Said(x * scale, y * scale, face)),
        EXACT,
        Image.new("RGB", (width, height)),
        side,
        SURE,
    )
    half = face / scale / 2
    box = found.box
    assert (box.left, box.top, box.right, box.bottom) == pytest.approx(
        (x - half, y - half, x + half, y + half), abs=1e-3 * (1 + max(width, height))
    )
    assert found.detector == "drawn"
    assert found.confidence == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("size", "side", "looked_at"),
    [
        ((256, 256), 256, (256, 256)),
        ((512, 256), 256, (256, 128)),
        ((300, 200), 256, (256, 192)),
        ((100, 1000), 512, (64, 512)),
        ((1000, 1), 64, (64, 32)),
    ],
)
def test_what_is_looked_at_has_sides_of_thirty_two(
    size: tuple[int, int], side: int, looked_at: tuple[int, int]
) -> None:
    network = SayingDetector()
    assert heads_in(network, EXACT, Image.new("RGB", size), side, SURE) == []
    assert network.looked_at == looked_at


def test_a_head_in_what_was_filled_up_is_none() -> None:
    inside, outside = Said(100, 150, 40), Said(100, 180, 40, 0.9)
    assert look([inside, outside], (256, 171)) == [pytest.approx((100, 150, 40))]


@given(st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_only_heads_above_the_bar_are_there(heat: float, bar: float) -> None:
    assume(abs(heat - bar) > 1e-5)
    assert len(look([Said(100, 100, 40, heat)], bar=bar)) == (heat > bar)


def test_a_head_that_is_too_small_is_none() -> None:
    assert look([Said(100, 100, SMALLEST - 0.2)]) == []
    assert len(look([Said(100, 100, SMALLEST + 0.2)])) == 1


def test_a_cell_beside_a_hotter_one_is_no_second_head() -> None:
    hotter, beside = Said(100.2, 100.2, 11), Said(107.8, 107.8, 11, 0.75)
    assert _apart_by(hotter, beside) > APART, "only the map tells them apart"
    assert look([hotter, beside]) == [pytest.approx((100.2, 100.2, 11))]


def _apart_by(one: Said, other: Said) -> float:
    """Distance in sides of the larger head."""
    return math.hypot(one.x - other.x, one.y - other.y) / max(one.side, other.side)


def test_two_heads_are_apart_by_most_of_the_larger_face() -> None:
    first = Said(80, 80, 40, 0.8)
    near, far = Said(80 + 40 * APART - 2, 80, 20, 0.79), Said(80 + 40 * APART + 2, 80, 20, 0.79)
    assert len(look([first, near])) == 1
    assert len(look([first, far])) == 2
    larger = Said(80 + 40 * APART + 2, 80, 60, 0.79)
    assert len(look([first, larger])) == 1


def test_a_far_fainter_head_beside_a_sure_one_is_a_hand() -> None:
    sure = Said(60, 60, 40, 0.8)
    hand, head = Said(180, 180, 40, 0.8 * BESIDE - 0.02), Said(180, 180, 40, 0.8 * BESIDE + 0.02)
    assert len(look([sure, hand])) == 1
    assert len(look([sure, head])) == 2
    assert len(look([hand])) == 1, "alone it is the surest"


SAID = st.builds(
    Said,
    st.integers(4, SIDE - 4).map(float),
    st.integers(4, SIDE - 4).map(float),
    st.floats(12, 90),
    st.floats(0.1, 0.95),
)


@given(st.lists(SAID, max_size=40, unique_by=lambda head: (head.x // STRIDE, head.y // STRIDE)))
def test_of_many_the_surest_come_first_and_none_lies_upon_another(heads: list[Said]) -> None:
    found = heads_in(SayingDetector(*heads), EXACT, Image.new("RGB", (SIDE, SIDE)), SIDE, SURE)
    sureness = [each.confidence for each in found]
    assert sureness == sorted(sureness, reverse=True)
    assert all(each >= max(SURE, BESIDE * sureness[0]) - 1e-6 for each in sureness)
    for at, one in enumerate(found):
        for other in found[at + 1 :]:
            assert _apart(one.box, other.box) > APART - 1e-6
    if any(head.heat > SURE + 1e-6 for head in heads):
        assert found


def _apart(one: Box, other: Box) -> float:
    """Distance of the middles in sides of the larger box."""
    across = (one.left + one.right) / 2 - (other.left + other.right) / 2
    down = (one.top + one.bottom) / 2 - (other.top + other.bottom) / 2
    return math.hypot(across, down) / max(one.width, other.width)


@pytest.mark.parametrize("name", ["00000_10.webp", "00002_13.webp", "00003_00.webp"])
def test_heads_of_the_cast_lie_where_another_detector_saw_them(
    detector: HeadDetector, cast: dict[str, Frame], name: str
) -> None:
    (found,) = heads_in(detector, COMPUTE, cast[name].image, SIDE, SURE)
    (face,) = cast[name].faces
    assert overlap(found.box, face.box) > 0.5


@pytest.mark.parametrize("moved", [(32, 64), (17, 5), (200, 90)])
def test_a_head_that_is_moved_is_found_where_it_was_moved_to(
    detector: HeadDetector, cast: dict[str, Frame], moved: tuple[int, int]
) -> None:
    picture = cast["00002_13.webp"].image
    (before,) = heads_in(detector, COMPUTE, picture, SIDE, SURE)
    wide = Image.new("RGB", (512, 384), (120, 120, 140))
    wide.paste(picture, moved)
    (after,) = heads_in(detector, COMPUTE, wide, 512, SURE)
    back = Box(
        left=after.box.left - moved[0],
        top=after.box.top - moved[1],
        right=after.box.right - moved[0],
        bottom=after.box.bottom - moved[1],
    )
    assert overlap(back, before.box) > 0.6


def test_a_lower_bar_loses_no_head(detector: HeadDetector, cast: dict[str, Frame]) -> None:
    picture = cast["00000_03.webp"].image
    strict, loose = (heads_in(detector, COMPUTE, picture, 512, bar) for bar in (SURE, 0.05))
    assert strict
    assert loose[: len(strict)] == strict
