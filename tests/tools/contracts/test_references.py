"""A shot plan's positions and a layer's bounds are checked when they are made."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from tools.contracts.photography import Framing, Layer, View
from tools.contracts.references import FileName, LayerSpec, PlannedImage, ReferencePlan

LAYERS = list(Layer)


def image(position: int, layer: Layer = LAYERS[1]) -> PlannedImage:
    return PlannedImage(
        position=position,
        layer=layer,
        framing=Framing.CLOSE_UP,
        view=View.FRONTAL,
        light="window light",
        place="studio",
    )


@pytest.mark.parametrize("positions", [(2, 1), (1, 1), (1, 3, 2)])
def test_positions_rise_and_are_unique(positions: tuple[int, ...]) -> None:
    with pytest.raises(ValidationError, match="positions must be unique and rise"):
        ReferencePlan(images=tuple(image(each) for each in positions))


def test_the_images_of_a_layer_in_plan_order() -> None:
    first, second, third = image(1), image(2, LAYERS[2]), image(9)
    plan = ReferencePlan(images=(first, second, third))
    assert plan.of_layer(LAYERS[1]) == (first, third)
    assert plan.of_layer(LAYERS[3]) == ()


SPEC: dict[str, object] = {
    "layer": LAYERS[2],
    "parents": (LAYERS[1],),
    "strength": 0.5,
    "turn_strength": 0.7,
    "strength_floor": 0.3,
    "strength_step": 0.1,
    "tries": 3,
    "accept": 1.0,
    "review": 1.2,
    "least_change": 0.02,
    "keep_unreadable": False,
}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"strength_floor": 0.6}, "expected strength_floor <= strength <= turn_strength"),
        ({"turn_strength": 0.4}, "expected strength_floor <= strength <= turn_strength"),
        ({"accept": 1.3}, "expected accept <= review"),
        ({"parents": ()}, "parents"),
    ],
)
def test_a_layers_bounds_are_in_order(changes: dict[str, object], said: str) -> None:
    assert LayerSpec.model_validate(SPEC).tries == 3
    with pytest.raises(ValidationError, match=said):
        LayerSpec.model_validate({**SPEC, **changes})


@pytest.mark.parametrize(
    "name", ["", ".hidden", "a/b.png", "a\\b.png", "..", "a\x00.png", "a" * 256]
)
def test_a_file_lies_in_its_own_folder(name: str) -> None:
    adapter: TypeAdapter[str] = TypeAdapter(FileName)
    assert adapter.validate_python("01 a.png") == "01 a.png"
    with pytest.raises(ValidationError):
        adapter.validate_python(name)
