"""The place and the light that a sentence of prose gives, and an action without them.

Knows the places and lights of the longest vocabulary and what leads to them; must not know people.
Stricter than a picture that is asked for: a candle that is lit is a thing until somebody is lit *by* it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from re import Match, Pattern

from tools.language.lexicon import character_lexicon
from tools.language.picture.phrases import either
from tools.language.picture.setting import known_lights, setting_words, vocabulary_places
from tools.language.scene.rules import coverage_rules
from tools.language.text import words_of

LONGEST_PHRASE = 300
_ARTICLE = r"(?:(?:the|an?|his|her|their|some|this|that)\s+)?"
_OPENING = (
    r"(?i)^{leads}\s+(?:the|an?|his|her|their)\s+(?P<said>[\w' -]{{2,60}}?)"
    r"(?=\s+(?:at|by|before|after|in|under)\s|,)"
)
_WORN_LOOK = re.compile(r"\s+in (?:the|her|his|their) [\w' -]{1,50}? look\b")


@dataclass(frozen=True)
class _WherePatterns:
    opening: Pattern[str]
    place: Pattern[str]
    alone: Pattern[str]
    entered: Pattern[str]
    light: Pattern[str]
    seen_only: Pattern[str]


def place_in(sentence: str) -> str | None:
    """Return the first place that a sentence puts its people in, in its own words."""
    sentence = _WORN_LOOK.sub("", sentence)
    opening = _patterns().opening.match(sentence)
    if opening and not light_in(opening["said"]) and not _is_time(opening["said"]):
        return _quiet(opening["said"])
    for match in _patterns().place.finditer(sentence):
        if not _patterns().seen_only.search(sentence[: match.start()]):
            return _quiet(match["said"])
    alone = _patterns().alone.match(sentence) or _patterns().entered.search(sentence)
    return _quiet(alone["said"]) if alone else None


def opening_place(sentence: str) -> str | None:
    """Return the place that a sentence opens with: `In the garden, ...`."""
    opening = _patterns().opening.match(sentence)
    if opening is None or _is_time(opening["said"]) or not _patterns().place.match(sentence):
        return None
    return _quiet(opening["said"])


def light_in(sentence: str) -> str | None:
    """Return the first light or time of day that a sentence is lit by."""
    match = _patterns().light.search(sentence)
    return None if match is None else str(match["said"] or match["led"] or match["alone"]).lower()


def without_setting(phrase: str) -> str:
    """Cut the place and the light off the end of an action; what is left stays contiguous."""
    text = phrase.rstrip(" .,;!?")
    patterns = (_patterns().place, _patterns().light)
    while match := next((found for each in patterns if (found := _last(each, text))), None):
        text = text[: match.start()].rstrip(" ,;")
    return text


def action_phrase(words: str) -> str | None:
    """Return an action without the place and light at its end; None when nothing is done.

    At most 300 characters, cut between words.
    """
    phrase = clipped(without_setting(words))
    stop = character_lexicon().stop
    content = [word for word in words_of(phrase) if not word.is_mark and word.lower not in stop]
    return phrase if content else None


def clipped(words: str) -> str:
    """Return words trimmed of marks at both ends, at most 300 characters, cut between words."""
    text = words.strip(" \n,;:.!?-")
    if len(text) <= LONGEST_PHRASE:
        return text
    return text[:LONGEST_PHRASE].rsplit(" ", 1)[0].strip(" ,;:.!?-")


def is_time(words: str) -> bool:
    """Say whether words hold a time of day."""
    return re.search(rf"\b{either(setting_words().times)}\b", words.lower()) is not None


def _last(pattern: Pattern[str], text: str) -> Match[str] | None:
    found = [match for match in pattern.finditer(text) if match.end() == len(text)]
    if not found or _patterns().seen_only.search(text[: found[0].start()]):
        return None
    return found[0]


def _quiet(words: str) -> str:
    """Write a place that was shouted in small letters."""
    return words.lower() if words.isupper() else words


def _is_time(words: str) -> bool:
    low = words.lower()
    return any(word in setting_words().times for word in (low, low.split()[-1]))


@lru_cache(maxsize=1)
def _patterns() -> _WherePatterns:
    rules = coverage_rules()
    named = rf"(?P<said>(?:[\w'-]+\s+){{0,2}}?{either(vocabulary_places())})"
    seen = either(setting_words().place.seen_only)
    sources = {
        "opening": _OPENING.format(leads=either(rules.opening_leads)),
        "place": rf"(?i)\b{either(rules.place_leads)}\s+{_ARTICLE}{named}\b(?![-'])(?! look\b)",
        "alone": rf"(?i)^{_ARTICLE}{named}(?=\s*(?:[.,;-]|$)|\s+(?:at|by|in)\s)",
        "entered": rf"(?i)\b(?:enters?|entering)\s+{_ARTICLE}{named}\b",
        "light": _light(),
        "seen_only": rf"(?i)\b{seen}\s+(?:\w+\s+){{0,3}}?$",
    }
    return _WherePatterns(**{name: re.compile(source) for name, source in sources.items()})


def _light() -> str:
    rules, places = coverage_rules(), set(vocabulary_places())
    sure = [word for word in known_lights() if word not in places | rules.not_lights]
    nouns = either([*sure, *setting_words().times])
    modifiers = rf"(?:{either(rules.light_modifiers)}\s+){{0,2}}"
    led = either([word for word in known_lights() if word in rules.not_lights])
    return (
        rf"(?i)(?:(?:\b{either(rules.light_leads)}\s+{_ARTICLE})(?P<said>{modifiers}{nouns})|"
        rf"\blit (?:by|with)\s+{_ARTICLE}(?P<led>{modifiers}{led})|"
        rf"^{_ARTICLE}(?=[^.,]{{0,40}}(?:[.,]|$))(?P<alone>{modifiers}{nouns})(?=\s*(?:[.,!]|$)))(?![-'\w])"
    )
