"""Each image of a layer is accepted, re-rolled within the cap, or given up with its reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.contracts.photography import Layer, View
from tools.contracts.references import SetImage
from tools.contracts.verdicts import Outcome
from tools.references.layers import layer_graph
from tools.references.plan import make_plan
from tools.references.rolls import LayerRun, Measured, start_layer

THRESHOLD = 0.07
GOOD, NEAR, FAR = Measured(0.05), Measured(0.075), Measured(0.2)
NO_FACE, COPY = Measured(None), Measured(0.01, change=0.001)


def begin(layer: Layer = Layer.CLOSE_UP, count: int = 1, base_seed: int = 5) -> LayerRun:
    parents = [SetImage(file="a.png", digest="a" * 64, layer=Layer.SHEET, view=View.FRONTAL)]
    images = make_plan(20, profiles=False).of_layer(layer)[:count]
    return start_layer(
        layer_graph().spec(layer), images, parents, threshold=THRESHOLD, base_seed=base_seed
    )


def play(run: LayerRun, *tries: Measured) -> LayerRun:
    """Report the same measurement for everything pending, try by try."""
    for measured in tries:
        run = run.report([measured] * len(run.pending))
    return run


def test_a_near_candidate_is_kept_at_once() -> None:
    run = play(begin(), GOOD)
    assert not run.pending
    assert [roll.outcome for roll in run.kept] == [Outcome.PASS]
    assert run.kept[0].reason == "distance 0.050 is 0.71 of the threshold"


def test_a_far_candidate_gets_a_new_seed_and_then_a_lower_strength() -> None:
    first = begin()
    second = play(first, FAR)
    third = play(second, FAR)
    one, two, three = first.pending[0], second.pending[0], third.pending[0]
    assert len({one.seed, two.seed, three.seed}) == 3
    assert two.strength == one.strength
    assert three.strength == pytest.approx(one.strength - first.spec.strength_step)
    assert (one.parent, one.planned) == (three.parent, three.planned)
    assert [one.attempt, two.attempt, three.attempt] == [1, 2, 3]


def test_after_the_cap_an_image_is_given_up_with_its_best_try() -> None:
    run = play(begin(), FAR, Measured(0.15), NO_FACE)
    assert not run.pending
    assert not run.kept
    (roll,) = run.given_up
    assert roll.candidate.attempt == 2
    assert "given up after 3 tries, best: distance 0.150 is 2.14 of the threshold" in roll.reason
    assert len(run.rolls) == 3


def test_a_try_within_the_review_margin_is_kept_for_a_person_when_none_passes() -> None:
    run = play(begin(), NEAR, FAR, Measured(0.0790))
    (roll,) = run.kept
    assert roll.outcome is Outcome.REVIEW
    assert roll.measured == NEAR


def test_a_later_pass_beats_an_earlier_review() -> None:
    run = play(begin(), NEAR, GOOD)
    assert [roll.outcome for roll in run.kept] == [Outcome.PASS]


def test_no_face_is_never_a_pass() -> None:
    run = play(begin(), NO_FACE, NO_FACE, NO_FACE)
    assert run.given_up[0].reason == "given up after 3 tries, best: no readable face"


def test_a_face_too_small_to_read_is_kept_for_review_in_the_widest_layers() -> None:
    run = play(begin(Layer.FULL_BODY), NO_FACE)
    assert [(roll.outcome, roll.reason) for roll in run.kept] == [
        (Outcome.REVIEW, "no readable face")
    ]
    assert len(run.rolls) == 1


def test_a_repetition_is_drawn_again_stronger_however_near() -> None:
    first = begin()
    second = play(first, COPY)
    assert second.pending[0].strength > first.pending[0].strength
    assert play(second, COPY, COPY).given_up[0].reason.endswith("repeats its parent")


def test_the_strength_never_leaves_its_bounds() -> None:
    spec = layer_graph().spec(Layer.CLOSE_UP).model_copy(update={"tries": 10})
    parents = [begin().pending[0].parent]
    images = make_plan(20).of_layer(Layer.CLOSE_UP)[:1]
    run = start_layer(spec, images, parents, threshold=THRESHOLD, base_seed=1)
    weakest = play(run, *[FAR] * 9).pending[0].strength
    strongest = play(run, *[COPY] * 9).pending[0].strength
    assert weakest == spec.strength_floor
    assert strongest <= 1.0


def test_only_what_failed_is_drawn_again() -> None:
    run = begin(count=4).report([GOOD, FAR, GOOD, NO_FACE])
    assert [candidate.planned.position for candidate in run.pending] == [2, 4]
    run = run.report([GOOD, GOOD])
    assert [roll.candidate.planned.position for roll in run.kept] == [1, 2, 3, 4]


def test_a_layer_without_images_is_finished() -> None:
    run = start_layer(layer_graph().layers[0], [], [], threshold=THRESHOLD, base_seed=1)
    assert not run.pending
    assert run.kept == run.given_up == ()


def test_measurements_must_match_what_is_pending() -> None:
    with pytest.raises(ValueError, match="zip"):
        begin(count=2).report([GOOD])


measurements = st.builds(
    Measured,
    st.none() | st.floats(0, 0.5),
    st.none() | st.floats(0, 0.2),
    form=st.none() | st.floats(0, 2),
)


@given(st.sampled_from([spec.layer for spec in layer_graph().layers]), st.data())
def test_every_layer_ends_within_the_cap_and_settles_each_image_once(
    layer: Layer, data: st.DataObject
) -> None:
    run = begin(layer, count=10)
    wanted = [candidate.planned.position for candidate in run.pending]
    rounds = 0
    while run.pending:
        size = len(run.pending)
        run = run.report(data.draw(st.lists(measurements, min_size=size, max_size=size)))
        rounds += 1
    assert rounds <= run.spec.tries
    settled = [roll.candidate.planned.position for roll in (*run.kept, *run.given_up)]
    assert sorted(settled) == wanted
    assert len({roll.candidate.seed for roll in run.rolls}) == len(run.rolls)
    for roll in run.kept:
        distance = roll.measured.distance
        if distance is None:
            assert (run.spec.keep_unreadable, roll.outcome) == (True, Outcome.REVIEW)
        else:
            assert distance <= run.spec.review * THRESHOLD * 1.0001


def test_what_the_gate_would_refuse_is_drawn_again_whatever_its_distance() -> None:
    two = Measured(0.01, refused="2 faces; a reference shows exactly one person")
    once = play(begin(), two)
    assert len(once.pending) == 1
    given_up = play(once, two, two).given_up
    assert [roll.outcome for roll in given_up] == [Outcome.REJECT]
    assert "2 faces" in given_up[0].reason
    assert play(once, GOOD).kept


def test_a_refused_picture_of_a_small_figure_is_not_kept_as_unreadable() -> None:
    none = play(begin(Layer.FULL_BODY), Measured(None))
    assert [roll.outcome for roll in none.kept] == [Outcome.REVIEW]
    several = Measured(None, refused="2 faces; a reference shows exactly one person")
    assert not play(begin(Layer.FULL_BODY), several, several, several).kept


def test_a_small_face_that_is_never_near_is_kept_for_review_where_it_may_be_unreadable() -> None:
    hint = Measured(0.2, is_hint=True)
    run = play(begin(Layer.FULL_BODY), hint, Measured(0.15, is_hint=True), hint)
    (roll,) = run.kept
    assert (roll.outcome, roll.measured.distance) == (Outcome.REVIEW, 0.15)
    assert not play(begin(Layer.CLOSE_UP), hint, hint, hint).kept


def test_a_small_figure_without_a_head_is_drawn_again_and_the_surest_head_is_kept() -> None:
    headless, faint, fair = (Measured(None, form=form) for form in (0.0, 0.4, 1.1))
    once = play(begin(Layer.FULL_BODY), headless)
    assert len(once.pending) == 1
    assert play(once, fair).kept[0].measured == fair
    assert len(play(once, fair).rolls) == 2
    (kept,) = play(once, faint, headless).kept
    assert (kept.outcome, kept.measured) == (Outcome.REVIEW, faint)
