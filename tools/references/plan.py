"""The balanced shot plan: which images a reference set of a given size is made of.

Knows the catalogue (`prompts/references/plan.yaml`) and how to take a balanced part of it; must
not know how images are drawn. The same size gives the same plan.
"""

from __future__ import annotations

from functools import cache

from pydantic import Field

from tools.contracts.model import Contract, Phrase
from tools.contracts.outfits import Wardrobe
from tools.contracts.photography import Expression, Framing, Layer, View
from tools.contracts.references import PlannedImage, ReferencePlan, Tilt
from tools.errors import BadInput
from tools.references.data import load_data

POSE_ROUNDS = 2
"""How often each pose may be asked for, substitutes included."""
SUBSTITUTES = 100
"""Further images of the first layer have positions above this, of the second above twice this."""


class Pose(Contract):
    """One row of a layer in the catalogue."""

    view: View
    view_without_profiles: View | None = None
    expression: Expression = Expression.NEUTRAL
    tilt: Tilt = Tilt.LEVEL
    angle: Phrase | None = None
    action: Phrase | None = None


class Situation(Contract):
    """A light in a place."""

    light: Phrase
    place: Phrase


class CatalogueLayer(Contract):
    """A layer's poses, the ones to take first in front."""

    layer: Layer
    framing: Framing
    share: int = Field(ge=1)
    poses: tuple[Pose, ...] = Field(min_length=1)


class Catalogue(Contract):
    """The whole of `plan.yaml`."""

    default_size: int
    least_size: int
    most_size: int
    situations: tuple[Situation, ...] = Field(min_length=1)
    garments: tuple[Phrase, ...] = Field(min_length=2)
    """What a varied set wears, in turn."""
    layers: tuple[CatalogueLayer, ...] = Field(min_length=1)


@cache
def catalogue() -> Catalogue:
    """The shipped catalogue."""
    return load_data("plan", Catalogue)


def make_plan(
    size: int | None = None,
    *,
    profiles: bool = True,
    wardrobe: Wardrobe = Wardrobe.LOCKED,
) -> ReferencePlan:
    """Plan a set of `size` images (None: the default, 20), layer by layer.

    Args:
        size: number of images, 12 to 60.
        profiles: whether the base draws heads in profile; three-quarter views stand in where it
            does not.
        wardrobe: whether all images wear the look's clothes, or each others.

    Raises:
        BadInput: the size is out of range.
    """
    rows = catalogue()
    wanted = rows.default_size if size is None else size
    if not rows.least_size <= wanted <= rows.most_size:
        raise BadInput(
            f"a reference plan has {rows.least_size} to {rows.most_size} images, not {wanted}"
        )
    images: list[PlannedImage] = []
    for layer, count in zip(rows.layers, split(wanted), strict=True):
        for pose in layer.poses[:count]:
            at = len(images)
            planned = _planned(at + 1, layer, pose, profiles, situation=at)
            images.append(_dressed(planned, wardrobe, at))
    return ReferencePlan(images=tuple(images))


def split(size: int) -> list[int]:
    """How many of `size` images each layer gets, by largest remainder of the shares."""
    shares = [layer.share for layer in catalogue().layers]
    exact = [size * share / sum(shares) for share in shares]
    counts = [int(value) for value in exact]
    by_remainder = sorted(range(len(shares)), key=lambda index: counts[index] - exact[index])
    for index in by_remainder[: size - sum(counts)]:
        counts[index] += 1
    return counts


def extend_plan(
    plan: ReferencePlan, layer: Layer, count: int, *, profiles: bool = True
) -> ReferencePlan:
    """The plan with further images of a layer at its end, in place of ones that were given up.

    Their positions are the layer's own (101, 102, ... for the first layer, 201 for the second), so that
    a further image of one layer never takes a number that another layer's had. Every pose may be asked for
    twice, the second time in another light and place; fewer than `count` are added after that.
    """
    layers = [row.layer for row in catalogue().layers]
    rows = catalogue().layers[layers.index(layer)]
    used = len(plan.of_layer(layer))
    block = SUBSTITUTES * (layers.index(layer) + 1)
    taken = [image.position for image in plan.of_layer(layer) if image.position > block]
    first = max(taken, default=block) + 1
    varied = any(image.garment for image in plan.images)
    wardrobe = Wardrobe.VARIED if varied else Wardrobe.LOCKED
    added = [
        _dressed(
            _planned(first + index, rows, pose, profiles, situation=len(plan.images) + index),
            wardrobe,
            len(plan.images) + index,
        )
        for index, pose in enumerate((rows.poses * POSE_ROUNDS)[used : used + count])
    ]
    images = sorted([*plan.images, *added], key=lambda image: image.position)
    return ReferencePlan(images=tuple(images))


def _dressed(image: PlannedImage, wardrobe: Wardrobe, at: int) -> PlannedImage:
    if wardrobe is Wardrobe.LOCKED:
        return image
    garments = catalogue().garments
    return image.model_copy(update={"garment": garments[at % len(garments)]})


def _planned(
    position: int, layer: CatalogueLayer, pose: Pose, profiles: bool, *, situation: int
) -> PlannedImage:
    situations = catalogue().situations
    chosen = situations[situation % len(situations)]
    without = pose.view_without_profiles or pose.view
    return PlannedImage(
        position=position,
        layer=layer.layer,
        framing=layer.framing,
        view=pose.view if profiles else without,
        expression=pose.expression,
        tilt=pose.tilt,
        angle=pose.angle,
        light=chosen.light,
        place=chosen.place,
        action=pose.action,
    )
