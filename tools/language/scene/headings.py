"""Headings of a script: `12. INT. KITCHEN - NIGHT`, `.SNOWY FOREST #12A#`, also before a sentence.

Knows how number, place and time are parted; must not know what happens there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tools.language.picture.setting import setting_words
from tools.language.scene.whereabouts import is_time

_SCENE_MARK = re.compile(r"\s*#(?P<number>\d{0,4})[\w.-]*#\s*$")
_OPENING = re.compile(
    r"^(?:(?P<number>\d{1,4})[A-Z]?[.)]?\s+)?"
    r"(?:(?:INT\.?\s?/\s?EXT|EXT\.?\s?/\s?INT|I/E|INT|EXT|EST)\b[./]*\s+|"
    r"(?i:int\.?/ext|ext\.?/int|int|ext)\.\s+)(?P<rest>\S.*)$"
)
_FORCED = re.compile(r"^\.(?=\w)(?P<rest>.+)$")
_CAPITALS = re.compile(
    r"^(?P<head>[^a-z\"\n]*?(?:[^\W_a-z]|[)']))(?=[.:]?\s+(?:[A-Z][a-z']|A\s+[a-z]|\"|[a-z(])|[.:]?\s*$)"
)
_PLAIN = re.compile(r"^(?P<head>[^.:\n]+)")
_PARTS = re.compile(r"\s+-\s+|\s*,\s*")


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
    """Read the heading that a line opens with, if it does."""
    mark = _SCENE_MARK.search(line)
    bare = line[: mark.start()] if mark else line
    opening = _OPENING.match(bare) or _FORCED.match(bare)
    if opening is None:
        return None
    rest = opening["rest"]
    forced = opening.re is _FORCED
    head = _PLAIN.match(rest) if forced else (_CAPITALS.match(rest) or _PLAIN.match(rest))
    if head is None:
        return None
    length = opening.start("rest") + head.end()
    place, light = _parted(head["head"].strip(" -,"))
    marked = mark["number"] if mark else None
    number = int(marked or (not forced and opening["number"]) or 0) or None
    if mark and not bare[length:].strip(" .:"):
        length = len(line)
    return Slugline(line[:length].strip(), length, number, place, light)


def _parted(head: str) -> tuple[str, str | None]:
    parts = _PARTS.split(head)
    last = parts[-1].strip(" .").lower()
    no_light = last in setting_words().no_times
    if len(parts) == 1 or not (is_time(last) or no_light):
        return head.lower(), None
    place = head[: head.lower().rindex(last)].strip(" -,").lower()
    return place, None if no_light else last
