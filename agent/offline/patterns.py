"""The word patterns of `prompts/agent/offline/intents.yaml`, compiled.

Knows the file's form and its short names in braces; must not know what a tool is asked with.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import Field

from tools.contracts.model import Contract
from tools.language.lexicon import character_lexicon

NAME_MARK = "\ua66e"
"""Stands for every letter of a cast member's name in text that patterns are matched against: a letter that
nobody types, so that names keep their word boundaries."""
QUOTE_MARK = "\ua847"
"""Stands for every letter of quoted text, which is data and never read for what to do."""

_SHORT = re.compile(r"\{([a-z_]+)\}")


class IntentWords(Contract):
    """The file as it is written."""

    short: dict[str, str]
    """Short names: what `{name}` in a pattern stands for; may use those before it."""
    polite_start: tuple[str, ...]
    polite_end: tuple[str, ...]
    opens: tuple[str, ...]
    """Starts that make a part of a sentence a command of its own."""
    joints: dict[str, str]
    """What ties commands together, and words that only lead to what follows."""
    agrees: tuple[str, ...]
    declines: tuple[str, ...]
    corrects: tuple[str, ...]
    """Starts that correct the message before; group `meant` is what was meant."""
    repeats: tuple[str, ...]
    """Starts that ask for the picture before once more; group `other` is what is different."""
    fillers: tuple[str, ...]
    """Words that may stand in any command without meaning anything more."""
    nobody: tuple[str, ...]
    """Answers that a person who was asked about is left out."""
    offer: tuple[str, ...]
    """A question of ours that a `yes` turns into a command; group `what`."""
    chat: tuple[str, ...]
    help: tuple[str, ...]
    cannot: dict[str, tuple[str, ...]]
    """What this studio has no tool for: what it is, and how it is asked for."""
    tools: dict[str, dict[str, tuple[str, ...]]] = Field(min_length=1)
    """Tool to named groups of patterns."""


@lru_cache(maxsize=1)
def intent_words() -> IntentWords:
    """Read the file once."""
    text = files("prompts").joinpath("agent", "offline", "intents.yaml").read_text(encoding="utf-8")
    return IntentWords.model_validate(yaml.safe_load(text))


@lru_cache(maxsize=512)
def pattern(source: str) -> re.Pattern[str]:
    """Compile a pattern with its short names put in."""
    return re.compile(expanded(source))


def expanded(source: str) -> str:
    """Put in what the short names stand for."""
    return _SHORT.sub(lambda match: _short_names()[match.group(1)], source)


def said(tool: str, group: str, low: str) -> re.Match[str] | None:
    """Return the first pattern of a tool's group that a clause holds, or None."""
    for source in intent_words().tools[tool][group]:
        match = pattern(source).search(low)
        if match:
            return match
    return None


def spans(tool: str, group: str, low: str, inside: int = 0) -> list[tuple[int, int]]:
    """Return every place where a tool's group of patterns, or one of their parts, is said."""
    sources = intent_words().tools[tool][group]
    return [match.span(inside) for source in sources for match in pattern(source).finditer(low)]


def any_of(sources: tuple[str, ...], low: str) -> re.Match[str] | None:
    """Return the first of some patterns that a text holds, or None."""
    return next(filter(None, (pattern(source).search(low) for source in sources)), None)


@lru_cache(maxsize=1)
def _short_names() -> dict[str, str]:
    lexicon = character_lexicon()
    persons = sorted({*lexicon.person, *lexicon.roles} - {"lead", "extra", "coach", "major"})
    names = {
        "name": f"{NAME_MARK}+",
        "quoted": f"{QUOTE_MARK}+",
        "person": f"(?:{'|'.join(map(re.escape, persons))})",
    }
    for short, source in intent_words().short.items():
        names[short] = _SHORT.sub(lambda match: names[match.group(1)], source)
    return names
