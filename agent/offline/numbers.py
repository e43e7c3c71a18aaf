"""Numbers as directors say them: digits, words, ordinals.

Must not know what is counted.
"""

from __future__ import annotations

import re

_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    *("nineteen", "twenty"),
)
_TENS = {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "twenty-four": 24, "twenty-five": 25}
_ORDINALS = (
    *("zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"),
    *("ninth", "tenth", "eleventh", "twelfth"),
)
_LOOSE = {"a": 1, "an": 1, "another": 1, "couple": 2, "a couple": 2, "pair": 2, "dozen": 12}

NUMBER = r"(?:\d[\d,]*k?|" + "|".join(sorted([*_WORDS[1:], *_TENS], key=len, reverse=True)) + ")"
"""Pattern of a cardinal."""
ORDINAL = r"(?:" + "|".join(_ORDINALS[1:]) + r"|\d{1,2}(?:st|nd|rd|th)|last|final|middle)"
"""Pattern of an ordinal."""


def number_of(word: str) -> int | None:
    """Return the value of a cardinal (`4`, `four`, `1,500`, `2k`, `a couple`), else None."""
    low = " ".join(word.lower().split())
    if re.fullmatch(r"\d[\d,]*k?", low):
        digits = low.rstrip("k").replace(",", "")
        return int(digits) * (1000 if low.endswith("k") else 1) if len(digits) < 9 else None
    if low in _WORDS:
        return _WORDS.index(low)
    return _TENS.get(low, _LOOSE.get(low))


def ordinal_of(word: str, count: int) -> int | None:
    """Return the place that an ordinal means among so many things, counted from 1, else None."""
    low = word.lower()
    if low in ("last", "final"):
        return count or None
    if low == "middle":
        return (count + 1) // 2 if count % 2 else None
    digits = re.match(r"\d+", low)
    if digits:
        return int(digits.group())
    return _ORDINALS.index(low) if low in _ORDINALS else None


def first_number(text: str) -> int | None:
    """Return the first cardinal in a text."""
    match = re.search(rf"\b{NUMBER}\b", text)
    return number_of(match.group()) if match else None
