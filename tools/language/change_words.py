"""The word lists of changes and looks, and hair that is changed in part: `red` of `long black hair`.

Knows `prompts/lexicon/changes.yaml`; must not know how a sentence is read, nor looks and briefs.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from re import Pattern

from tools.contracts.model import Contract
from tools.language.lexicon import SlotName, Words, word_file
from tools.language.picture.phrases import either
from tools.language.text import words_of

_NOUN = "hair"


class ChangeWords(Contract):
    """Every list of the file, ready to ask."""

    asking: Words
    taking_off: tuple[str, ...]
    determiners: Words
    accessories: tuple[str, ...]
    trailing: Words
    """Words behind an item that goes: `the hat off, please`."""
    all_clothes: Words
    """Nouns for everything that is worn."""
    cloth_parts: Words
    cloth_states: Words
    injuries: Words
    hair_states: Words
    hair_colours: Words
    hair_lengths: Words
    hair_textures: Words
    hair_strands: Words
    hair_small: Words
    """Words beside hair that say nothing of it."""
    comparatives: dict[str, str]
    """Comparative to the lexicon's own word: `heavier` to `heavy`."""
    compared: Words
    """What says nothing more where the age itself is said."""
    identity_slots: tuple[SlotName, ...]

    @property
    def hair_families(self) -> tuple[frozenset[str], ...]:
        """Colours, lengths and textures: a word takes the place of one of its family."""
        return self.hair_colours, self.hair_lengths, self.hair_textures

    @cached_property
    def opening(self) -> Pattern[str]:
        """A pattern for an opening after which items follow that go."""
        return re.compile(rf"(?i)\b{either(self.taking_off)}\s+(?=\w)")

    def is_accessory(self, phrase: str) -> bool:
        """Say whether a phrase names something that is worn beside the clothes."""
        last = phrase.lower().split()[-1]
        return any(last == words.split()[-1] for words in self.accessories)


@lru_cache(maxsize=1)
def change_words() -> ChangeWords:
    """Read the lists once."""
    return word_file(ChangeWords, "lexicon", "changes.yaml")


def partly_changed(before: str | None, said: str) -> str | None:
    """Return the hair with a part of it changed; None when more is said than a part.

    Words of a family take the place of the family's words before; strands of another colour are
    added.
    """
    words = [word.lower for word in words_of(said) if not word.is_mark]
    words = [word for word in words if word not in change_words().hair_small and word != _NOUN]
    if not before or not words:
        return None
    if change_words().hair_strands.intersection(words):
        return f"{before} with {' '.join(words)}"
    if all(any(word in family for family in change_words().hair_families) for word in words):
        return _replaced(before, words)
    return None


def changed_hair(before: str | None, said: str) -> str:
    """Return the hair after a change; a cut that is said without a colour keeps the colour."""
    return partly_changed(before, said) or _coloured(before or "", said)


def names_colour(hair: str) -> bool:
    """Say whether a phrase says the hair's colour, so that nothing has to be added to it."""
    return not change_words().hair_families[0].isdisjoint(hair.lower().replace(",", " ").split())


def _replaced(before: str, words: list[str]) -> str:
    kept = before.split()
    for family in change_words().hair_families:
        new = [word for word in words if word in family]
        if not new:
            continue
        places = [at for at, word in enumerate(kept) if word.lower().strip(",") in family]
        first = places[0] if places else _before_noun(kept)
        kept = [word for at, word in enumerate(kept) if at not in places]
        kept[first:first] = new
    return " ".join(kept)


def _before_noun(words: list[str]) -> int:
    return words.index(_NOUN) if _NOUN in words else 0


def _coloured(before: str, said: str) -> str:
    colours = change_words().hair_families[0]
    new = [word.lower for word in words_of(said)]
    old = [word.lower for word in words_of(before) if word.lower in colours]
    if not old or colours.intersection(new) or "bald" in new or "shaved" in new:
        return said
    return f"{' '.join(old)} {said}"
