"""The word lists of the character parser, read from `prompts/lexicon/character.yaml`.

Knows which words belong to which slot; must not know how a sentence is cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import Field

from tools.contracts.model import Contract

SlotName = Literal[
    "skin",
    "hair",
    "eyes",
    "facial_hair",
    "marks",
    "build",
    "wardrobe",
    "headwear",
    "tone",
    "signature_light",
]
SLOTS: tuple[SlotName, ...] = (
    "hair",
    "eyes",
    "skin",
    "facial_hair",
    "marks",
    "headwear",
    "wardrobe",
    "signature_light",
    "build",
    "tone",
)


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


@dataclass(frozen=True)
class CharacterLexicon:
    """Every list of the lexicon, ready to ask."""

    slots: dict[SlotName, SlotWords]
    head_slot: dict[tuple[str, ...], SlotName]
    lone_slot: dict[tuple[str, ...], SlotName]
    person: dict[str, str]
    """Noun to `woman`, `man`, `girl` or `boy`."""
    pronouns: dict[str, str]
    labels: dict[str, str]
    stop: frozenset[str]
    kept_persons: frozenset[str]
    roles: frozenset[str]
    titles: dict[str, str]
    """Title to `woman`, `man` or `person`."""
    body: frozenset[str]
    recurring: frozenset[str]
    negations: frozenset[str]

    def knows(self, word: str) -> bool:
        """Say whether a word has a meaning here, so that it is not somebody's name."""
        key = (word,)
        return (
            word in self.stop
            or word in self.person
            or word in self.roles
            or key in self.head_slot
            or key in self.lone_slot
            or any(word in slot.modifiers for slot in self.slots.values())
        )

    def suffix_slot(self, word: str) -> SlotName | None:
        """Find the slot of a compound adjective such as `green-eyed`."""
        for name, slot in self.slots.items():
            if any(word.endswith(suffix) and word != suffix[1:] for suffix in slot.suffix):
                return name
        return None


@lru_cache(maxsize=1)
def character_lexicon() -> CharacterLexicon:
    """Read the lexicon once."""
    raw = yaml.safe_load(
        files("prompts").joinpath("lexicon", "character.yaml").read_text(encoding="utf-8")
    )
    slots = {name: SlotWords.model_validate(raw[name]) for name in SLOTS}
    pronouns = {
        word: kind
        for kind in ("woman", "man")
        for word in raw["person"][f"pronouns_{kind}"].split()
    }
    titles = dict.fromkeys(raw["titles"].split(), "person")
    titles |= {word: kind for kind in ("woman", "man") for word in raw[f"titles_{kind}"].split()}
    return CharacterLexicon(
        slots=slots,
        head_slot=_by_phrase({name: slot.heads for name, slot in slots.items()}),
        lone_slot=_by_phrase({name: slot.lone for name, slot in slots.items()}),
        person={
            word: kind
            for kind in ("woman", "man", "girl", "boy")
            for word in raw["person"][kind].split()
        },
        pronouns=pronouns,
        labels=raw["labels"],
        stop=frozenset(raw["stop"].split()),
        kept_persons=frozenset(raw["person_kept"].split()),
        roles=frozenset(raw["roles"].split()),
        titles=titles,
        body=frozenset(raw["body"].split()),
        recurring=frozenset(raw["recurring_words"].split()),
        negations=frozenset(raw["negations"].split()),
    )


def _by_phrase(lists: dict[SlotName, tuple[str, ...]]) -> dict[tuple[str, ...], SlotName]:
    return {tuple(phrase.split()): name for name, phrases in lists.items() for phrase in phrases}
