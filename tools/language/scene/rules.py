"""The written rules of covering a scene, read from `prompts/scenes/coverage.yaml`.

Holds words and framings; must not know how a text is cut.
"""

from __future__ import annotations

from functools import cached_property, lru_cache

from tools.contracts.model import Contract
from tools.contracts.photography import Framing
from tools.language.lexicon import Words, character_lexicon, word_file


class Framings(Contract):
    """The size of each kind of setup."""

    master: Framing
    action: Framing
    reaction: Framing
    dialogue: Framing


class CoverageRules(Contract):
    """Every list of the file, ready to ask."""

    framing: Framings
    parts: Words
    absent_leads: Words
    set_aside: Words
    transitions: Words
    off_screen: Words
    page_marks: Words
    things: Words
    people: Words
    not_people: Words
    belonging: Words
    """Nouns that make a thing of the person before them: the pilot boat, the nurse station."""
    determiners: Words
    copulas: Words
    leads_of_places: Words
    """Behind one of these a capitalised word is a place."""
    pronouns: dict[str, str]
    """Pronoun to `she` or `he`."""
    states: Words
    connectives: Words
    light_modifiers: Words
    opening_leads: tuple[str, ...]
    place_leads: tuple[str, ...]
    light_leads: tuple[str, ...]
    not_lights: Words
    """Lights of the vocabulary that are things in prose, unless somebody is lit by them."""
    labels: dict[str, str]

    @cached_property
    def persons(self) -> frozenset[str]:
        """Nouns for people, singular and plural."""
        lexicon = character_lexicon()
        nouns = {*self.people, *lexicon.person, *lexicon.roles} - self.not_people
        return frozenset(nouns | {f"{noun}s" for noun in nouns if not noun.endswith("s")})


@lru_cache(maxsize=1)
def coverage_rules() -> CoverageRules:
    """Read the file once."""
    return word_file(CoverageRules, "scenes", "coverage.yaml")
