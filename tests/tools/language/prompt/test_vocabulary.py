"""The nearest words that a base knows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import UnknownName
from tools.language.prompt.vocabulary import Vocabulary, load_vocabulary

MAQUETTE = load_vocabulary("maquette")
LISTED = [(slot, word) for slot, rule in MAQUETTE.slots.items() for word in rule.words]
SYNONYMS = [
    (slot, synonym, word)
    for slot, rule in MAQUETTE.slots.items()
    for word, synonyms in rule.synonyms.items()
    for synonym in synonyms
]
COLOURS = ("red", "blue", "green", "yellow", "purple", "teal", "brown", "black", "grey", "white")
GARMENTS = ("shirt", "t-shirt", "top", "sports top", "sweater", "coat", "suit", "dress")
HAIR_COLOURS = ("black", "brown", "blonde", "auburn", "red", "grey", "white")


@pytest.mark.parametrize("name", ["maquette", "sdxl", "flux-schnell"])
def test_every_base_has_rules(name: str) -> None:
    assert load_vocabulary(name).name == name


def test_an_unknown_base_names_the_known_ones() -> None:
    with pytest.raises(UnknownName, match=r"'dalle'; there are flux-schnell, maquette, sdxl"):
        load_vocabulary("dalle")


@pytest.mark.parametrize(("slot", "word"), LISTED)
def test_what_the_base_knows_is_said_as_it_is(slot: str, word: str) -> None:
    assert MAQUETTE.nearest(slot, word) == word


def test_a_synonym_stands_for_one_word_only() -> None:
    for slot in {slot for slot, _, _ in SYNONYMS}:
        said = [synonym for each, synonym, _ in SYNONYMS if each == slot]
        twice = sorted({synonym for synonym in said if said.count(synonym) > 1})
        assert twice == [], slot


@pytest.mark.parametrize(("slot", "synonym", "word"), SYNONYMS)
def test_a_synonym_leads_to_its_word(slot: str, synonym: str, word: str) -> None:
    assert MAQUETTE.nearest(slot, synonym) == word


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("garment", GARMENTS)
def test_every_garment_of_the_captions_is_known(colour: str, garment: str) -> None:
    words = MAQUETTE.nearest("wardrobe", f"{colour} {garment}")
    assert words == f"{colour} {garment}"
    assert MAQUETTE.dressed("wardrobe", words) == f"wearing a {colour} {garment}"


@pytest.mark.parametrize(
    ("said", "on", "used", "drawn"),
    [
        ("brown coat", "man", "brown sweater", "a jacket"),
        ("trench coat", "woman", "brown sweater", "a loose top with long sleeves"),
        ("brown coat", None, "brown coat", None),
        ("brown coat", "person", "brown coat", None),
        ("green sweater", "man", "green sweater", "a jacket"),
        ("red t-shirt", "woman", "red t-shirt", None),
        ("horn-rimmed glasses", "man", None, None),
    ],
)
def test_a_garment_is_asked_for_in_the_words_that_the_base_draws_it_by(
    said: str, on: str | None, used: str | None, drawn: str | None
) -> None:
    assert MAQUETTE.nearest("wardrobe", said, on=on) == used
    assert MAQUETTE.drawn("wardrobe", said, on or "nobody") == drawn


@pytest.mark.parametrize("name", ["maquette", "sdxl", "flux-schnell"])
def test_what_is_drawn_otherwise_is_told_by_class_and_by_known_styles(name: str) -> None:
    vocabulary = load_vocabulary(name)
    for rule in vocabulary.slots.values():
        for style in rule.styles.values():
            assert {*style.told_as, *style.drawn_as} <= set(vocabulary.class_nouns.values())
            told = [rule.styles[each] for each in style.told_as.values()]
            assert not any(each.told_as for each in told), "one step, no chain"


@pytest.mark.parametrize("colour", HAIR_COLOURS)
@pytest.mark.parametrize(
    "form",
    [
        "long {} hair",
        "short {} hair",
        "braided {} hair",
        "{} hair in a ponytail",
        "{} bob haircut",
        "{} afro hair",
    ],
)
def test_every_hair_of_the_captions_is_known(colour: str, form: str) -> None:
    assert MAQUETTE.nearest("hair", form.format(colour)) == form.format(colour)


@pytest.mark.parametrize(
    ("slot", "said", "used"),
    [
        ("build", "wiry", "slim build"),
        ("hair", "salt-and-pepper crop", "short grey hair"),
        ("hair", "red-haired", "red hair"),
        ("hair", "head was shaved", "bald head"),
        ("marks", "burn mark along the jaw", "a scar on the cheek"),
        ("wardrobe", "trench coat", "brown coat"),
        ("wardrobe", "light blue shirt", "blue shirt"),
        ("wardrobe", "horn-rimmed glasses", None),
        ("skin", "weathered dark skin", "dark skin"),
        ("skin", "weathered skin", "tan skin"),
        ("eyes", "violet eyes", None),
        ("headwear", "maroon headscarf", None),
        ("facial_hair", "no beard", ""),
        ("angle", "eye level", ""),
        ("light", "a flickering neon sign", "neon light"),
        ("light", "dawn", "golden hour"),
        ("light", "fluorescent tubes", "studio three-point light"),
        ("light", "firelight", "candlelight"),
        ("place", "a dark alley", "city street at night"),
        ("place", "brick wal", "brick wall"),
        ("place", "zzyzx", None),
        ("framing", "wide shot", "full-body shot"),
        ("lens", "85mm", None),
        ("action", "reads a letter", None),
    ],
)
def test_nearest(slot: str, said: str, used: str | None) -> None:
    assert MAQUETTE.nearest(slot, said) == used


def test_a_beard_without_a_colour_takes_the_hairs() -> None:
    assert MAQUETTE.nearest("facial_hair", "neat beard", colour="black") == "black beard"
    assert MAQUETTE.nearest("facial_hair", "red beard", colour="black") == "red beard"


@pytest.mark.parametrize(
    ("age", "subject"),
    [
        ("in her fifties", "middle-aged woman"),
        ("34", "young woman"),
        ("elderly", "old woman"),
        ("ageless", "woman"),
        (None, "woman"),
    ],
)
def test_subject_of_a_closed_base(age: str | None, subject: str) -> None:
    assert MAQUETTE.subject("woman", age) == subject


@pytest.mark.parametrize(
    ("age", "subject"),
    [
        ("in her fifties", "woman in her fifties"),
        ("34", "34-year-old woman"),
        ("elderly", "elderly woman"),
        ("early 30s", "woman, early 30s"),
    ],
)
def test_subject_of_an_open_base(age: str, subject: str) -> None:
    assert load_vocabulary("sdxl").subject("woman", age) == subject


@given(st.sampled_from(sorted(MAQUETTE.slots)), st.text(max_size=60))
def test_a_closed_base_says_only_its_own_words(slot: str, phrase: str) -> None:
    words = MAQUETTE.nearest(slot, phrase)
    assert words is None or words == "" or words in spoken(MAQUETTE, slot)


def spoken(vocabulary: Vocabulary, slot: str) -> set[str]:
    rule = vocabulary.slots[slot]
    composed = {
        " ".join(style.template.format(colour=colour).split())
        for style in rule.styles.values()
        for colour in (*rule.colours, "")
    }
    return {*rule.words, *composed}
