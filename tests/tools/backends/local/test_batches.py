from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.image_requests import image_request
from tools.architectures.architecture import Mode
from tools.backends.local.batches import StepCounter, batch_key, mode_of, plan_batches
from tools.contracts.images import LoraUse
from tools.contracts.model import Size
from tools.errors import Cancelled


@given(st.lists(st.integers(0, 4), max_size=40), st.integers(1, 6))
def test_every_place_is_drawn_once_with_its_like(keys: list[int], most: int) -> None:
    batches = plan_batches(keys, [most] * len(keys))
    assert sorted(place for batch in batches for place in batch) == list(range(len(keys)))
    assert all(
        len(batch) <= most and len({keys[place] for place in batch}) == 1 for batch in batches
    )
    assert [batch[0] for batch in batches] == sorted(batch[0] for batch in batches)


def test_as_few_batches_as_possible() -> None:
    assert plan_batches(["a", "b", "a", "a", "b"], [2] * 5) == [[0, 2], [1, 4], [3]]


def test_each_base_has_its_own_room() -> None:
    assert plan_batches(["a", "b", "a", "b", "a"], [3, 1, 3, 1, 3]) == [[0, 2, 4], [1], [3]]


@pytest.mark.parametrize(
    "change",
    [
        {"size": Size(width=128, height=64)},
        {"steps": 5},
        {"guidance": 2.0},
        {"loras": (LoraUse(digest="a" * 64),)},
        {"init_image": "b" * 64, "strength": 0.5},
        {"base": "micro"},
        {"references": ("c" * 64,)},
    ],
)
def test_what_cannot_be_drawn_together_has_another_key(change: dict[str, object]) -> None:
    plain = image_request("sdxl")
    assert batch_key(plain, 1) == batch_key(image_request("sdxl", seed=9), 1)
    assert batch_key(plain, 1) != batch_key(image_request("sdxl", **change), 1)
    assert batch_key(plain, 1) != batch_key(plain, 2)


def test_the_mode_follows_from_what_is_given() -> None:
    start = {"init_image": "b" * 64, "strength": 0.5}
    assert mode_of(image_request("sdxl")) is Mode.TEXT
    assert mode_of(image_request("sdxl", **start)) is Mode.IMAGE
    assert mode_of(image_request("sdxl", **start, mask="c" * 64)) is Mode.INPAINT


def test_steps_count_over_batches_and_over_second_order_evaluations() -> None:
    told: list[tuple[int, int]] = []
    counter = StepCounter([4, 2], lambda done, total: told.append((done, total)))
    for evaluation in range(1, 8):
        counter.report(0, evaluation, 7)
    for evaluation in (1, 2):
        counter.report(1, evaluation, 2)
    assert [done for done, _ in told] == [1, 2, 2, 3, 3, 4, 4, 5, 6]
    assert {total for _, total in told} == {6}


def test_a_cancelling_sink_is_heard() -> None:
    def cancel(done: int, total: int) -> None:
        raise Cancelled("enough")

    with pytest.raises(Cancelled, match="enough"):
        StepCounter([4], cancel).report(0, 1, 4)


def test_a_drawing_over_a_picture_with_references_is_one_alone() -> None:
    over = image_request("klein", init_image="b" * 64, strength=0.5, references=("c" * 64,))
    assert batch_key(over, 1) != batch_key(over, 1)
    words = image_request("klein", references=("c" * 64,))
    assert batch_key(words, 1) == batch_key(words, 1)
