from __future__ import annotations

import random
from dataclasses import dataclass, replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.filled_studio import shot
from tools.contracts.photography import Framing, View
from tools.contracts.shots import ShotRequest
from tools.references.ranking import Portrait, ShownPerson, naming_words, ranked, shown_together


@dataclass(frozen=True)
class Known:
    """A picture of which everything is known."""

    digest: str
    framing: Framing | None = Framing.CLOSE_UP
    view: View | None = View.FRONTAL
    light: str | None = "soft window light"
    csfd: float | None = 0.02


def asked(**changes: object) -> ShotRequest:
    return shot("1A").model_copy(update={"view": View.FRONTAL, **changes})


BEST = Known("b")


@pytest.mark.parametrize(
    "worse",
    [
        Known("a", framing=Framing.MEDIUM),
        Known("a", view=View.LEFT_PROFILE),
        Known("a", view=None),
        Known("a", light="hard side light"),
        Known("a", csfd=0.03),
        Known("a", csfd=None),
        Known("c"),
    ],
    ids=["framing", "view", "unknown view", "light", "less typical", "no face", "digest"],
)
def test_the_nearest_is_first(worse: Known) -> None:
    assert ranked([worse, BEST], asked())[0] is BEST
    assert ranked([BEST, worse], asked())[0] is BEST


def test_light_weighs_less_than_a_framing_and_unknown_light_nothing() -> None:
    harsh, farther = Known("a", light="hard side light"), Known("b", framing=Framing.MEDIUM)
    assert ranked([farther, harsh], asked()) == [harsh, farther]
    unknown = Known("a", light=None)
    assert ranked([BEST, unknown], asked()) == [unknown, BEST]


def test_a_second_picture_of_the_same_kind_comes_after_one_of_each_other() -> None:
    twin, side = replace(BEST, digest="c"), Known("d", view=View.THREE_QUARTER_LEFT)
    assert ranked([twin, side, BEST], asked()) == [BEST, side, twin]


def test_two_people_share_the_list_in_the_order_of_the_cast() -> None:
    vera = [Known(f"v{n}", view=view) for n, view in enumerate(View)]
    jonah = [Known(f"j{n}", view=view) for n, view in enumerate(View)]

    shown = shown_together([("Vera", vera), ("Jonah", jonah)], asked(), 3)

    assert [(each.name, len(each.pictures)) for each in shown] == [("Vera", 2), ("Jonah", 1)]
    assert shown[0].pictures[0].view is shown[1].pictures[0].view is View.FRONTAL
    assert naming_words(shown) == "images 1 and 2 show Vera; image 3 shows Jonah"


def test_what_one_has_not_the_other_gets() -> None:
    vera = [Known(f"v{n}", view=view) for n, view in enumerate(View)]
    shown = shown_together([("Vera", vera), ("Jonah", [BEST]), ("Zuri", [])], asked(), 4)
    assert [(each.name, len(each.pictures)) for each in shown] == [("Vera", 3), ("Jonah", 1)]


def test_one_picture_is_named_in_the_singular() -> None:
    assert naming_words([ShownPerson("Zuri", (Portrait("a" * 64),))]) == "image 1 shows Zuri"
    assert naming_words([]) == ""


@given(st.lists(st.integers(0, 6), min_size=1, max_size=4), st.integers(0, 14), st.randoms())
def test_the_list_is_full_fair_and_the_same_however_the_pictures_lie(
    sizes: list[int], most: int, order: random.Random
) -> None:
    people = [
        (f"P{who}", [Known(f"{who}{n}", csfd=n / 10) for n in range(size)])
        for who, size in enumerate(sizes)
    ]
    mixed = [(name, order.sample(pictures, len(pictures))) for name, pictures in people]

    shown = shown_together(people, asked(), most)

    assert shown == shown_together(mixed, asked(), most)
    counts = {each.name: len(each.pictures) for each in shown}
    assert sum(counts.values()) == min(most, sum(sizes))
    assert [each.name for each in shown] == sorted(counts)
    for (name, pictures), (other, _) in pairwise(people):
        if counts.get(name, 0) < len(pictures):
            assert counts.get(other, 0) <= counts.get(name, 0) + 1
