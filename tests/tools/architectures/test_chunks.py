from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.architectures.chunks import (
    PromptText,
    captions_to_prompts,
    cut_prompt,
    fit_prompt,
    read_prompt,
)
from tools.errors import BadInput

WORDS = st.lists(st.text("abcdefgh,;.", min_size=1, max_size=12), max_size=60)
ROOM = 20


def letters(text: str) -> int:
    """A tokenizer that spells: one token a letter, none for spaces; adds up over words."""
    return len(text.replace(" ", ""))


def words(text: str) -> int:
    return len(text.split())


@given(WORDS, WORDS)
def test_nothing_is_lost_and_every_piece_fits(scene: list[str], anchor: list[str]) -> None:
    front, back = " ".join(scene), " ".join(anchor)
    prompt = f"{front} {back}".strip()
    chunks = cut_prompt(PromptText(prompt, len(prompt) - len(back)), letters, ROOM)
    assert "".join(chunks.texts).replace(" ", "") == prompt.replace(" ", "")
    assert all(letters(text) <= ROOM for text in chunks.texts)
    assert 0 <= chunks.anchor < len(chunks.texts)


@given(WORDS, st.lists(st.text("abc", min_size=1, max_size=4), min_size=1, max_size=5))
def test_an_anchor_that_fits_stays_whole_in_the_last_piece(
    scene: list[str], anchor: list[str]
) -> None:
    back = " ".join(anchor)
    prompt = f"{' '.join(scene)} {back}".strip()
    chunks = cut_prompt(PromptText(prompt, len(prompt) - len(back)), letters, ROOM)
    assert chunks.anchor == len(chunks.texts) - 1
    assert chunks.texts[-1].endswith(back)


def test_a_short_prompt_is_one_piece() -> None:
    text = "close-up photo of a man, SAME Mara: red hair"
    chunks = cut_prompt(PromptText(text, text.index("SAME")), words, 75)
    assert (chunks.texts, chunks.anchor) == ((text,), 0)


def test_cuts_fall_between_phrases_and_the_anchor_keeps_its_neighbours() -> None:
    text = "one two three, four five, six seven, SAME A: b c; lit by d"
    chunks = cut_prompt(PromptText(text, text.index("SAME")), words, 9)
    assert chunks.texts == ("one two three, four five,", "six seven, SAME A: b c; lit by d")


def test_an_anchor_longer_than_a_piece_pools_where_it_begins() -> None:
    text = "a b, c d, SAME A: e f, g h i, j k"
    chunks = cut_prompt(PromptText(text, text.index("SAME")), words, 4)
    assert chunks.texts == ("a b, c d,", "SAME A: e f,", "g h i,", "j k")
    assert chunks.anchor == 1


def test_an_empty_prompt_is_one_empty_piece() -> None:
    assert cut_prompt(PromptText("", 0), words, 5).texts == ("",)


def test_a_caption_says_where_its_anchor_begins() -> None:
    """A caption is cut as the prompt that it teaches will be: at the anchor of all its people."""
    captions = [
        "Mara, close-up, SAME Mara: red hair; lit by dusk, SAME Jonah: grey beard; lit by dusk",
        "the SAME house as before",
        "",
    ]
    starts = [prompt.anchor_start for prompt in captions_to_prompts(captions)]
    assert starts == [captions[0].index("SAME"), len(captions[1]), 0]


@given(WORDS, st.lists(st.text("abc", min_size=1, max_size=4), min_size=1, max_size=5))
def test_one_piece_keeps_the_anchor_and_as_much_of_the_scene_as_fits(
    scene: list[str], anchor: list[str]
) -> None:
    front, back = ", ".join(scene), " ".join(anchor)
    prompt = ", ".join(filter(None, (front, back)))
    chunks = fit_prompt(PromptText(prompt, len(prompt) - len(back)), letters, ROOM)
    (text,) = chunks.texts
    assert letters(text) <= ROOM
    assert text.endswith(back)
    assert front.strip(", ").startswith(text.removesuffix(back).strip(", "))
    if letters(prompt) <= ROOM:
        assert (text, chunks.left_out) == (prompt, "")


@pytest.mark.parametrize(
    ("room", "kept", "left_out"),
    [
        (12, "a man; he waits, in rain, at dusk, SAME A: b c", ""),
        (10, "a man; he waits, in rain, SAME A: b c", "at dusk"),
        (8, "a man; he waits, SAME A: b c", "in rain, at dusk"),
        (7, "a man, SAME A: b c", "he waits, in rain, at dusk"),
        (4, "SAME A: b c", "a man; he waits, in rain, at dusk"),
        (5, "a, SAME A: b c", "man; he waits, in rain, at dusk"),
    ],
)
def test_a_scene_is_shortened_at_phrase_ends_then_between_words(
    room: int, kept: str, left_out: str
) -> None:
    text = "a man; he waits, in rain, at dusk, SAME A: b c"
    chunks = fit_prompt(read_prompt(text), words, room)
    assert (chunks.texts, chunks.left_out) == ((kept,), left_out)


def test_an_anchor_longer_than_the_piece_is_refused() -> None:
    with pytest.raises(BadInput, match="'SAME A: b c…' takes 4 tokens where the base reads 3"):
        fit_prompt(read_prompt("a man, SAME A: b c"), words, 3)


def test_a_prompt_without_an_anchor_keeps_its_beginning() -> None:
    chunks = fit_prompt(read_prompt("a man, in rain, at dusk"), words, 4)
    assert (chunks.texts, chunks.left_out) == (("a man, in rain",), "at dusk")
