"""The written rules of covering a scene, read from `prompts/scenes/coverage.yaml`.

Holds words and framings; must not know how a text is cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml

from tools.contracts.photography import Framing
from tools.language.briefs.lexicon import character_lexicon


@dataclass(frozen=True)
class CoverageRules:
    """Every list of the file, ready to ask."""

    master: Framing
    action: Framing
    reaction: Framing
    dialogue: Framing
    looks: frozenset[str]
    parts: frozenset[str]
    verbs: frozenset[str]
    speech: frozenset[str]
    absent_leads: frozenset[str]
    set_aside: tuple[str, ...]
    off_screen: frozenset[str]
    page_marks: frozenset[str]
    things: frozenset[str]
    determiners: frozenset[str]
    states: frozenset[str]
    connectives: frozenset[str]
    light_modifiers: frozenset[str]
    people: frozenset[str]
    """Nouns for people, singular and plural."""


@lru_cache(maxsize=1)
def coverage_rules() -> CoverageRules:
    """Read the file once."""
    text = files("prompts").joinpath("scenes", "coverage.yaml").read_text(encoding="utf-8")
    raw = yaml.safe_load(text)
    verbs = files("prompts").joinpath("scenes", "verbs.yaml").read_text(encoding="utf-8")
    raw |= yaml.safe_load(verbs)
    lexicon = character_lexicon()
    nouns = {*raw["people"].split(), *lexicon.person, *lexicon.roles}
    people = nouns - set(raw["not_people"].split())
    framing = {name: Framing(value) for name, value in raw["framing"].items()}
    return CoverageRules(
        master=framing["master"],
        action=framing["action"],
        reaction=framing["reaction"],
        dialogue=framing["dialogue"],
        looks=frozenset(raw["looks"].split()),
        parts=frozenset(raw["parts"].split()),
        verbs=frozenset(raw["verbs"].split()),
        speech=frozenset(raw["speech"].split()),
        absent_leads=frozenset(raw["absent_leads"].split()),
        things=frozenset(raw["things"].split()),
        determiners=frozenset(raw["determiners"].split()),
        states=frozenset(raw["states"].split()),
        connectives=frozenset(raw["connectives"].split()),
        light_modifiers=frozenset(raw["light_modifiers"].split()),
        set_aside=tuple(raw["set_aside"]),
        off_screen=frozenset(raw["off_screen"]),
        page_marks=frozenset(raw["page_marks"]),
        people=frozenset(people | {f"{noun}s" for noun in people if not noun.endswith("s")}),
    )
