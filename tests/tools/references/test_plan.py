"""A plan of any size keeps the paper's balance, and the same size gives the same plan."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.plan_variety import balance
from tools.contracts.outfits import Wardrobe
from tools.contracts.photography import Expression, Framing, Layer, View
from tools.contracts.references import PlannedImage, ReferencePlan, Tilt
from tools.errors import BadInput
from tools.references.facets import UNKNOWN, Facet, light_quality, place_kind
from tools.references.plan import POSE_ROUNDS, catalogue, extend_plan, make_plan, split

sizes = st.integers(12, 60)
PROFILES = {View.LEFT_PROFILE, View.RIGHT_PROFILE}
FACES, BUSTS, BODIES = (
    {Layer.CLOSE_UP},
    {Layer.CLOSE_UP_PORTRAIT, Layer.PORTRAIT},
    {Layer.THREE_QUARTER, Layer.FULL_BODY},
)


def count_layers(plan: ReferencePlan) -> Counter[Layer]:
    return Counter(image.layer for image in plan.images)


def test_a_varied_set_wears_other_clothes_in_turn_and_so_do_its_substitutes() -> None:
    garments = catalogue().garments
    plan = make_plan(20, wardrobe=Wardrobe.VARIED)
    assert [image.garment for image in plan.images] == [*garments, *garments]
    longer = extend_plan(plan, Layer.PORTRAIT, 2)
    assert [image.garment for image in longer.images if image not in plan.images] == list(
        garments[:2]
    )
    locked = make_plan(20)
    assert {image.garment for image in extend_plan(locked, Layer.PORTRAIT, 2).images} == {None}
    bare = [image.model_copy(update={"garment": None}) for image in plan.images]
    assert tuple(bare) == locked.images


def test_the_default_is_twenty_with_everything_that_the_paper_asks_for() -> None:
    plan = make_plan()
    counts = balance(plan)
    assert len(plan.images) == 20
    assert set(counts[Facet.HEAD]) == {"left", "front", "right"}
    assert set(counts[Facet.TILT]) == {"level", "up", "down"}
    assert {"joy", "sadness", "anger", "surprise", "fear"} < set(counts[Facet.EXPRESSION])
    assert set(counts[Facet.SHOT]) == {
        "close-up",
        "close-up portrait",
        "medium portrait",
        "full body",
    }
    close_ups = plan.of_layer(Layer.CLOSE_UP)
    assert {image.expression for image in close_ups} > {
        Expression.SMILING,
        Expression.SAD,
        Expression.ANGRY,
        Expression.SURPRISED,
        Expression.FEARFUL,
    }
    assert {image.view for image in close_ups} > PROFILES
    bodies = plan.of_layer(Layer.THREE_QUARTER) + plan.of_layer(Layer.FULL_BODY)
    assert len({image.action for image in bodies} - {None}) >= 4


@given(sizes, st.booleans())
def test_every_size_is_balanced(size: int, profiles: bool) -> None:
    plan = make_plan(size, profiles=profiles)
    counts = balance(plan)
    assert len(plan.images) == size
    assert all(UNKNOWN not in counter for counter in counts.values())
    layers = count_layers(plan)
    for group, share in ((FACES, 0.5), (BUSTS, 0.25), (BODIES, 0.25)):
        assert abs(sum(layers[layer] for layer in group) - share * size) <= 1
    assert all(layers[row.layer] >= 1 for row in catalogue().layers)
    assert abs(counts[Facet.HEAD]["left"] - counts[Facet.HEAD]["right"]) <= 2
    assert abs(counts[Facet.TILT]["up"] - counts[Facet.TILT]["down"]) <= 1
    assert abs(counts[Facet.LIGHT]["soft"] - counts[Facet.LIGHT]["harsh"]) <= 1
    assert abs(counts[Facet.SURROUNDINGS]["urban"] - counts[Facet.SURROUNDINGS]["natural"]) <= 2
    indoors = counts[Facet.SETTING]["indoor"] + counts[Facet.SETTING]["studio"]
    assert 0.35 * size <= indoors <= 0.6 * size


@given(sizes, st.booleans())
def test_the_same_size_gives_the_same_plan_and_no_image_twice(size: int, profiles: bool) -> None:
    plan = make_plan(size, profiles=profiles)
    assert plan == make_plan(size, profiles=profiles)
    assert [image.position for image in plan.images] == list(range(1, size + 1))
    shown = [image.model_copy(update={"position": 1}) for image in plan.images]
    assert all(shown.count(image) == 1 for image in shown)
    assert not profiles or any(image.view in PROFILES for image in plan.images)
    assert profiles or not any(image.view in PROFILES for image in plan.images)


@given(sizes)
def test_a_layer_of_a_larger_plan_begins_with_that_of_the_smaller(size: int) -> None:
    small, large = make_plan(12), make_plan(size)
    for row in catalogue().layers:
        poses = [(i.view, i.expression, i.tilt) for i in small.of_layer(row.layer)]
        more = [(i.view, i.expression, i.tilt) for i in large.of_layer(row.layer)]
        assert more[: len(poses)] == poses[: len(more)]


@pytest.mark.parametrize("size", [0, 3, 11, 61, 1000])
def test_sizes_out_of_range_are_refused(size: int) -> None:
    with pytest.raises(BadInput, match=f"12 to 60 images, not {size}"):
        make_plan(size)


def test_every_light_and_place_of_the_plan_has_a_kind() -> None:
    for situation in catalogue().situations:
        assert light_quality(situation.light) is not None
        assert place_kind(situation.place) is not None


def test_tilts_are_said_as_camera_angles_that_a_base_may_know() -> None:
    said = {image.tilt: image.angle for image in make_plan(60).images}
    assert said == {Tilt.LEVEL: None, Tilt.UP: "low angle", Tilt.DOWN: "high angle"}


def test_the_catalogue_fills_the_largest_plan() -> None:
    needed = split(catalogue().most_size)
    assert all(len(row.poses) >= need for row, need in zip(catalogue().layers, needed, strict=True))


def test_extending_adds_new_images_with_positions_of_the_layers_own() -> None:
    plan = make_plan(20)
    longer = extend_plan(extend_plan(plan, Layer.PORTRAIT, 1), Layer.CLOSE_UP, 2)
    assert longer.images[:20] == plan.images
    added = longer.images[20:]
    assert [(image.layer, image.position) for image in added] == [
        (Layer.CLOSE_UP, 101),
        (Layer.CLOSE_UP, 102),
        (Layer.PORTRAIT, 301),
    ]
    assert not {(i.view, i.expression) for i in added[:2]} & {
        (i.view, i.expression) for i in plan.of_layer(Layer.CLOSE_UP)
    }


def test_a_further_image_has_the_number_that_no_other_layer_moves() -> None:
    plan = make_plan(20)
    alone = extend_plan(plan, Layer.PORTRAIT, 1).images[-1]
    after = extend_plan(extend_plan(plan, Layer.CLOSE_UP, 2), Layer.PORTRAIT, 1).images[-1]
    assert alone.position == after.position == 301


def test_extending_asks_for_every_pose_twice_and_stops_there() -> None:
    plan = make_plan(60)
    bodies = plan.of_layer(Layer.FULL_BODY)
    again = extend_plan(plan, Layer.FULL_BODY, 500)
    added = again.of_layer(Layer.FULL_BODY)[len(bodies) :]
    poses = next(row.poses for row in catalogue().layers if row.layer is Layer.FULL_BODY)
    assert len(bodies) + len(added) == POSE_ROUNDS * len(poses)
    assert (added[-1].view, added[-1].expression) == (poses[-1].view, poses[-1].expression)
    assert extend_plan(again, Layer.FULL_BODY, 5) == again
    shown = {(i.view, i.expression, i.tilt, i.light, i.place) for i in (*bodies, *added)}
    assert len(shown) > len(poses), "the second time in another light and place"


def test_all_layers_may_be_extended_to_their_ends() -> None:
    plan = make_plan(60)
    for row in catalogue().layers:
        plan = extend_plan(plan, row.layer, 500)
    assert len(plan.images) == POSE_ROUNDS * sum(len(row.poses) for row in catalogue().layers)


def test_positions_must_rise() -> None:
    image = PlannedImage(
        position=2,
        layer=Layer.CLOSE_UP,
        framing=Framing.CLOSE_UP,
        view=View.FRONTAL,
        light="x",
        place="y",
    )
    with pytest.raises(ValueError, match="unique and rise"):
        ReferencePlan(images=(image, image))
