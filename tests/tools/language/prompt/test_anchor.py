"""The SAME anchor: built, required and cut off in one place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.contracts.images import CastMember, ImageRequest, Purpose
from tools.contracts.model import Size
from tools.errors import AnchorMissing
from tools.language.prompt.anchor import (
    require_anchor,
    same_anchor,
    shorten_scene,
    split_anchor,
    with_anchor,
)

MARA = CastMember(name="Mara", identity_block="tan skin, short black hair", light="moonlight")
JONAH = CastMember(name="Jonah", identity_block="fair skin", light="neon light")
WORDS = st.text("abc ,.;:SAMElitby", max_size=40)
WORD = st.text("abcdefgh", min_size=1, max_size=6)


def request(
    prompt: str, cast: tuple[CastMember, ...], purpose: Purpose = Purpose.TAKE
) -> ImageRequest:
    return ImageRequest(
        prompt=prompt,
        cast=cast,
        purpose=purpose,
        base="maquette",
        size=Size(width=256, height=256),
        seed=1,
        steps=1,
        guidance=1.0,
    )


def test_the_anchor_names_block_and_light_of_each() -> None:
    assert same_anchor((MARA, JONAH)) == (
        "SAME Mara: tan skin, short black hair; lit by moonlight, SAME Jonah: fair skin; lit by neon light"
    )
    assert same_anchor(()) == ""


@given(WORDS)
def test_a_closed_prompt_is_cut_where_it_was_joined(scene: str) -> None:
    prompt = with_anchor(scene, (MARA, JONAH))
    assert split_anchor(prompt, (MARA, JONAH)) == (scene, same_anchor((MARA, JONAH)))
    require_anchor(request(prompt, (MARA, JONAH)))


@pytest.mark.parametrize(
    "prompt",
    [
        "close-up of a woman",
        with_anchor("close-up", (MARA,)) + ", masterpiece",
        with_anchor("close-up", (MARA,)).replace("black", "brown"),
        with_anchor("close-up", (JONAH,)),
        "close-up" + same_anchor((MARA,)),
        with_anchor("close-up", (MARA,)).lower(),
    ],
)
def test_a_prompt_that_is_not_closed_is_refused(prompt: str) -> None:
    with pytest.raises(AnchorMissing, match="must close with the SAME anchor"):
        require_anchor(request(prompt, (MARA,)))


@pytest.mark.parametrize("purpose", [Purpose.REGULARISATION, Purpose.LAYOUT])
def test_an_empty_cast_is_legal_for_two_purposes(purpose: Purpose) -> None:
    require_anchor(request("a man in a forest", (), purpose))


@pytest.mark.parametrize("purpose", [Purpose.TAKE, Purpose.REFERENCE, Purpose.CASTING])
def test_an_empty_cast_is_refused_otherwise(purpose: Purpose) -> None:
    with pytest.raises(AnchorMissing, match=f"a {purpose.value} picture needs a cast"):
        require_anchor(request("a man in a forest", (), purpose))


def count_words(text: str) -> int:
    return len(text.split())


def test_shortening_drops_the_last_slots_first() -> None:
    scene = "close-up of a man, smiling, forest, low angle"
    assert (
        shorten_scene(scene, "SAME Bo: x", count_tokens=count_words, budget=8)
        == "close-up of a man, smiling"
    )


@given(st.lists(WORD, min_size=1, max_size=8), WORD, st.integers(0, 20))
def test_a_shortened_scene_is_the_longest_beginning_that_fits(
    slots: list[str], anchor: str, budget: int
) -> None:
    kept = shorten_scene(", ".join(slots), anchor, count_tokens=count_words, budget=budget).split(
        ", "
    )
    assert kept == slots[: len(kept)]
    assert len(kept) == 1 or count_words(", ".join([*kept, anchor])) <= budget
    if len(kept) < len(slots):
        assert count_words(", ".join([*slots[: len(kept) + 1], anchor])) > budget
