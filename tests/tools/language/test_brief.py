"""The parser against forty briefs that were written before it, and against any text at all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tools.contracts.briefs import CharacterBrief, LookBrief
from tools.contracts.limits import LONGEST_TEXT
from tools.errors import BadInput
from tools.language.brief import parse_character
from tools.language.lexicon import character_lexicon
from tools.language.text import plain_text, words_of

BRIEFS = yaml.safe_load(
    (Path(__file__).parent / "data" / "briefs.yaml").read_text(encoding="utf-8")
)
GOOD = [brief for brief in BRIEFS if "error" not in brief]
BAD = [brief for brief in BRIEFS if "error" in brief]
SINGLE_SLOTS = (
    "age",
    "skin",
    "hair",
    "eyes",
    "facial_hair",
    "build",
    "headwear",
    "signature_light",
)
SLOTS = (*SINGLE_SLOTS, "marks", "wardrobe", "tone", "recurring")
LOOK_SLOTS = (
    "wardrobe",
    "headwear",
    "hair_styling",
    "facial_hair",
    "injuries",
    "ageing",
    "without",
)
PHRASES = [
    "blue eyes",
    "a young woman",
    "long red hair",
    "wearing a wool coat",
    "a scar on the chin",
    "Name: Bo",
    "Look war: torn coat, without the hat",
    "always a hat",
    "in her fifties",
    "lit by candlelight",
    "she never leaves without a ring",
    "the zither of Xanadu",
    "pale as milk",
    "- Age: 40",
    "(",
    "...",
    "“quoted”",
    "é",
    ":",
]
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(PHRASES), max_size=8).map(", ".join),
    st.lists(st.sampled_from(PHRASES), max_size=8).map(". ".join),
    st.lists(st.sampled_from(PHRASES), max_size=8).map("\n".join),
)


def content(said: object) -> list[str]:
    """The content words of a slot, sorted."""
    text = " ".join(said) if isinstance(said, (list, tuple)) else str(said or "")
    words = re.findall(r"[\w'-]+", text.lower())
    return sorted(word for word in words if word not in character_lexicon().stop)


def test_there_are_forty_briefs_in_different_voices() -> None:
    assert len(BRIEFS) == 40
    assert len({brief["id"] for brief in BRIEFS}) == 40


@pytest.mark.parametrize("brief", GOOD, ids=lambda brief: brief["id"])
def test_each_slot_takes_what_was_expected(brief: dict[str, dict[str, object]]) -> None:
    parsed = parse_character(str(brief["text"]))
    expected = brief["slots"]
    for slot in SLOTS:
        assert content(getattr(parsed, slot)) == content(expected.get(slot)), slot
    assert content(parsed.free_words) == content(expected.get("free"))
    assert parsed.person == (expected.get("person") or "person")


@pytest.mark.parametrize("brief", GOOD, ids=lambda brief: brief["id"])
def test_the_name_is_the_briefs_own_or_marked_as_invented(brief: dict[str, str]) -> None:
    parsed = parse_character(brief["text"])
    if brief.get("name"):
        assert (parsed.name, parsed.name_is_invented) == (brief["name"], False)
    else:
        assert parsed.name_is_invented


@pytest.mark.parametrize(
    "brief", [brief for brief in GOOD if "looks" in brief], ids=lambda brief: brief["id"]
)
def test_looks_are_read(brief: dict[str, dict[str, dict[str, object]]]) -> None:
    parsed = {look.name: look for look in parse_character(str(brief["text"])).looks}
    assert set(parsed) == set(brief["looks"])
    for name, expected in brief["looks"].items():
        for slot in LOOK_SLOTS:
            assert content(getattr(parsed[name], slot)) == content(expected.get(slot)), slot


@pytest.mark.parametrize("brief", BAD, ids=lambda brief: brief["id"])
def test_empty_and_contradictory_briefs_are_refused(brief: dict[str, str]) -> None:
    with pytest.raises(BadInput, match=brief["error"]):
        parse_character(brief["text"])


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("a slim, portly man", "slim.*portly|contradicts"),
        ("pale skin. Her dark skin shines.", "pale skin.*dark skin"),
        ("a man with long hair. Short hair.", "long hair.*short hair"),
        ("a woman, brown hair. Red hair to the waist.", "brown hair.*red hair"),
        ("A man of forty. The woman wears a coat.", "woman.*man"),
    ],
)
def test_a_contradiction_names_both_phrases_and_what_to_do(text: str, named: str) -> None:
    with pytest.raises(BadInput, match=named) as caught:
        parse_character(text)
    assert re.search("keep one|one person", str(caught.value))


@pytest.mark.parametrize(
    "text",
    [
        "dark hair, grey at the temples",
        "one blue eye and one green eye",
        "a bald man with a fringe of white hair",
        "a tall, heavy woman",
        "a young man of thirty",
    ],
)
def test_what_can_be_seen_together_is_no_contradiction(text: str) -> None:
    assert isinstance(parse_character(text), CharacterBrief)


def test_a_given_name_wins_over_the_texts_own() -> None:
    assert parse_character("Mara, 40, red hair", name="Oda").name == "Oda"


def test_the_working_name_depends_on_the_text_alone() -> None:
    assert parse_character("red hair").name == parse_character("red  hair").name
    assert parse_character("red hair").name != parse_character("grey hair").name


@pytest.mark.parametrize(
    "name", ["José", "Élodie", "Łukasz", "Øyvind", "Ásta", "李雷", "Anne-Sofie"]
)
def test_names_keep_their_letters(name: str) -> None:
    brief = parse_character(f"{name} is a man with a grey beard.")
    assert (brief.name, brief.name_is_invented) == (name, False)
    assert parse_character("a man with a grey beard", name=name).name == name


def test_a_long_brief_is_refused_with_its_length() -> None:
    with pytest.raises(
        BadInput, match=f"{LONGEST_TEXT + 1} characters; shorten it to {LONGEST_TEXT}"
    ):
        parse_character("a" * (LONGEST_TEXT + 1))


def test_many_free_words_are_packed_and_not_dropped() -> None:
    words = [f"zq{number}" for number in range(200)]
    parsed = parse_character(", ".join(words))
    assert content(parsed.free_words) == sorted(words)


@given(TEXTS)
def test_any_text_is_read_or_refused_and_always_in_the_same_way(text: str) -> None:
    assert outcome(text) == outcome(text)


def outcome(text: str) -> CharacterBrief | str:
    try:
        return parse_character(text)
    except BadInput as error:
        return str(error)


@given(TEXTS)
def test_no_content_word_is_dropped_in_silence(text: str) -> None:
    try:
        parsed = parse_character(text)
    except BadInput:
        return
    kept = set(_all_words(parsed))
    lexicon = character_lexicon()
    structure = {word for label in lexicon.labels for word in label.split()}
    structure |= {"look", "war", "never", "without", "always"} | set(lexicon.person)
    for word in words_of(plain_text(text)):
        if not word.is_mark and word.text.isascii() and word.lower not in lexicon.stop | structure:
            assert word.lower.removesuffix("'s") in kept, (word.text, parsed)


def _all_words(brief: CharacterBrief | LookBrief) -> list[str]:
    values = brief.model_dump().values()
    texts = [str(value) for value in values if value]
    return [
        word.lower() for text in texts for word in re.findall(r"[^\W_]+(?:['.\-/][^\W_]+)*", text)
    ]


@pytest.mark.parametrize(
    ("text", "slot", "said"),
    [
        ("eyes blue as the sea, a man", "eyes", "eyes blue as the sea"),
        ("a man, pale as paper", "skin", "pale as paper"),
        ("She isn't bald; she has short red hair", "hair", "short red hair"),
        ("long blonde hair", "hair", "long blonde hair"),
        ("a bald man with a fringe of white hair", "hair", "bald, fringe of white hair"),
        ("dark hair in a white coat", "hair", "dark hair"),
    ],
)
def test_phrases_end_where_they_should(text: str, slot: str, said: str) -> None:
    assert getattr(parse_character(text), slot) == said


@pytest.mark.parametrize(
    ("text", "name", "person"),
    [
        ("A tired detective Kowalski in his fifties, grey beard", "Detective Kowalski", "man"),
        ("Young guy, long black hair, red suit. Name him Lirien.", "Lirien", "man"),
        ("INT. NIGHTCLUB - NIGHT\nZURI, a young woman, steps out of the smoke.", "Zuri", "woman"),
        ("Kwame had brown skin and a bald head; he missed nothing.", "Kwame", "man"),
        ("a queen in her forties, grey eyes. Call her Sefa", "Sefa", "woman"),
        ("Bram, an old sailor with a white beard", "Bram", "man"),
    ],
)
def test_names_are_found_however_they_are_given(text: str, name: str, person: str) -> None:
    parsed = parse_character(text)
    assert (parsed.name, parsed.name_is_invented, parsed.person) == (name, False, person)


def test_a_title_at_a_sentences_end_names_nobody() -> None:
    assert parse_character("She is a doctor. Her hair is black.").name_is_invented


@pytest.mark.parametrize(
    "text",
    [
        "Daro, a young man. His signature light is soft window light.",
        "Daro, a young man. Signature light: soft window light.",
    ],
)
def test_a_signature_light_is_the_light_and_not_its_label(text: str) -> None:
    assert parse_character(text).signature_light == "soft window light"


def test_a_name_behind_the_description_is_the_name_and_no_free_word() -> None:
    brief = parse_character("A harbour pilot, a woman with short grey hair. Her name is Marta.")
    assert (brief.name, brief.name_is_invented) == ("Marta", False)
    assert brief.free_words == ("harbour pilot",)


def test_typing_errors_are_read_as_what_was_meant() -> None:
    brief = parse_character(
        "Young man, Tomasz, tan skinn, shrot brown hiar, blue eyse, brown stuble. A red tshirt."
    )
    assert (brief.skin, brief.hair, brief.eyes) == ("tan skin", "short brown hair", "blue eyes")
    assert brief.facial_hair == "brown stubble"
    assert brief.wardrobe == ("red t-shirt",)


def test_a_word_with_a_capital_and_an_english_one_stay_as_they_are() -> None:
    brief = parse_character("Hiar is a man in a coax. He is fond of shirr and eyesight.")
    assert brief.name == "Hiar"
    assert brief.wardrobe == ()
