"""The place and the light that a sentence of prose gives.

Knows the places and lights of the longest vocabulary and what leads to them; must not know people.
Stricter than `parse_scene`: a candle that is lit is a thing until somebody is lit *by* it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tools.language.lexicon import character_lexicon
from tools.language.notes.note_rules import note_rules
from tools.language.prompt.vocabulary import load_vocabulary
from tools.language.scenes.coverage_rules import coverage_rules
from tools.language.scenes.parse_scene import scene_words

_ARTICLE = r"(?:(?:the|an?|his|her|their|some|this|that)\s+)?"
_OPENING_PLACE = re.compile(
    r"^(?:in|inside|outside|on|at|under|behind|near|by|beside|across|along|beneath|above)\s+"
    r"(?:the|an?|his|her|their)\s+(?P<said>[\w' -]{2,60}?)(?=\s+(?:at|by|before|after|in|under)\s|,)",
    re.IGNORECASE,
)
_PUT_INTO = re.compile(
    r"\b(?:put|move|place|set|take|bring|relocate|shoot|stage)\s+"
    r"(?:her|him|them|it|this|everything|the scene)\s+"
    r"(?:in|into|inside|on|onto|to|at|by|near|against|under|outside)\s+(?:(?:the|an?|some)\s+)?"
    r"(?P<said>[\w'-]+(?:\s+(?!instead|please|and|at|in|with|from|by)[\w'-]+){0,3})",
    re.IGNORECASE,
)
_WORN_LOOK = re.compile(r"\s+in (?:the|her|his|their) [\w' -]{1,50}? look\b")
_SEEN_ONLY = re.compile(
    r"\b(?:look|stare|glance|gaze|watch|peer|point|wave|nod|shout|back)\w*\s+(?:\w+\s+){0,3}?$",
    re.IGNORECASE,
)
_PLACE_LEADS = (
    "in",
    "into",
    "inside",
    "on",
    "onto",
    "outside",
    "at",
    "through",
    "across",
    "along",
    "under",
    "beneath",
    "down",
    "up",
    "by",
    "near",
    "against",
    "over",
    "around",
    "between",
)
_LIGHT_LEADS = (
    "lit by",
    "lit with",
    "lit",
    "in",
    "at",
    "by",
    "under",
    "with",
    "against",
    "during",
    "before",
    "after",
    "this is",
    "it is",
    "it's",
    "is",
    "only",
)


def place_in(sentence: str) -> str | None:
    """Return the first place that a sentence puts its people in, in its own words."""
    sentence = _WORN_LOOK.sub("", sentence)
    opening = _OPENING_PLACE.match(sentence)
    if opening and not light_in(opening["said"]) and not _is_time(opening["said"]):
        return _quiet(opening["said"])
    for match in _place_pattern().finditer(sentence):
        if not _SEEN_ONLY.search(sentence[: match.start()]):
            return _quiet(match["said"])
    alone = _alone_pattern().match(sentence) or _entered_pattern().search(sentence)
    return _quiet(alone["said"]) if alone else None


@dataclass(frozen=True)
class PlaceSaid:
    """A place with the span that it stands in, what leads to it included."""

    place: str
    start: int
    end: int


def place_span(text: str) -> Iterator[PlaceSaid]:
    """Find the places that a note names, in reading order."""
    for match in sorted(
        [*_place_pattern().finditer(text), *_PUT_INTO.finditer(text)], key=lambda one: one.start()
    ):
        if not _SEEN_ONLY.search(text[: match.start()]) and not _is_worn(match["said"]):
            yield PlaceSaid(match["said"].lower(), match.start(), match.end())


def _is_worn(words: str) -> bool:
    lexicon = character_lexicon()
    last = (words.lower().split()[-1],)
    return lexicon.head_slot.get(last) is not None or not re.search(r"\w{3}", words)


def opening_place(sentence: str) -> str | None:
    """Return the place that a sentence opens with: `In the garden, ...`."""
    opening = _OPENING_PLACE.match(sentence)
    if opening is None or _is_time(opening["said"]):
        return None
    known = _place_pattern().match(sentence)
    return _quiet(opening["said"]) if known else None


def light_in(sentence: str) -> str | None:
    """Return the first light or time of day that a sentence is lit by."""
    match = _light_pattern().search(sentence)
    if match is None:
        return None
    return str(match["said"] or match["led"] or match["alone"]).lower()


def without_setting(phrase: str) -> str:
    """Cut the place and the light off the end of an action; what is left stays contiguous."""
    text = phrase.rstrip(" .,;!?")
    while True:
        match = next((found for each in _tails() if (found := _last(each, text))), None)
        if match is None:
            return text
        text = text[: match.start()].rstrip(" ,;")


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = [match for match in pattern.finditer(text) if match.end() == len(text)]
    if not found or _SEEN_ONLY.search(text[: found[0].start()]):
        return None
    return found[0]


def _quiet(words: str) -> str:
    """Write a place that was shouted in small letters."""
    return words.lower() if words.isupper() else words


def _is_time(words: str) -> bool:
    return any(word in scene_words().times for word in (words.lower(), words.lower().split()[-1]))


def _listed(slot: str) -> list[str]:
    rule = load_vocabulary("maquette").slots[slot]
    return [*rule.words, *(each for group in rule.synonyms.values() for each in group)]


def _either(words: tuple[str, ...] | list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _named_place() -> str:
    """A place of the vocabulary with up to two words before it, as the group `said`."""
    return rf"(?P<said>(?:[\w'-]+\s+){{0,2}}?(?:{_either(_listed('place'))}))"


@lru_cache(maxsize=1)
def _place_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:{_either(_PLACE_LEADS)})\s+{_ARTICLE}"
        rf"{_named_place()}\b(?![-'])(?! look\b)",
        re.IGNORECASE,
    )


@lru_cache(maxsize=1)
def _alone_pattern() -> re.Pattern[str]:
    """A place that opens a line without a verb: `The old kitchen, night.`"""
    return re.compile(
        rf"^{_ARTICLE}{_named_place()}"
        r"(?=\s*(?:[.,;-]|$)|\s+(?:at|by|in)\s)",
        re.IGNORECASE,
    )


@lru_cache(maxsize=1)
def _entered_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:enters?|entering)\s+{_ARTICLE}{_named_place()}\b",
        re.IGNORECASE,
    )


@lru_cache(maxsize=1)
def _light_pattern() -> re.Pattern[str]:
    things = {*_listed("place"), *note_rules().not_lights}
    lights = [word for word in _listed("light") if word not in things]
    nouns = _either([*lights, *scene_words().times])
    modifiers = rf"(?:(?:{'|'.join(sorted(coverage_rules().light_modifiers))})\s+){{0,2}}"
    alone = rf"^{_ARTICLE}(?=[^.,]{{0,40}}(?:[.,]|$))"
    led = _either([word for word in _listed("light") if word in note_rules().not_lights])
    return re.compile(
        rf"(?:(?:\b(?:{_either(_LIGHT_LEADS)})\s+{_ARTICLE})(?P<said>{modifiers}(?:{nouns}))|"
        rf"\blit (?:by|with)\s+{_ARTICLE}(?P<led>{modifiers}(?:{led}))|"
        rf"{alone}(?P<alone>{modifiers}(?:{nouns}))(?=\s*(?:[.,!]|$)))(?![-'\w])",
        re.IGNORECASE,
    )


@lru_cache(maxsize=1)
def _tails() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return _place_pattern(), _light_pattern()
