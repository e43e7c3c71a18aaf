"""Typing errors: a word that English does not have, and the known word that it stands for.

Knows letters; must not know what a word means.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA
from spellchecker import SpellChecker

_WORD = re.compile(r"(?<![\w'-])[a-z]{4,20}(?![\w'-])")
_SHORTEST = 5
_LONG = 9
"""From this length on two letters may be wrong."""


def typing_errors(
    small: str, known: Collection[str], shortest: int = _SHORTEST
) -> list[tuple[int, int, str]]:
    """Find typing errors, each with its span and the known word that it stands for.

    A word is a typing error when it begins like a known word, differs from it in one letter (two in
    long words; letters changed over are one) and is no English word.

    Args:
        small: a text in small letters.
        known: words in small letters.
        shortest: letters of the shortest word that may be one, 4 at least.
    """
    words = (match for match in _WORD.finditer(small) if len(match.group()) >= shortest)
    meant = ((match, _meant(match.group(), known)) for match in words)
    return [(*match.span(), word) for match, word in meant if word is not None]


def is_word(word: str) -> bool:
    """Say whether English has a word, as a dictionary of 160,000 forms knows it."""
    return word.lower() in _dictionary()


def _meant(word: str, known: Collection[str]) -> str | None:
    stem = word.removesuffix("s")
    if word in known or stem in known or word.removesuffix("es") in known:
        return None
    most = 2 if len(word) >= _LONG else 1
    choices = [each for each in known if each[0] == word[0] and len(each) > most + 2]
    near = process.extract(stem, choices, scorer=OSA.distance, score_cutoff=most, limit=8)
    if not near or is_word(word):
        return None
    likest = min(near, key=lambda found: (found[1], -fuzz.ratio(stem, found[0]), found[0]))
    return f"{likest[0]}{word[len(stem) :]}"


@lru_cache(maxsize=1)
def _dictionary() -> SpellChecker:
    return SpellChecker()
