"""Years that pass, as people say them: `ten years later`, `twenty years younger`, `a decade on`.

Knows spans of time and the ages that they start from; must not know who is meant.
"""

from __future__ import annotations

import re

from tools.language.briefs.ages import find_ages, years_of
from tools.language.briefs.change_words import change_words

_COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20, "twenty-five": 25,
    "thirty": 30, "forty": 40, "fifty": 50,
}  # fmt: skip
_COUNT = rf"\d{{1,2}}|{'|'.join(sorted(_COUNTS, key=len, reverse=True))}"
_SPAN = re.compile(
    rf"\b(?P<count>{_COUNT})\s+(?P<unit>years?|decades?)\s+"
    r"(?P<way>later|older|on|from now|have passed|younger|earlier|before|ago)\b",
    re.IGNORECASE,
)
_MADE = re.compile(
    r"(?:^|\b(?:make|made|be|is|at|turns?|age|aged?|like|say|now)\s+)(?:him|her|them)?\s*(?:at\s+)?(?P<years>\d{2})\b"
    r"(?=\s*(?:$|[,.;]|now\b|and\b|with\b))",
    re.IGNORECASE,
)
_LONE = re.compile(
    r"\b(?:as an? )?(?P<word>old|elderly|middle[- ]aged|young|teenage)\b(?= (?:man|woman|person))",
    re.IGNORECASE,
)
_BACKWARDS = frozenset({"younger", "earlier", "before", "ago"})
_YOUNGEST, _OLDEST = 1, 110


def aged(text: str, age: str | None) -> tuple[str | None, str]:
    """Read a new age.

    Args:
        text: what is said.
        age: the age so far, from which years are counted.

    Returns:
        The age in words that stand by themselves (`37`), or None when none is said or there is no
        age to count from; and the text without the words that were read.
    """
    span = _SPAN.search(text)
    if span is not None:
        years = _typical(age)
        rest = text[: span.start()] + text[span.end() :]
        return (None, text) if years is None else (str(_moved(years, span)), rest)
    for pattern in (_MADE, _LONE):
        match = pattern.search(text)
        if match is not None:
            return match.group(1), text[: match.start()] + text[match.end() :]
    found = find_ages(text)
    if found:
        first = found[0]
        return first.phrase, text[: first.start] + text[first.end :]
    return None, text


def says_years(text: str) -> bool:
    """Say whether years pass in a text, even where there is no age to count from."""
    return _SPAN.search(text) is not None


def _moved(years: int, span: re.Match[str]) -> int:
    said = span.group("count").lower()
    count = int(said) if said.isdigit() else _COUNTS[said]
    if span.group("unit").lower().startswith("decade"):
        count *= 10
    if span.group("way").lower() in _BACKWARDS:
        count = -count
    return min(_OLDEST, max(_YOUNGEST, years + count))


def _typical(age: str | None) -> int | None:
    if age is None:
        return None
    named = change_words().typical_years.get(age.lower())
    if named is not None:
        return named
    span = years_of(age)
    return None if span is None else round(sum(span) / 2)
