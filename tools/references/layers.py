"""The layer graph: what each layer is drawn from, how strongly, and with which seeds.

Knows the paper's hierarchy (section III-B-2; numbers in `prompts/references/layers.yaml`); must
not draw.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache

from pydantic import Field, model_validator

from tools.contracts.model import Contract
from tools.contracts.photography import Layer, View
from tools.contracts.references import LayerSpec, PlannedImage, SetImage
from tools.references.data import load_data

DEGREES: Mapping[View, int] = {
    View.LEFT_PROFILE: -90,
    View.THREE_QUARTER_LEFT: -45,
    View.FRONTAL: 0,
    View.THREE_QUARTER_RIGHT: 45,
    View.RIGHT_PROFILE: 90,
}
UNKNOWN_VIEW_GAP = 60
"""Degrees assumed where a view is unknown: worse than a neighbour, better than the far side."""


class LayerGraph(Contract):
    """All layers in drawing order; a layer's parents are the sheet or layers before it."""

    layers: tuple[LayerSpec, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _parents_come_before(self) -> LayerGraph:
        known = {Layer.SHEET}
        for spec in self.layers:
            if not known.issuperset(spec.parents):
                raise ValueError(f"{spec.layer}: parents must come before it")
            known.add(spec.layer)
        return self

    def spec(self, layer: Layer) -> LayerSpec:
        """The row of one layer."""
        return next(spec for spec in self.layers if spec.layer is layer)


@cache
def layer_graph(name: str = "layers") -> LayerGraph:
    """A shipped graph, as a base's row names it."""
    return load_data(name, LayerGraph)


def parents_for(
    spec: LayerSpec, accepted: Mapping[Layer, Sequence[SetImage]]
) -> tuple[SetImage, ...]:
    """What a layer may be drawn from: the accepted images of the nearest earlier layer with any."""
    for layer in spec.parents:
        images = tuple(image for image in accepted.get(layer, ()) if image.dropped is None)
        if images:
            return images
    return ()


def view_gap(first: View | None, second: View | None) -> int:
    """Degrees between two views, 0 to 180."""
    if first is None or second is None:
        return UNKNOWN_VIEW_GAP
    return abs(DEGREES[first] - DEGREES[second])


def choose_parents(
    planned: Sequence[PlannedImage], parents: Sequence[SetImage]
) -> tuple[SetImage, ...]:
    """One parent for each planned image.

    Nearest view first; then the least used, so that one picture's accidents do not become the
    character; then the same tilt and expression, then the smaller CSFD.

    Raises:
        ValueError: there are no parents.
    """
    if not parents:
        raise ValueError("no accepted image to draw from")
    uses: Counter[str] = Counter()
    chosen: list[SetImage] = []
    for image in planned:
        parent = min(
            parents, key=lambda candidate: _distance(image, candidate, uses[candidate.digest])
        )
        uses[parent.digest] += 1
        chosen.append(parent)
    return tuple(chosen)


def _distance(
    image: PlannedImage, parent: SetImage, uses: int
) -> tuple[int, int, bool, bool, float, str]:
    return (
        view_gap(image.view, parent.view),
        uses,
        parent.tilt is not None and parent.tilt is not image.tilt,
        parent.expression is not None and parent.expression is not image.expression,
        float("inf") if parent.csfd is None else parent.csfd,
        parent.digest,
    )


def first_strength(spec: LayerSpec, image: PlannedImage, parent: SetImage) -> float:
    """Strength of the first try: the turn strength where the head must turn, else the usual."""
    turned = parent.view is None or parent.view is not image.view
    return spec.turn_strength if turned else spec.strength


def roll_seed(base_seed: int, layer: Layer, position: int, attempt: int) -> int:
    """The seed of one try: fixed by what it is for, unrelated between tries."""
    words = f"{base_seed}|{layer}|{position}|{attempt}".encode()
    return int.from_bytes(hashlib.sha256(words).digest()[:4], "big")
