"""Framing, side, angle, lens and expression as people say them, found in a text with their places.

Knows `prompts/scenes/camera.yaml`; must not know what is asked for with the words it finds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml

from tools.contracts.model import Contract
from tools.contracts.photography import Expression, Framing, View

_MILLIMETRES = re.compile(r"\b\d{2,3}\s?(?:mm|millimet(?:er|re)s?)\b(?: lens)?", re.IGNORECASE)
_NEGATION = re.compile(
    r"(?:\b(?:no|not|never|without|less|stop|isn't|doesn't|don't|too|wasn't|didn't|nothing|"
    r"drop the|lose the|cut the|fewer)|n't)"
    r"(?:\s+(?:so|be|a|the|any|much|that|look|looking|as|of|her|his))*\s*$",
    re.IGNORECASE,
)


class CameraWords(Contract):
    """The lists of the file: a meaning and the phrases for it."""

    framings: dict[Framing, tuple[str, ...]]
    views: dict[View, tuple[str, ...]]
    angles: dict[str, tuple[str, ...]]
    lenses: tuple[str, ...]
    expressions: dict[Expression, tuple[str, ...]]


@dataclass(frozen=True)
class Said:
    """A phrase of a text with what it means."""

    meaning: str
    words: str
    start: int
    end: int
    negated: bool = False
    """Said with `no`, `not`, `less`, `too`."""


@lru_cache(maxsize=1)
def camera_words() -> CameraWords:
    """Read the file once."""
    text = files("prompts").joinpath("scenes", "camera.yaml").read_text(encoding="utf-8")
    return CameraWords.model_validate(yaml.safe_load(text))


def framings_in(text: str) -> list[Said]:
    """Find framings in reading order."""
    return [*_found("framings", text)]


def views_in(text: str) -> list[Said]:
    """Find sides from which the head is seen."""
    return [*_found("views", text)]


def angles_in(text: str) -> list[Said]:
    """Find camera heights."""
    return [*_found("angles", text)]


def expressions_in(text: str) -> list[Said]:
    """Find expressions, with whether they are denied."""
    return [*_found("expressions", text)]


def expression_of(words: str) -> Expression | None:
    """Return the first expression that words name and do not deny."""
    found = next((said for said in expressions_in(words) if not said.negated), None)
    return Expression(found.meaning) if found else None


def lenses_in(text: str) -> list[Said]:
    """Find lenses, in millimetres or in words; the meaning is the phrase itself."""
    found = [_said(match.group(), match, text) for match in _MILLIMETRES.finditer(text)]
    pattern = any_of(camera_words().lenses)
    found += [_said(match.group().lower(), match, text) for match in pattern.finditer(text)]
    return sorted(found, key=lambda said: said.start)


def any_of(phrases: Sequence[str]) -> re.Pattern[str]:
    """Return a pattern of phrases as whole words, longer ones first; hyphens match spaces."""
    ordered = sorted(phrases, key=len, reverse=True)
    listed = "|".join(re.escape(phrase).replace(r"\-", r"[- ]") for phrase in ordered)
    return re.compile(rf"(?<![\w'-])(?:{listed})(?![\w'-])", re.IGNORECASE)


def _found(table: str, text: str) -> Iterator[Said]:
    pattern, meanings = _table(table)
    for match in pattern.finditer(text):
        meaning = meanings[match.group().lower().replace("-", " ")]
        yield _said(meaning, match, text)


def _said(meaning: str, match: re.Match[str], text: str) -> Said:
    negated = bool(_NEGATION.search(text[: match.start()]))
    return Said(meaning, match.group(), match.start(), match.end(), negated)


@lru_cache(maxsize=8)
def _table(name: str) -> tuple[re.Pattern[str], Mapping[str, str]]:
    rows: Mapping[str, Sequence[str]] = getattr(camera_words(), name)
    meanings = {
        phrase.replace("-", " "): str(meaning)
        for meaning, words in rows.items()
        for phrase in words
    }
    return any_of([phrase for words in rows.values() for phrase in words]), meanings
