"""A parent picture laid out anew for another framing.

Knows where a face lies in each framing (`prompts/references/framings.yaml`); must not know who is
in it.
"""

from __future__ import annotations

from functools import cache

from PIL import Image
from pydantic import Field

from tools.contracts.model import Box, Contract, Size
from tools.contracts.photography import Framing
from tools.imaging.crops import Placement, place
from tools.references.data import load_data


class FaceLayout(Contract):
    """A face box as shares of a square picture."""

    height: float = Field(gt=0, le=1)
    centre_x: float = Field(ge=0, le=1)
    centre_y: float = Field(ge=0, le=1)


class FaceLayouts(Contract):
    """The whole of `framings.yaml`."""

    faces: dict[Framing, FaceLayout]


@cache
def face_layouts() -> FaceLayouts:
    """The shipped layouts; every framing has one."""
    return load_data("framings", FaceLayouts)


def reframe(
    parent: Image.Image, source: Framing, target: Framing, face: Box | None, size: Size
) -> Image.Image:
    """Lay a parent out as the target framing would show it, for image-to-image.

    The face is scaled and moved to where that framing has it; edges are carried outward where the
    parent does not reach. Beside the parent they are what lies beside its nose, which is background:
    shoulders that touch a side would go on as a wall of cloth, out of which a base draws other people.

    Args:
        parent: any size.
        source: the parent's framing; used where its face box is not known.
        target: the framing to draw.
        face: the parent's face box in pixels, or None.
        size: pixels of the result.
    """
    faces = face_layouts().faces
    usual, wanted = faces[source], faces[target]
    if face is None:
        height = usual.height * parent.height
        centre = (usual.centre_x * parent.width, usual.centre_y * parent.height)
    else:
        height = face.height
        centre = ((face.left + face.right) / 2, (face.top + face.bottom) / 2)
    scale = wanted.height * size.height / height
    placement = Placement(
        scale=scale,
        offset_x=wanted.centre_x * size.width - scale * centre[0],
        offset_y=wanted.centre_y * size.height - scale * centre[1],
    )
    return place(parent, placement, size, sides_to=centre[1])
