from __future__ import annotations

import pytest

from tools.contracts.briefs import CharacterBrief, LookBrief
from tools.contracts.faces import OutfitSeen, SeenColour
from tools.contracts.outfits import WantedOutfit
from tools.language.prompt.vocabulary import Vocabulary, load_vocabulary
from tools.services import Services
from tools.store.character import CharacterCreate, add_character
from tools.workflows.people.characters import (
    LoadedCharacter,
    ensure_production,
    load_character,
    person_in_frame,
)
from tools.workflows.people.outfits import wanted_outfits

MARA = CharacterBrief(
    name="Mara",
    person="woman",
    hair="long auburn hair",
    wardrobe=("teal coat",),
    looks=(
        LookBrief(name="evening", wardrobe=("red dress",)),
        LookBrief(name="bleached", hair_styling="short blonde hair"),
    ),
)


def wearing(colour: str, hair: str = "auburn") -> OutfitSeen:
    return OutfitSeen(
        garment=(SeenColour(colour=colour, sureness=1.0),),
        hair=(SeenColour(colour=hair, sureness=1.0),),
    )


@pytest.fixture
def vocabulary() -> Vocabulary:
    return load_vocabulary("maquette")


@pytest.fixture
def mara(services: Services) -> LoadedCharacter:
    with services.database.session() as session:
        production = ensure_production(session, "studio")
        row = CharacterCreate.of(production_id=production.id, name="Mara", brief=MARA)
        add_character(session=session, character=row)
    return load_character(services, "studio", "Mara")


def test_each_look_wears_what_its_words_say(
    services: Services, mara: LoadedCharacter, vocabulary: Vocabulary
) -> None:
    coat = WantedOutfit(owner="Mara", garment="teal", garment_noun="coat", hair="auburn")
    assert wanted_outfits(services, mara, vocabulary) == {
        "default": coat,
        "evening": coat.model_copy(update={"garment": "red", "garment_noun": "dress"}),
        "bleached": coat.model_copy(update={"hair": "blonde"}),
    }


def test_what_nearly_all_references_show_counts_for_looks_that_say_the_same(
    services: Services, mara: LoadedCharacter, vocabulary: Vocabulary
) -> None:
    shown = [wearing("blue")] * 9 + [wearing("teal"), None]
    found = wanted_outfits(services, mara, vocabulary, shown)
    assert [each.garment for each in found.values()] == ["blue", "red", "blue"]
    assert [each.hair for each in found.values()] == ["auburn", "auburn", "blonde"]
    mixed = wanted_outfits(services, mara, vocabulary, [wearing("blue"), wearing("teal")] * 5)
    assert mixed["default"].garment == "teal", "a varied set shows no garment of its own"


def test_the_locked_words_count_and_looking_locks_none(
    services: Services, mara: LoadedCharacter, vocabulary: Vocabulary
) -> None:
    wanted_outfits(services, mara, vocabulary)
    person_in_frame(services, mara, vocabulary)
    grey = mara.brief.model_copy(update={"wardrobe": ("grey coat",)})
    changed = LoadedCharacter(mara.id, mara.production_id, grey, mara.style)
    found = wanted_outfits(services, changed, vocabulary)
    assert found["default"].garment == "teal", "the block in force says so"


@pytest.mark.parametrize(
    ("wardrobe", "without", "noun"),
    [
        (("teal coat with brass buttons",), (), "coat"),
        (("teal coat", "white shirt"), (), "sweater"),
        (("blue trousers",), (), "garment"),
        (("red dress",), (), "dress"),
    ],
)
def test_a_garment_is_called_what_the_director_calls_it_where_that_is_plain(
    services: Services,
    mara: LoadedCharacter,
    vocabulary: Vocabulary,
    wardrobe: tuple[str, ...],
    without: tuple[str, ...],
    noun: str,
) -> None:
    brief = CharacterBrief(
        name="Mara",
        person="woman",
        wardrobe=wardrobe,
        looks=(LookBrief(name="indoors", without=without),),
    )
    other = LoadedCharacter(mara.id, mara.production_id, brief, mara.style)
    assert wanted_outfits(services, other, vocabulary)["indoors"].garment_noun == noun
