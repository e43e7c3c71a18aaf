"""Prompt syntax of other programs: words stay, marks go with a reason."""

from __future__ import annotations

import pytest

from tests.support.one_scene import plan_scene
from tools.contracts.photography import Expression, Framing
from tools.contracts.shots import CharacterInShot, ShotRequest
from tools.language.brief import parse_character
from tools.language.note import revise
from tools.language.prompt.vocabulary import load_vocabulary
from tools.language.syntax import clean


@pytest.mark.parametrize(
    ("text", "left", "removed"),
    [
        ("Ruth, (smiling:1.3)", "Ruth, smiling", ["(smiling:1.3)"]),
        ("((masterpiece:1.2)), rain", "masterpiece, rain", ["((masterpiece:1.2))"]),
        ("a coat <lora:ruth:0.8>, rain", "a coat, rain", ["<lora:ruth:0.8>"]),
        ("red hair BREAK green eyes", "red hair, green eyes", ["BREAK"]),
        ("[a coat:a dress:0.5]", "a coat, a dress", ["[a coat:a dress:0.5]"]),
        ("{red|blue} hat", "red, blue hat", ["{red|blue}"]),
        ("__hair_colour__", "hair colour", ["__hair_colour__"]),
        ("pale++ skin", "pale skin", ["++"]),
        ("long_red_hair", "long red hair", []),
        ("(red coat)1.3", "red coat", ["(red coat)1.3"]),
    ],
)
def test_syntax_goes_and_words_stay(text: str, left: str, removed: list[str]) -> None:
    cleaned = clean(text)
    assert cleaned.text == left
    assert [removal.term for removal in cleaned.removed] == removed
    assert all(removal.reason for removal in cleaned.removed)
    assert clean(left).text == left


@pytest.mark.parametrize(
    "text",
    [
        "Mara (34), a nurse",
        "MARA\n(quietly)\nHi.",
        "a break in the clouds",
        "12. INT. KITCHEN -- NIGHT",
        "[she waits]",
        "at 12:30 in the kitchen",
        "photos in ~/shoots/ines_tests for Ines",
        "use my_lora.safetensors for Ruth",
    ],
)
def test_plain_words_come_back_byte_for_byte(text: str) -> None:
    assert clean(text).text == text
    assert clean(text).removed == ()


def test_a_brief_holds_no_syntax() -> None:
    brief = parse_character(
        "Ruth, a young woman, (long red hair:1.2), green_eyes BREAK blue_coat <lora:ruth:0.8>"
    )
    said = brief.model_dump_json()
    assert not any(mark in said for mark in ("1.2", "0.8", "lora", "BREAK", "_coat"))
    assert (brief.hair, brief.wardrobe) == ("long red hair", ("blue coat",))


def test_a_scene_and_a_note_read_the_words() -> None:
    planned = plan_scene("Close-up of Mara, (smiling:1.3), <lora:mara:0.8>", ["Mara"])
    assert planned.shots[0].expression is Expression.SMILING
    assert {each.term for each in planned.removed} == {"(smiling:1.3)", "<lora:mara:0.8>"}
    shot = ShotRequest(slate="1A", framing=Framing.WIDE, cast=(CharacterInShot(character="Mara"),))
    revision = revise(shot, "(close-up:1.4) <lora:x:1>", load_vocabulary("maquette"))
    assert revision.shot.framing is Framing.CLOSE_UP
    assert "<lora:x:1>" in revision.unused
