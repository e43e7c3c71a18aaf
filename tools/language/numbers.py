"""Numbers, ages and years that pass, as people say them: `a couple`, `in her fifties`, `ten years later`.

Knows numbers and spans of time; must not know what is counted nor who is described.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from re import Match, Pattern

from tools.language.lexicon import english

_YOUNGEST, _OLDEST = 1, 110
_PART = r"(?:(?:very )?(?:early|mid|middle|late)[- ](?:to[- ]late[- ])?)"
_ENDED = r"(?=\s*(?:[,.;:)]|$| with\b| and\b|\s*-|, who| who| in\b))"
_STOPPED = r"(?=\s*(?:[,.;)]|$| and\b| now\b| with\b))"
_BEFORE_LONE = (
    r"(?:(?<=, )|(?<=\()|(?<=^)|(?<=\bis )|(?<=\bwas )|(?<=\bI'm )|(?<=\bam )|(?<=[a-z]'s ))"
)
_MADE = (
    r"(?:^|\b(?:make|made|be|is|at|turns?|age|aged?|like|say|now)\s+)(?:him|her|them)?\s*(?:at\s+)?"
    r"(?P<years>\d{2})\b(?=\s*(?:$|[,.;]|now\b|and\b|with\b))"
)
_LONE = (
    r"\b(?:as an? )?(?P<years>old|elderly|middle[- ]aged|young|teenage)\b(?= (?:man|woman|person))"
)


@dataclass(frozen=True)
class Age:
    """An age as said, where it stands in the text, and the years that it can mean."""

    phrase: str
    start: int
    end: int
    low: int
    high: int


@dataclass(frozen=True)
class _NumberPatterns:
    number: Pattern[str]
    ages: tuple[Pattern[str], ...]
    span: Pattern[str]
    made: tuple[Pattern[str], ...]


def cardinal() -> str:
    """Return a pattern's source for a cardinal in figures or words, up to ninety-nine."""
    return rf"(?:\d[\d,]*k?|{_spelled()})"


def ordinal() -> str:
    """Return a pattern's source for an ordinal, `last` and `middle` included."""
    return rf"(?:{'|'.join(english().ordinals[1:])}|\d{{1,2}}(?:st|nd|rd|th)|last|final|middle)"


def number_of(word: str) -> int | None:
    """Return the value of a cardinal (`4`, `four`, `1,500`, `2k`, `a couple`), else None."""
    low = " ".join(word.lower().split())
    digits = low.removesuffix("k").replace(",", "")
    if digits.isascii() and digits.isdigit():
        return int(digits) * (1000 if low.endswith("k") else 1) if len(digits) < 9 else None
    loose = english().loose.get(low)
    return _counted(low) if loose is None else loose


def ordinal_of(word: str, count: int) -> int | None:
    """Return the place that an ordinal means among so many things, counted from 1, else None."""
    low, known = word.lower(), english()
    if low in known.last:
        return count or None
    if low == "middle":
        return (count + 1) // 2 if count % 2 else None
    digits = low.rstrip("stndrh")
    if digits.isdigit() and digits.isascii():
        return int(digits)
    return known.ordinals.index(low) if low in known.ordinals else None


def first_number(text: str) -> int | None:
    """Return the first cardinal in a text."""
    match = _patterns().number.search(text.lower())
    return number_of(match.group()) if match else None


def is_number(phrase: str) -> bool:
    """Say whether a phrase is nothing but a number of at most three figures, or in words."""
    low = phrase.strip().lower()
    return _counted(low) is not None or (low.isascii() and low.isdigit() and len(low) <= 3)


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


def years_of(phrase: str) -> tuple[int, int] | None:
    """Say which years a phrase can mean, youngest and oldest; None when it names no age."""
    words = _parts(phrase)
    decade = _decade_of(words)
    if decade is not None:
        return _part_of_decade(words, decade)
    numbers = _numbers_in(words)
    if numbers:
        return _around(words, min(numbers), max(numbers))
    known = english().ages
    low = f" {' '.join(words)} "
    return next(
        (years for word, years in known.items() if f" {word.replace('-', ' ')} " in low), None
    )


def aged(text: str, age: str | None) -> tuple[str | None, str]:
    """Read a new age.

    Args:
        text: what is said.
        age: the age so far, from which years are counted.

    Returns:
        The age in words that stand by themselves (`37`), or None when none is said or there is no
        age to count from; and the text without the words that were read.
    """
    span = _patterns().span.search(text)
    if span is not None:
        years = _typical(age)
        rest = text[: span.start()] + text[span.end() :]
        return (None, text) if years is None else (str(_moved(years, span)), rest)
    for pattern in _patterns().made:
        match = pattern.search(text)
        if match is not None:
            return match.group("years"), text[: match.start()] + text[match.end() :]
    found = find_ages(text)
    if found:
        first = found[0]
        return first.phrase, text[: first.start] + text[first.end :]
    return None, text


def says_years(text: str) -> bool:
    """Say whether years pass in a text, even where there is no age to count from."""
    return _patterns().span.search(text) is not None


@lru_cache(maxsize=1)
def _spelled() -> str:
    known = english()
    units, tens = "|".join(known.units), "|".join(known.tens)
    return rf"(?:{tens})[- ](?:{units})|{'|'.join(known.teens)}|{tens}|{units}"


@lru_cache(maxsize=1)
def _patterns() -> _NumberPatterns:
    known = english()
    number = rf"(?:\d{{1,3}}|{_spelled()})"
    no_age = rf"(?![\w-])(?!\s*(?:{'|'.join(known.no_ages)}))"
    decade = rf"(?:{'|'.join(_decades())}|\d0'?s)"
    ages = (
        rf"\b(?:in (?:her|his|their|my|the) )?{_PART}?{decade}(?![\w-])",
        rf"\b{number}[- ]years?(?:[- ]old| of age)\b",
        rf"\b{number}\s?(?:yo|y/o)\b",
        rf"\b{number}[- ]?(?:ish|something)\b",
        rf"\b(?:on the wrong side of|on the right side of) {number}\b",
        rf"\b(?:{'|'.join(known.around_age)}) {number}{no_age}",
        rf"\baged (?:about |around )?{number}{no_age}",
        rf"(?<![\w-])\d{{1,2}}\s?(?:-|to)\s?\d{{1,2}}{no_age}",
        rf"(?<=\bof ){number}{_ENDED}",
        rf"{_BEFORE_LONE}{number}{_STOPPED}",
        r"\b(?:teenaged|teenage|teenager|teen|adolescent|middle[- ]aged|elderly|ancient)\b",
    )
    span = (
        rf"\b(?P<count>an?|{number})\s+(?P<unit>years?|decades?)\s+"
        r"(?P<way>later|older|on|from now|have passed|younger|earlier|before|ago)\b"
    )
    return _NumberPatterns(
        number=re.compile(rf"(?<!\w){cardinal()}(?!\w)"),
        ages=tuple(re.compile(f"(?i){source}") for source in ages),
        span=re.compile(f"(?i){span}"),
        made=(re.compile(f"(?i){_MADE}"), re.compile(f"(?i){_LONE}")),
    )


def _decades() -> list[str]:
    return [ten[:-1] + "ies" for ten in english().tens]


def _parts(phrase: str) -> list[str]:
    return phrase.lower().replace("-", " ").replace("'", "").split()


def _counted(low: str) -> int | None:
    """Return the value of a cardinal in words: `forty-two`."""
    known, parts = english(), low.replace("-", " ").split()
    if len(parts) == 2 and parts[0] in known.tens and parts[1] in known.units:
        return 20 + 10 * known.tens.index(parts[0]) + known.units.index(parts[1]) + 1
    if len(parts) != 1:
        return None
    lists: tuple[tuple[Sequence[str], int, int], ...] = (
        (known.units, 1, 1), (known.teens, 10, 1), (known.tens, 20, 10),
    )  # fmt: skip
    found = (start + step * words.index(low) for words, start, step in lists if low in words)
    return next(found, None)


def _candidates(text: str) -> Iterator[Age]:
    for pattern in _patterns().ages:
        for match in pattern.finditer(text):
            years = years_of(match.group())
            if years is not None:
                yield Age(match.group(), match.start(), match.end(), *years)


def _decade_of(words: Sequence[str]) -> int | None:
    decades = _decades()
    for word in words:
        if word in decades:
            return 20 + 10 * decades.index(word)
        if len(word) == 3 and word.endswith("0s") and word[0].isdigit():
            return int(word[:2])
    return None


def _part_of_decade(words: Sequence[str], decade: int) -> tuple[int, int]:
    if "early" in words:
        return decade, decade + 3
    if "mid" in words or "middle" in words:
        return decade + 4, decade + 6
    return (decade + 7, decade + 9) if "late" in words else (decade, decade + 9)


def _numbers_in(words: Sequence[str]) -> list[int]:
    """Read the numbers among words; `forty two` is one, `fortyish` and `20something` count."""
    numbers: list[int] = []
    for at, word in enumerate(words):
        bare = word.removesuffix("something").removesuffix("ish").removesuffix("yo").strip(",.()/")
        value = int(bare) if bare.isascii() and bare.isdigit() else _counted(bare)
        after_ten = at > 0 and words[at - 1] in english().tens and bare in english().units
        if value is not None and after_ten:
            numbers[-1] += value
        elif value is not None:
            numbers.append(value)
    return [number for number in numbers if 1 <= number <= 120]


def _around(words: Sequence[str], low: int, high: int) -> tuple[int, int]:
    said = " ".join(words)
    if "wrong side" in said or not {"past", "over"}.isdisjoint(words):
        return low + 1, low + 9
    if "right side" in said or not {"pushing", "nearly", "almost", "under"}.isdisjoint(words):
        return low - 3, high
    if "something" in said:
        return low, high + 9
    if words[-1].endswith("ish") or not {"about", "around", "roughly"}.isdisjoint(words):
        return low - 2, high + 2
    return low, high


def _moved(years: int, span: Match[str]) -> int:
    said = span.group("count").lower()
    count = number_of(said) or 1
    if span.group("unit").lower().startswith("decade"):
        count *= 10
    if span.group("way").lower() in english().backwards:
        count = -count
    return min(_OLDEST, max(_YOUNGEST, years + count))


def _typical(age: str | None) -> int | None:
    if age is None:
        return None
    named = english().typical_years.get(age.lower())
    if named is not None:
        return named
    span = years_of(age)
    return None if span is None else round(sum(span) / 2)
