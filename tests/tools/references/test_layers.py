"""Layers follow the paper's order; parents, strengths and seeds are chosen deterministically."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.backends.bases import read_table
from tools.contracts.bases import BaseRow
from tools.contracts.photography import Expression, Framing, Layer, View
from tools.contracts.references import LayerSpec, PlannedImage, SetImage, Tilt
from tools.references.layers import (
    LayerGraph,
    choose_parents,
    first_strength,
    layer_graph,
    parents_for,
    roll_seed,
    view_gap,
)
from tools.references.plan import catalogue, make_plan

views = st.sampled_from(list(View))


def planned(view: View = View.FRONTAL, **fields: object) -> PlannedImage:
    base = PlannedImage(
        position=1,
        layer=Layer.CLOSE_UP,
        framing=Framing.CLOSE_UP,
        view=view,
        light="moonlight",
        place="forest",
    )
    return base.model_copy(update=fields)


def reference(number: int, view: View | None = View.FRONTAL, **fields: object) -> SetImage:
    base = SetImage(file=f"{number}.png", digest=f"{number:064x}", layer=Layer.SHEET, view=view)
    return base.model_copy(update=fields)


def test_layers_are_drawn_in_the_papers_order_with_bounded_strengths() -> None:
    specs = layer_graph().layers
    assert [spec.layer for spec in specs] == [row.layer for row in catalogue().layers]
    assert [spec.layer for spec in specs] == [
        Layer.CLOSE_UP,
        Layer.CLOSE_UP_PORTRAIT,
        Layer.PORTRAIT,
        Layer.THREE_QUARTER,
        Layer.FULL_BODY,
    ]
    for spec in specs:
        assert 0.45 < spec.strength_floor <= spec.strength <= spec.turn_strength <= 0.75
        assert spec.review == pytest.approx(1.15 * spec.accept)
    assert [spec.parents[0] for spec in specs] == [
        Layer.SHEET,
        *(spec.layer for spec in specs[:-1]),
    ]


def test_a_graph_with_a_parent_that_comes_later_is_refused() -> None:
    specs = layer_graph().layers
    with pytest.raises(ValueError, match="parents must come before"):
        LayerGraph(layers=tuple(reversed(specs)))


@pytest.mark.parametrize(
    ("change", "message"),
    [({"strength": 0.9}, "strength_floor <= strength"), ({"accept": 2.0}, "accept <= review")],
)
def test_a_row_with_bounds_out_of_order_is_refused(change: dict[str, float], message: str) -> None:
    row = layer_graph().layers[0].model_dump() | change
    with pytest.raises(ValueError, match=message):
        LayerSpec.model_validate(row)


def test_parents_come_from_the_nearest_layer_that_has_accepted_images() -> None:
    spec = layer_graph().spec(Layer.PORTRAIT)
    sheet, close_up = reference(1), reference(2)
    dropped = reference(3, dropped="a stranger")
    accepted = {
        Layer.SHEET: [sheet],
        Layer.CLOSE_UP: [close_up],
        Layer.CLOSE_UP_PORTRAIT: [dropped],
    }
    assert parents_for(spec, accepted) == (close_up,)
    assert parents_for(spec, {Layer.THREE_QUARTER: [sheet]}) == ()


@given(views, views, views)
def test_view_gaps_are_a_distance(first: View, second: View, third: View) -> None:
    assert view_gap(first, first) == 0
    assert view_gap(first, second) == view_gap(second, first) <= 180
    assert view_gap(first, third) <= view_gap(first, second) + view_gap(second, third)


@given(st.lists(views, min_size=1, max_size=8), st.lists(views, min_size=1, max_size=6))
def test_no_parent_has_a_nearer_view_than_the_chosen(wanted: list[View], have: list[View]) -> None:
    parents = [reference(number, view) for number, view in enumerate(have)]
    images = [planned(view) for view in wanted]
    chosen = choose_parents(images, parents)
    assert chosen == choose_parents(images, list(reversed(parents)))
    for image, parent in zip(images, chosen, strict=True):
        assert view_gap(image.view, parent.view) == min(view_gap(image.view, v) for v in have)


def test_parents_of_one_view_take_turns() -> None:
    parents = [reference(number) for number in range(3)]
    uses = Counter(parent.file for parent in choose_parents([planned()] * 9, parents))
    assert set(uses.values()) == {3}


def test_an_unknown_view_is_worse_than_a_neighbour_and_better_than_the_far_side() -> None:
    unknown, neighbour = reference(1, None), reference(2, View.THREE_QUARTER_LEFT)
    far = reference(3, View.RIGHT_PROFILE)
    assert choose_parents([planned(View.FRONTAL)], [unknown, neighbour]) == (neighbour,)
    assert choose_parents([planned(View.FRONTAL)], [unknown, far]) == (unknown,)


def test_tilt_expression_and_distance_break_ties() -> None:
    plain = reference(1, csfd=0.09)
    near = reference(2, csfd=0.02)
    up = reference(3, tilt=Tilt.UP, expression=Expression.NEUTRAL, csfd=0.01)
    sad = reference(4, tilt=Tilt.LEVEL, expression=Expression.SAD, csfd=0.01)
    everyone = [plain, near, up, sad]
    assert choose_parents([planned()], everyone) == (near,)
    assert choose_parents([planned(tilt=Tilt.UP)], everyone[2:]) == (up,)
    assert choose_parents([planned(expression=Expression.SAD)], everyone[2:]) == (sad,)


def test_no_parents_is_a_bug() -> None:
    with pytest.raises(ValueError, match="no accepted image"):
        choose_parents([planned()], [])


def test_a_turning_head_gets_the_stronger_redraw() -> None:
    spec = layer_graph().layers[0]
    turned = first_strength(spec, planned(View.THREE_QUARTER_LEFT), reference(1))
    assert turned == spec.turn_strength
    assert first_strength(spec, planned(), reference(1)) == spec.strength
    assert first_strength(spec, planned(), reference(1, None)) == spec.turn_strength


def test_seeds_are_fixed_and_differ_between_tries() -> None:
    seeds = [
        roll_seed(base, image.layer, image.position, attempt)
        for base in (0, 1)
        for image in make_plan(60).images
        for attempt in (1, 2, 3)
    ]
    assert len(set(seeds)) == len(seeds)
    assert all(0 <= seed < 2**32 for seed in seeds)
    assert roll_seed(7, Layer.CLOSE_UP, 3, 1) == 2_279_251_296


def test_every_base_has_the_same_layers_from_the_same_parents() -> None:
    """A base may be redrawn more or less strongly; the order of a set hangs on no base."""
    shipped = [(spec.layer, spec.parents) for spec in layer_graph().layers]
    for row in read_table():
        if isinstance(row, BaseRow):
            found = [(spec.layer, spec.parents) for spec in layer_graph(row.layers).layers]
            assert found == shipped
