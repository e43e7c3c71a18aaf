"""Reframing puts the face where the framing has it."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from tools.contracts.model import Box, Size
from tools.contracts.photography import Framing
from tools.references.framings import face_layouts, reframe

SIZE = Size(width=256, height=256)


def test_every_framing_has_a_layout_and_closer_ones_larger_faces() -> None:
    heights = [face_layouts().faces[framing].height for framing in Framing]
    assert heights == sorted(heights, reverse=True)


def marked(width: int, height: int, face: Box) -> Image.Image:
    """Grey with a red face box."""
    picture = Image.new("RGB", (width, height), "grey")
    corners = [round(side) for side in (face.left, face.top, face.right, face.bottom)]
    picture.paste("red", (corners[0], corners[1], corners[2], corners[3]))
    return picture


@pytest.mark.parametrize("target", [Framing.CLOSE_UP, Framing.MEDIUM_CLOSE_UP, Framing.MEDIUM])
def test_the_face_comes_to_lie_where_the_target_has_it(target: Framing) -> None:
    face = Box(left=20, top=30, right=120, bottom=130)
    picture = reframe(marked(300, 200, face), Framing.CLOSE_UP, target, face, SIZE)
    pixels = np.asarray(picture).astype(int)
    rows, columns = np.nonzero(pixels[:, :, 0] - pixels[:, :, 1] > 128)
    wanted = face_layouts().faces[target]
    assert np.ptp(rows) + 1 == pytest.approx(wanted.height * 256, abs=3)
    assert rows.mean() == pytest.approx(wanted.centre_y * 256, abs=3)
    assert columns.mean() == pytest.approx(wanted.centre_x * 256, abs=3)


def test_the_same_framing_without_a_face_box_keeps_the_picture() -> None:
    values = np.random.default_rng(0).integers(0, 256, (256, 256, 3), dtype=np.uint8)
    picture = Image.fromarray(values)
    same = reframe(picture, Framing.MEDIUM, Framing.MEDIUM, None, SIZE)
    assert same.tobytes() == picture.tobytes()
