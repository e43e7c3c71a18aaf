"""The word lists of changes and looks, read from `prompts/lexicon/changes.yaml`.

Knows which words ask, take off, tear and hurt; must not know how a sentence is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml

from tools.contracts.model import Contract
from tools.language.briefs.lexicon import SlotName


class _File(Contract):
    """The file as it is written."""

    asking: str
    taking_off: tuple[str, ...]
    determiners: str
    accessories: tuple[str, ...]
    cloth_parts: str
    cloth_states: str
    injuries: str
    hair_states: str
    hair_colours: str
    hair_lengths: str
    hair_textures: str
    hair_strands: str
    comparatives: dict[str, str]
    identity_slots: tuple[SlotName, ...]
    typical_years: dict[str, int]


@dataclass(frozen=True)
class ChangeWords:
    """Every list, ready to ask."""

    asking: frozenset[str]
    taking_off: re.Pattern[str]
    """An opening after which items follow that go."""
    determiners: frozenset[str]
    accessories: frozenset[str]
    """Last words of what is worn beside the clothes."""
    cloth_parts: frozenset[str]
    cloth_states: frozenset[str]
    injuries: frozenset[str]
    hair_states: frozenset[str]
    hair_families: tuple[frozenset[str], ...]
    """Colours, lengths and textures."""
    hair_strands: frozenset[str]
    comparatives: dict[str, str]
    """Comparative to the lexicon's own word: `heavier` to `heavy`."""
    identity_slots: tuple[SlotName, ...]
    typical_years: dict[str, int]


@lru_cache(maxsize=1)
def change_words() -> ChangeWords:
    """Read the lists once."""
    text = files("prompts").joinpath("lexicon", "changes.yaml").read_text(encoding="utf-8")
    raw = _File.model_validate(yaml.safe_load(text))
    openings = "|".join(re.escape(words) for words in sorted(raw.taking_off, key=len, reverse=True))
    families = (raw.hair_colours, raw.hair_lengths, raw.hair_textures)
    return ChangeWords(
        asking=frozenset(raw.asking.split()),
        taking_off=re.compile(rf"\b(?:{openings})\s+(?=\w)", re.IGNORECASE),
        determiners=frozenset(raw.determiners.split()),
        accessories=frozenset(words.split()[-1] for words in raw.accessories),
        cloth_parts=frozenset(raw.cloth_parts.split()),
        cloth_states=frozenset(raw.cloth_states.split()),
        injuries=frozenset(raw.injuries.split()),
        hair_states=frozenset(raw.hair_states.split()),
        hair_families=tuple(frozenset(words.split()) for words in families),
        hair_strands=frozenset(raw.hair_strands.split()),
        comparatives=raw.comparatives,
        identity_slots=raw.identity_slots,
        typical_years=raw.typical_years,
    )
