"""Sluglines: `12. INT. KITCHEN - NIGHT`, on a line of their own or before the first sentence.

Knows how place and time are parted; must not know what happens there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tools.language.scenes.parse_scene import scene_words

_OPENING = re.compile(
    r"^(?:(?P<number>\d{1,4})[A-Z]?[.)]?\s+)?"
    r"(?:(?:INT\.?\s?/\s?EXT|EXT\.?\s?/\s?INT|I/E|INT|EXT)\b[./]*\s+|"
    r"(?i:int\.?/ext|ext\.?/int|int|ext)\.\s+)(?P<rest>\S.*)$"
)
_CAPITALS = re.compile(
    r"^(?P<head>[^a-z\"\n]*?[A-Z0-9)'])(?=[.:]?\s+(?:[A-Z][a-z']|A\s+[a-z]|\"|[a-z(])|[.:]?\s*$)"
)
_PLAIN = re.compile(r"^(?P<head>[^.:\n]+)")
_NO_LIGHT = frozenset({"continuous", "later", "moments later", "same", "same time", "continuing"})


@dataclass(frozen=True)
class Slugline:
    """A heading with its parts, in small letters."""

    text: str
    length: int
    """Characters of the line that it takes."""
    number: int | None
    place: str
    light: str | None


def take_slugline(line: str) -> Slugline | None:
    """Read the slugline that a line opens with, if it does."""
    opening = _OPENING.match(line)
    if opening is None:
        return None
    rest = opening["rest"]
    head = _CAPITALS.match(rest) or _PLAIN.match(rest)
    if head is None:
        return None
    length = opening.start("rest") + head.end()
    place, light = _parted(head["head"].strip(" -,"))
    number = int(opening["number"] or 0) or None
    return Slugline(line[:length].strip(), length, number, place, light)


def _parted(head: str) -> tuple[str, str | None]:
    parts = re.split(r"\s+-\s+|\s*,\s*", head)
    last = parts[-1].strip(" .").lower()
    if len(parts) == 1 or not (_is_time(last) or last in _NO_LIGHT):
        return head.lower(), None
    place = head[: head.lower().rindex(last)].strip(" -,").lower()
    return place, None if last in _NO_LIGHT else last


def _is_time(words: str) -> bool:
    return any(re.search(rf"\b{re.escape(time)}\b", words) for time in scene_words().times)
