from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.contracts.faces import OutfitSeen, SeenColour
from tools.contracts.outfits import MOST_APART, OutfitBars, OutfitPart, WantedOutfit
from tools.qc.outfit import colour_distance, outfit_figures, outfit_reasons, shown_by_most

COLOURS = ("red", "teal", "black", "bald")
BARS = OutfitBars(garment=2.0, hair=3.0)
MARA = WantedOutfit(owner="Mara", garment="teal", garment_noun="coat", hair="black")


def colours(**sureness: float) -> tuple[SeenColour, ...]:
    ranked = sorted(sureness.items(), key=lambda each: -each[1])
    return tuple(SeenColour(colour=colour, sureness=sure) for colour, sure in ranked)


def seen(garment: tuple[SeenColour, ...], hair: tuple[SeenColour, ...]) -> OutfitSeen:
    return OutfitSeen(garment=garment, hair=hair)


BLACK = colours(black=0.9, red=0.1)


def test_the_wanted_colour_is_no_distance_and_another_one_is_named() -> None:
    right = outfit_figures(seen(colours(teal=0.8, red=0.2), BLACK), MARA, BARS)
    assert [each.distance for each in right] == [0.0, 0.0]
    assert outfit_reasons(right, MARA) == ()
    wrong = outfit_figures(seen(colours(red=0.95, teal=0.05), BLACK), MARA, BARS)
    assert [each.part for each in wrong if each.is_wrong] == [OutfitPart.GARMENT]
    assert wrong[0].distance == pytest.approx(math.log(19), abs=1e-3)
    assert outfit_reasons(wrong, MARA) == ("the coat is red, Mara's is teal",)


@pytest.mark.parametrize(
    ("hair", "wanted", "said"),
    [
        (colours(red=0.99, black=0.01), "black", "the hair is red, Mara's is black"),
        (colours(bald=0.99, black=0.01), "black", "the head is bald, Mara's hair is black"),
        (colours(black=0.99, bald=0.01), "bald", "the head has black hair, Mara's is bald"),
    ],
)
def test_hair_is_said_as_a_person_would(
    hair: tuple[SeenColour, ...], wanted: str, said: str
) -> None:
    mara = MARA.model_copy(update={"hair": wanted, "garment": None})
    assert outfit_reasons(outfit_figures(seen((), hair), mara, BARS), mara) == (said,)


def test_what_is_not_seen_or_not_wanted_has_no_figure() -> None:
    assert outfit_figures(None, MARA, BARS) == ()
    bare = seen((), BLACK)
    assert [each.part for each in outfit_figures(bare, MARA, BARS)] == [OutfitPart.HAIR]
    anything = WantedOutfit(owner="Mara")
    assert outfit_figures(seen(colours(red=1.0), BLACK), anything, BARS) == ()
    plaid = MARA.model_copy(update={"garment": "plaid", "hair": None})
    assert outfit_figures(seen(colours(red=1.0), BLACK), plaid, BARS) == ()


@given(st.lists(st.floats(0, 1), min_size=4, max_size=4).filter(lambda each: sum(each) > 0))
def test_distances_grow_as_the_wanted_colour_gets_less_sure(weights: list[float]) -> None:
    total = sum(weights)
    shares = dict(zip(COLOURS, (weight / total for weight in weights), strict=True))
    found = colours(**shares)
    distances = {colour: colour_distance(found, colour) for colour in COLOURS}
    assert distances[found[0].colour] == 0.0
    assert all(0.0 <= each <= MOST_APART for each in distances.values())
    ranked = sorted(COLOURS, key=lambda colour: -shares[colour])
    assert sorted(distances.values()) == [distances[colour] for colour in ranked]
    assert colour_distance(found, "a colour that nobody knows") == MOST_APART


def test_a_set_shows_a_colour_when_nearly_all_of_it_does() -> None:
    red, teal = colours(red=0.9, teal=0.1), colours(teal=0.9, red=0.1)
    assert shown_by_most([red] * 8 + [teal] * 2) == "red"
    assert shown_by_most([red] * 7 + [teal] * 3) is None
    assert shown_by_most([red] * 2) is None
    assert shown_by_most([]) is None
