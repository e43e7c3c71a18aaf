"""The word files under `prompts/`: one strict loader, and the lists that several rooms ask.

Knows which words belong to which slot of a person; must not know how a sentence is cut.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Annotated, Literal, TypeVar

from pydantic import BeforeValidator, Field, ValidationError

from tools.contracts.model import Contract
from tools.errors import BadInput
from tools.textfiles import yaml_of

C = TypeVar("C", bound=Contract)


def _split(value: object) -> object:
    return value.split() if isinstance(value, str) else value


Words = Annotated[frozenset[str], BeforeValidator(_split)]
"""Words, written in a file as a list or with blanks between them."""

SlotName = Literal[
    "skin", "hair", "eyes", "facial_hair", "marks", "build", "wardrobe", "headwear", "tone",
    "signature_light",
]  # fmt: skip
SLOTS: tuple[SlotName, ...] = (
    "hair", "eyes", "skin", "facial_hair", "marks", "headwear", "wardrobe", "signature_light", "build",
    "tone",
)  # fmt: skip


def word_file(contract: type[C], *path: str) -> C:
    """Read a file of words; callers keep what they get.

    Args:
        contract: what the file must hold; unknown and missing lists are refused.
        path: its folders and name under `prompts/`.

    Raises:
        BadInput: the file does not hold that; the message names file and list.
    """
    text = files("prompts").joinpath(*path).read_text(encoding="utf-8")
    try:
        return contract.model_validate(yaml_of(text))
    except ValidationError as error:
        raise BadInput(f"prompts/{'/'.join(path)}: {one_line(error)}") from error


def one_line(error: ValidationError) -> str:
    """Say where the first problem stands and what was expected, and how many more there are."""
    problems = error.errors(include_url=False)
    first = problems[0]
    where = ".".join(str(part) for part in first["loc"])
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    message = first["msg"].replace("\n", " ")
    return f"{where}: {message}{more}" if where else f"{message}{more}"


class English(Contract):
    """Articles, numbers and ages: `prompts/lexicon/english.yaml`."""

    determined: Words
    """Words after which no article stands."""
    small: Words
    """Words that make no other phrase of one."""
    sounds_like_y: tuple[str, ...]
    singular_in_s: Words
    mass: Words
    units: tuple[str, ...]
    teens: tuple[str, ...]
    tens: tuple[str, ...]
    ordinals: tuple[str, ...]
    loose: dict[str, int]
    """Words that count by the way: `a couple`."""
    ages: dict[str, tuple[int, int]]
    """Ages in words, with the years that they can mean."""
    typical_years: dict[str, int]
    """Years that an age in words stands for when years are added to it."""
    no_ages: tuple[str, ...]
    """What a number before it counts, so that it is no age."""
    around_age: tuple[str, ...]
    last: Words
    backwards: Words
    measures: Words
    """Letters behind a number that are a unit or an ending: `35mm`, `4th`."""
    short: Words
    """Short words that may follow a number and a blank: `4 of them`."""


@lru_cache(maxsize=1)
def english() -> English:
    """Read the file once."""
    return word_file(English, "lexicon", "english.yaml")


class SlotWords(Contract):
    """The words of one slot, as the lexicon file holds them."""

    heads: tuple[str, ...] = ()
    lone: tuple[str, ...] = ()
    suffix: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    needs: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Heads that count only beside one of these words."""
    opposites: tuple[tuple[str, ...], ...] = ()
    lengths: tuple[tuple[str, ...], ...] = ()


class PersonWords(Contract):
    """Nouns and pronouns of a person, by kind."""

    woman: Words
    man: Words
    girl: Words
    boy: Words
    pronouns_woman: Words
    pronouns_man: Words


class CharacterLexicon(Contract):
    """Every list of the character parser: `prompts/lexicon/character.yaml`."""

    stop: Words
    recurring: Words
    negations: Words
    roles: Words
    titles_man: Words
    titles_woman: Words
    titles_any: Words
    body: Words
    labels: dict[str, str]
    skin_of_persons: Words
    """Colours that say the skin before a person: `a black woman`."""
    owners: Words
    """Words after which a person is somebody else: `her mother`."""
    comparisons: Words
    ends_a_head: Words
    """Lights that describe what follows them: `light brown hair`."""
    hair_gathered: Words
    tail_stops: Words
    colours: dict[str, str]
    """Colour word to the colour that it is."""
    mixed: tuple[str, ...]
    """Words by which two colours or lengths can be true at once: `grey at the temples`."""
    persons: PersonWords
    kept_persons: Words
    """Nouns that also say more than the person."""
    skin: SlotWords
    hair: SlotWords
    eyes: SlotWords
    facial_hair: SlotWords
    marks: SlotWords
    build: SlotWords
    wardrobe: SlotWords
    headwear: SlotWords
    tone: SlotWords
    signature_light: SlotWords

    @cached_property
    def slots(self) -> Mapping[SlotName, SlotWords]:
        """The words of each slot."""
        return {name: getattr(self, name) for name in SLOTS}

    @cached_property
    def head_slot(self) -> Mapping[tuple[str, ...], SlotName]:
        """Words of a head to its slot."""
        return _by_phrase({name: slot.heads for name, slot in self.slots.items()})

    @cached_property
    def lone_slot(self) -> Mapping[tuple[str, ...], SlotName]:
        """Words that say a slot by themselves."""
        return _by_phrase({name: slot.lone for name, slot in self.slots.items()})

    @cached_property
    def modifiers(self) -> frozenset[str]:
        """What may stand before the heads of any slot."""
        return frozenset(word for slot in self.slots.values() for word in slot.modifiers)

    @cached_property
    def spelled(self) -> tuple[frozenset[str], frozenset[str]]:
        """Words that typing errors are mended to: those of heads, modifiers and colours, then lone ones."""
        heads = {word for phrase in self.head_slot for word in phrase}
        lone = {word for phrase in self.lone_slot for word in phrase}
        return frozenset({*heads, *self.modifiers, *self.colours}), frozenset(lone)

    @cached_property
    def person(self) -> Mapping[str, str]:
        """Noun to `woman`, `man`, `girl` or `boy`."""
        return _by_word(
            {kind: getattr(self.persons, kind) for kind in ("woman", "man", "girl", "boy")}
        )

    @cached_property
    def pronouns(self) -> Mapping[str, str]:
        """Pronoun to `woman` or `man`."""
        return _by_word({"woman": self.persons.pronouns_woman, "man": self.persons.pronouns_man})

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """Title to `woman`, `man` or `person`."""
        kinds = {"person": self.titles_any, "woman": self.titles_woman, "man": self.titles_man}
        return _by_word(kinds)

    def knows(self, word: str) -> bool:
        """Say whether a word has a meaning here, so that it is not somebody's name."""
        listed = (self.stop, self.person, self.roles, self.modifiers)
        return any(word in words for words in listed) or self.is_slot_word(word)

    def is_slot_word(self, word: str) -> bool:
        """Say whether a word alone fills a slot."""
        return (word,) in self.head_slot or (word,) in self.lone_slot

    def suffix_slot(self, word: str) -> SlotName | None:
        """Find the slot of a compound adjective such as `green-eyed`."""
        for name, slot in self.slots.items():
            if any(word.endswith(suffix) and word != suffix[1:] for suffix in slot.suffix):
                return name
        return None


@lru_cache(maxsize=1)
def character_lexicon() -> CharacterLexicon:
    """Read the lexicon once."""
    return word_file(CharacterLexicon, "lexicon", "character.yaml")


def _by_word(lists: Mapping[str, frozenset[str]]) -> dict[str, str]:
    return {word: kind for kind, words in lists.items() for word in words}


def _by_phrase(lists: Mapping[SlotName, tuple[str, ...]]) -> dict[tuple[str, ...], SlotName]:
    return {tuple(phrase.split()): name for name, phrases in lists.items() for phrase in phrases}
