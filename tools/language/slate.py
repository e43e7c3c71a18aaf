"""Slates and takes as they are written and said: `12A`, `12a t3`, `12A and B`, `12A to D`.

The one place that knows their form: a scene's number, a setup's letters without I and O, a take's
number. Must not know which shots there are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from re import Match

from tools.language.lexicon import english

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Letters of setups; I and O look like figures and are skipped."""

_LETTER = "[a-hj-np-z]"
_SLATE = re.compile(
    rf"(?<![\w./#])(?P<scene>\d{{1,4}})(?P<gap>[ \t]?)(?P<setup>{_LETTER}{{1,2}})(?![\w.:]*\w)"
)
_TAKE = re.compile(r"[ \t]*(?:,[ \t]*)?(?:takes?[ \t]*|t[ \t]?)(?P<take>\d{1,3})\b")
_GOES_ON = re.compile(
    r"\s*(?P<link>,\s*and|,|and|&|\+|to|through|-)\s*(?:(?P<scene>\d{1,4})[ \t]?)?"
    rf"(?P<setup>{_LETTER})(?![\w'])(?! (?:take|t\d))"
)
_RANGE = frozenset({"to", "through", "-"})


@dataclass(frozen=True)
class FoundSlates:
    """Slates, and where in the text they were said."""

    slates: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class FoundTake:
    """A take named by its slate: `12A T3`."""

    slate: str
    take: int
    start: int
    end: int

    @property
    def label(self) -> str:
        """The take as the board writes it."""
        return f"{self.slate} T{self.take}"


def slates_in(small: str) -> FoundSlates:
    """Return the slates of a text in small letters, lists and ranges included, each once."""
    slates: dict[str, None] = {}
    spans: list[tuple[int, int]] = []
    for match in _SLATE.finditer(small):
        if spans and match.start() < spans[-1][1]:
            continue
        lists = len(match["setup"]) == 1 and _GOES_ON.match(small, match.end())
        if _is_word(match) and not lists:
            continue
        said, end = _listed(match, small)
        slates |= dict.fromkeys(said)
        spans.append((match.start(), end))
    return FoundSlates(tuple(slates), tuple(spans))


def takes_in(small: str) -> tuple[FoundTake, ...]:
    """Return the takes that a text in small letters names with their slates."""
    found: list[FoundTake] = []
    for match in _SLATE.finditer(small):
        take = _TAKE.match(small, match.end())
        if take is not None and not _is_word(match):
            slate = (match["scene"] + match["setup"]).upper()
            found.append(FoundTake(slate, int(take["take"]), match.start(), take.end()))
    return tuple(found)


def slate_of(take: str) -> str:
    """Return the slate of a take's label: `12A T3` is of `12A`."""
    return take.partition(" ")[0]


def _listed(match: Match[str], small: str) -> tuple[list[str], int]:
    """Read what follows a slate as its list: `12A, B and D`."""
    scene, found, end = match["scene"], [(match["scene"] + match["setup"]).upper()], match.end()
    while len(match["setup"]) == 1 and (link := _GOES_ON.match(small, end)):
        scene = link["scene"] or scene
        is_word = link["setup"] == "a" and link["scene"] is None
        if is_word or (link["link"] in _RANGE and link["scene"] not in (None, match["scene"])):
            break
        following = (scene + link["setup"]).upper()
        found += _between(found[-1], following) if link["link"] in _RANGE else [following]
        end = link.end()
    return found, end


def _between(first: str, last: str) -> list[str]:
    start, end = LETTERS.find(first[-1]), LETTERS.find(last[-1])
    return [first[:-1] + letter for letter in LETTERS[start + 1 : end + 1]]


def _is_word(match: Match[str]) -> bool:
    """Say whether the letters behind a number are a word of their own, not a setup."""
    if match["setup"] == "s" and int(match["scene"]) % 10 == 0:
        return True
    known = english()
    return match["setup"] in known.measures or (
        bool(match["gap"]) and match["setup"] in known.short
    )
