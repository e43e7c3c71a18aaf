"""Slates in a sentence: `12A`, `12A and B`, `12A to C`, scenes, and all the shots there are.

Knows the shots of the digest; must not know takes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.offline.clause import Text

_SLATE = re.compile(r"(?<![\w./#])(\d{1,4})\s?([a-hj-np-z]{1,2})(?![\w.:]*\w)")
_LISTED = re.compile(
    r"(?<![\w./#])(?P<scene>\d{1,4})\s?(?P<first>[a-hj-np-z])(?P<more>(?:\s*(?:,|and|&|,\s*and|\+|to|through|-)"
    r"\s*(?:\d{1,4}\s?)?[b-hj-np-z]\b(?!'))+)(?! (?:take|t\d))"
)


@dataclass(frozen=True)
class FoundSlates:
    """Slates, and where in the clause they were said."""

    slates: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()


def slates_in(clause: Text) -> FoundSlates:
    """Return the slates that are written out, lists such as `12A and B` included."""
    found: list[tuple[int, int, list[str]]] = []
    for match in _LISTED.finditer(clause.small):
        found.append((match.start(), match.end(), _listed(match)))
    for match in _SLATE.finditer(clause.small):
        if any(start <= match.start() < end for start, end, _ in found) or _is_word(match):
            continue
        found.append((match.start(), match.end(), [(match.group(1) + match.group(2)).upper()]))
    found.sort()
    slates = dict.fromkeys(slate for _, _, group in found for slate in group)
    return FoundSlates(tuple(slates), tuple((start, end) for start, end, _ in found))


def _listed(match: re.Match[str]) -> list[str]:
    scene, slates = match.group("scene"), [match.group("first")]
    letters = slates[0]
    result = [(scene + letters).upper()]
    for link, number, letter in re.findall(
        r"(,\s*and|,|and|&|\+|to|through|-)\s*(?:(\d{1,4})\s?)?([b-hj-np-z])\b", match.group("more")
    ):
        scene = number or scene
        if link in ("to", "through", "-"):
            result += _between(result[-1], (scene + letter).upper())
        else:
            result.append((scene + letter).upper())
    return result


def _between(first: str, last: str) -> list[str]:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    start, end = letters.find(first[-1]), letters.find(last[-1])
    return [first[:-1] + letter for letter in letters[start + 1 : end + 1]]


def _is_word(match: re.Match[str]) -> bool:
    """Say whether two letters after a number and a blank are a word of their own, not a setup."""
    spaced = " " in match.group() or "\t" in match.group()
    if match.group(2) == "s" and int(match.group(1)) % 10 == 0:
        return True
    return (spaced and match.group(2) in _SHORT_WORDS) or match.group(2) in _UNITS


_SHORT_WORDS = frozenset(
    (
        *("a", "an", "as", "at", "be", "by", "do", "go", "he", "it", "me", "my", "no", "of"),
        *("on", "or", "so", "to", "up", "us", "we", "t", "x"),
    )
)
_UNITS = frozenset(("mm", "st", "nd", "rd", "th", "cm", "ft"))
