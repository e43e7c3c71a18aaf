"""Ages as people say them: `34`, `in her fifties`, `on the wrong side of seventy`.

Knows numbers, number words and decades; must not know who is described.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_UNITS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = [
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_DECADES = [ten[:-1] + "ies" for ten in _TENS]
_NUMBERS: dict[str, int] = (
    {word: 1 + index for index, word in enumerate(_UNITS)}
    | {word: 10 + index for index, word in enumerate(_TEENS)}
    | {word: 20 + 10 * index for index, word in enumerate(_TENS)}
)
_LEXICAL: dict[str, tuple[int, int]] = {
    "child": (4, 12),
    "teenage": (13, 19),
    "teenager": (13, 19),
    "teen": (13, 19),
    "teenaged": (13, 19),
    "adolescent": (13, 19),
    "young": (0, 42),
    "youthful": (0, 42),
    "middle-aged": (35, 62),
    "middle aged": (35, 62),
    "elderly": (60, 110),
    "old": (55, 110),
    "aged": (60, 110),
    "ancient": (65, 110),
}
_N = (
    rf"(?:\d{{1,3}}|(?:{'|'.join(_TENS)})[- ](?:{'|'.join(_UNITS)})|{'|'.join(_TEENS + _TENS)}"
    rf"|{'|'.join(_UNITS)})"
)
_DECADE = rf"(?:{'|'.join(_DECADES)}|\d0'?s)"
_PART = r"(?:(?:very )?(?:early|mid|middle|late)[- ](?:to[- ]late[- ])?)"
_UNITS_OF_OTHER_THINGS = (
    "feet|foot|ft|cm|m|metres|meters|inches|kg|pounds|stone|children|kids|mm|per|%"
)
_NOT_AGE = rf"(?![\w-])(?!\s*(?:{_UNITS_OF_OTHER_THINGS}))"
_ABOUT = "about|around|roughly|nearly|almost|pushing|turning|past|over|under|just turned|turned"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:in (?:her|his|their|my|the) )?{_PART}?{_DECADE}(?![\w-])",
        rf"\b{_N}[- ]years?(?:[- ]old| of age)\b",
        rf"\b{_N}\s?(?:yo|y/o)\b",
        rf"\b{_N}[- ]?(?:ish|something)\b",
        rf"\b(?:on the wrong side of|on the right side of) {_N}\b",
        rf"\b(?:{_ABOUT}) {_N}{_NOT_AGE}",
        rf"\baged (?:about |around )?{_N}{_NOT_AGE}",
        rf"(?<![\w-])\d{{1,2}}\s?(?:-|to)\s?\d{{1,2}}{_NOT_AGE}",
        rf"(?<=\bof ){_N}(?=\s*(?:[,.;:)]|$| with\b| and\b|\s*-|, who| who| in\b))",
        rf"(?:(?<=, )|(?<=\()|(?<=^)|(?<=\bis )|(?<=\bwas )|(?<=\bI'm )|(?<=\bam )|(?<=[a-z]'s ))"
        rf"{_N}(?=\s*(?:[,.;)]|$| and\b| now\b| with\b))",
        r"\b(?:teenaged|teenage|teenager|teen|adolescent|middle[- ]aged|elderly|ancient)\b",
    )
)
_DIGITS = re.compile(r"\d{1,3}")


@dataclass(frozen=True)
class Age:
    """An age as said, where it stands in the text, and the years that it can mean."""

    phrase: str
    start: int
    end: int
    low: int
    high: int


def find_ages(text: str) -> list[Age]:
    """Find ages in reading order, longest first where they overlap.

    The words `young` and `old` are not found here: whether they speak of a person depends on what
    follows them.
    """
    found: list[Age] = []
    for age in sorted(_candidates(text), key=lambda age: (age.start - age.end, age.start)):
        if not any(age.start < other.end and other.start < age.end for other in found):
            found.append(age)
    return sorted(found, key=lambda age: age.start)


def _candidates(text: str) -> Iterator[Age]:
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            years = years_of(match.group())
            if years is not None:
                yield Age(match.group(), match.start(), match.end(), *years)


def years_of(phrase: str) -> tuple[int, int] | None:
    """Say which years a phrase can mean, youngest and oldest; None when it names no age."""
    lower = phrase.lower().strip()
    decade = _decade_of(lower)
    if decade is not None:
        return _part_of_decade(lower, decade)
    numbers = _numbers_in(lower)
    if numbers:
        return _around(lower, min(numbers), max(numbers))
    return next((_LEXICAL[word] for word in _lexical_words(lower)), None)


def is_number(phrase: str) -> bool:
    """Say whether a phrase is nothing but a number, in figures or words."""
    return re.fullmatch(_N, phrase.strip(), re.IGNORECASE) is not None


def _lexical_words(lower: str) -> list[str]:
    return [word for word in _LEXICAL if re.search(rf"\b{word}\b", lower)]


def _decade_of(lower: str) -> int | None:
    digits = re.search(r"(\d0)'?s\b", lower)
    if digits:
        return int(digits.group(1))
    return next(
        (
            20 + 10 * index
            for index, word in enumerate(_DECADES)
            if re.search(rf"\b{word}\b", lower)
        ),
        None,
    )


def _part_of_decade(lower: str, decade: int) -> tuple[int, int]:
    if "early" in lower:
        return decade, decade + 3
    if re.search(r"\bmid", lower):
        return decade + 4, decade + 6
    return (decade + 7, decade + 9) if "late" in lower else (decade, decade + 9)


def _numbers_in(lower: str) -> list[int]:
    digits = [int(match) for match in _DIGITS.findall(lower)]
    words = [
        sum(_NUMBERS[part] for part in re.split(r"[- ]", match))
        for match in re.findall(rf"(?<![a-z]){_N}(?=ish|something|[- ]|$|[^a-z])", lower)
        if not match.isdigit()
    ]
    return [number for number in digits + words if 1 <= number <= 120]


def _around(lower: str, low: int, high: int) -> tuple[int, int]:
    if "wrong side" in lower or re.search(r"\b(?:past|over)\b", lower):
        return low + 1, low + 9
    if re.search(r"\b(?:pushing|nearly|almost|under)\b|right side", lower):
        return low - 3, high
    if "something" in lower:
        return low, high + 9
    if re.search(r"\b(?:about|around|roughly)\b|ish\b", lower):
        return low - 2, high + 2
    return low, high
