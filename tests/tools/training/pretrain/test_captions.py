from __future__ import annotations

import random
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.training.pretrain.captions import (
    anchored,
    anchored_variants,
    invented_name,
    mirrored,
)

TRAITS = (
    "tan skin",
    "long red hair",
    "green eyes",
    "wearing a brown coat",
    "a brown hat",
    "freckles",
)
SCENE = ("smiling", "three-quarter left view", "forest", "low angle", "right profile view")
LIGHTS = ("golden hour", "soft window light", "moonlight", "studio three-point light", "daylight")

person = st.lists(st.sampled_from(TRAITS), min_size=1, max_size=4, unique=True)
scene = st.lists(st.sampled_from(SCENE + LIGHTS), max_size=4, unique=True)


@st.composite
def captions(draw: st.DrawFn) -> str:
    parts = ["close-up photo of a young man", *draw(person), *draw(scene)]
    if draw(st.booleans()):
        parts = ["medium shot photo of two people", "on the left an old woman", *draw(person)]
        parts += ["on the right a young man", *draw(person), *draw(scene)]
    return ", ".join(parts)


def words(caption: str) -> Counter[str]:
    return Counter(re.findall(r"[\w-]+", caption))


@given(st.text())
def test_mirroring_twice_gives_the_caption_back(caption: str) -> None:
    assert mirrored(mirrored(caption)) == caption


@pytest.mark.parametrize(
    ("caption", "expected"),
    [
        ("left profile view", "right profile view"),
        ("on the left a man, on the right a woman", "on the right a man, on the left a woman"),
        ("bright overcast daylight, a leftover coat", "bright overcast daylight, a leftover coat"),
    ],
)
def test_only_the_words_left_and_right_are_mirrored(caption: str, expected: str) -> None:
    assert mirrored(caption) == expected


@given(captions())
def test_anchoring_keeps_every_word(caption: str) -> None:
    moved = anchored(caption, ("Baro", "Tilen"), lit=False)
    added = words(moved) - words(caption)
    assert not words(caption) - words(moved)
    assert set(added) <= {"SAME", "Baro", "Tilen"}


@given(captions(), st.booleans())
def test_everything_after_the_anchor_belongs_to_an_anchor(caption: str, lit: bool) -> None:
    scene, _, closing = anchored(caption, ("Baro", "Tilen"), lit=lit).partition(", SAME Baro: ")
    assert closing
    assert not any(trait in scene for trait in TRAITS)
    assert not any(place in closing for place in SCENE)


def test_anchor_of_one_person_ends_with_the_light_of_the_caption() -> None:
    assert anchored(
        "close-up photo of an old man, tan skin, sad, golden hour, forest", ["Ana"]
    ) == (
        "close-up photo of an old man, sad, golden hour, forest,"
        " SAME Ana: tan skin; lit by golden hour"
    )


@pytest.mark.parametrize("turn", [str, mirrored])
def test_each_of_two_people_keeps_own_traits(turn: object) -> None:
    caption = "photo of two people, on the left a man, red hair, on the right a woman, a brown hat"
    turned = mirrored(caption) if turn is mirrored else caption
    assert anchored(turned, ("Ana", "Bo")).endswith("SAME Ana: red hair, SAME Bo: a brown hat")


def test_a_caption_without_traits_stays() -> None:
    assert anchored("photo of a man, forest", ["Ana"]) == "photo of a man, forest"


def test_variants_differ_and_follow_the_seed() -> None:
    caption = "photo of a man, tan skin, golden hour"
    variants = anchored_variants(caption, 8, random.Random(3))
    assert variants == anchored_variants(caption, 8, random.Random(3))
    assert len(set(variants)) > 5
    assert 0 < sum("lit by" in variant for variant in variants) < 8


def test_invented_names_are_single_lower_case_words() -> None:
    chance = random.Random(0)
    assert all(re.fullmatch(r"[a-z]{2,15}", invented_name(chance)) for _ in range(200))
