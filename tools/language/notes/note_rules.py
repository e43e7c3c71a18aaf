"""The written rules of notes on takes, read from `prompts/scenes/notes.yaml`.

Holds words; must not know a shot.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml

from tools.contracts.model import Contract
from tools.contracts.photography import Framing


class ComparedLight(Contract):
    """A light that is only compared with the one so far."""

    words: tuple[str, ...]
    day: tuple[str, ...]
    night: tuple[str, ...]


@dataclass(frozen=True)
class NoteRules:
    """Every list of the file, ready to ask."""

    closer: tuple[str, ...]
    wider: tuple[str, ...]
    only: dict[Framing, tuple[str, ...]]
    show: dict[Framing, tuple[str, ...]]
    see_verbs: tuple[str, ...]
    heights: dict[str, tuple[str, ...]]
    night_lights: tuple[str, ...]
    compared: dict[str, ComparedLight]
    not_lights: tuple[str, ...]
    lit_people: tuple[str, ...]
    identity: dict[str, tuple[str, ...]]
    wrong_words: tuple[str, ...]
    wear_verbs: tuple[str, ...]
    filler: frozenset[str]
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]
    things: tuple[str, ...]
    no_action: frozenset[str]
    not_doubled: frozenset[str]


@lru_cache(maxsize=1)
def note_rules() -> NoteRules:
    """Read the file once."""
    text = files("prompts").joinpath("scenes", "notes.yaml").read_text(encoding="utf-8")
    raw = yaml.safe_load(text)
    framed = {
        name: {Framing(size): tuple(words) for size, words in raw[name].items()}
        for name in ("only", "show")
    }
    compared = {name: ComparedLight.model_validate(row) for name, row in raw["compared"].items()}
    return NoteRules(
        only=framed["only"],
        show=framed["show"],
        closer=tuple(raw["closer"]),
        wider=tuple(raw["wider"]),
        see_verbs=tuple(raw["see_verbs"]),
        night_lights=tuple(raw["night_lights"]),
        not_lights=tuple(raw["not_lights"]),
        lit_people=tuple(raw["lit_people"]),
        wrong_words=tuple(raw["wrong_words"]),
        wear_verbs=tuple(raw["wear_verbs"]),
        wanted=tuple(raw["wanted"]),
        unwanted=tuple(raw["unwanted"]),
        things=tuple(raw["things"]),
        no_action=frozenset(raw["no_action"].split()),
        not_doubled=frozenset(raw["not_doubled"].split()),
        compared=compared,
        heights={height: tuple(words) for height, words in raw["heights"].items()},
        identity={slot: tuple(words) for slot, words in raw["identity"].items()},
        filler=frozenset(raw["filler"].split()),
    )
