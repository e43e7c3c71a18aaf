"""Light and place as directors say them, and what an action is made of.

Knows `prompts/picture/setting.yaml` and the lists of the longest vocabulary; must not know cameras nor
people. All text comes in small letters, as `Text.small` has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from re import Match, Pattern

from tools.contracts.model import Contract
from tools.language.lexicon import Words, character_lexicon, word_file
from tools.language.numbers import find_ages
from tools.language.picture.phrases import either
from tools.language.prompt.vocabulary import load_vocabulary
from tools.language.text import NAME_MARK, TAKEN

_ARTICLE = r"(?:(?:the|a|an|her|his|their|some|my|our|this|that) )?"
_PIECE = rf"[^,;.:!?()\n{TAKEN}]+"
_AFTER_MARK = rf"(?:^|(?<![^,;.:!?()\n{TAKEN}]))"
_BEFORE_BARE = r"\s*(?:- )?(?:of )?(?:(?:an?|the) )?"
_LONGEST_BARE_PLACE = 5


class LightWords(Contract):
    """What light is called and what stands around it."""

    nouns: tuple[str, ...]
    things: tuple[str, ...]
    modifiers: Words
    leads: tuple[str, ...]
    tails: tuple[str, ...]
    sources: tuple[str, ...]
    not_before: Words
    off: tuple[str, ...]


class PlaceWords(Contract):
    """What leads to a place, what places are called, and what is none."""

    leads: tuple[str, ...]
    nouns: tuple[str, ...]
    not_: tuple[str, ...]
    not_leads: tuple[str, ...]
    colours: tuple[str, ...]
    parts: Words
    aimed: Words
    aimed_on: tuple[str, ...]
    aimed_leads: Words
    weak_leads: Words
    seats: Words
    touching: Words
    touching_leads: Words
    nested: tuple[str, ...]
    ends: Words
    seen_only: Words


class SettingWords(Contract):
    """The file as it is written."""

    light: LightWords
    times: tuple[str, ...]
    no_times: Words
    place: PlaceWords
    worn_leads: tuple[str, ...]
    worn_more: Words
    states: Words
    no_verbs: Words
    subject_only: Words
    action_leads: Words
    action_tails: Words


class VerbWords(Contract):
    """The verbs of `prompts/scenes/verbs.yaml`."""

    looks: Words
    verbs: Words
    speech: Words


@dataclass(frozen=True)
class PlaceSaid:
    """A phrase behind a preposition that may be a place."""

    said: str
    lead: str
    start: int
    """Where the preposition begins."""
    at: int
    """Where the phrase begins, behind an article."""
    end: int


@lru_cache(maxsize=1)
def setting_words() -> SettingWords:
    """Read the file once."""
    return word_file(SettingWords, "picture", "setting.yaml")


@lru_cache(maxsize=1)
def verb_words() -> VerbWords:
    """Read the verbs once."""
    return word_file(VerbWords, "scenes", "verbs.yaml")


def lights_in(small: str, *, led: bool) -> Iterator[Match[str]]:
    """Find lights; group `said` is the phrase, and with `led` group `lead` what leads to it.

    Args:
        small: the words.
        led: only lights behind a preposition, things that burn or shine included; else only what is
            a light by itself.
    """
    yield from _patterns().led.finditer(small) if led else _patterns().lone.finditer(small)


def is_light(words: str) -> bool:
    """Say whether words are nothing but a light, a thing that shines included."""
    return _patterns().led.fullmatch(f"by {words.strip()}") is not None


def places_in(small: str) -> Iterator[PlaceSaid]:
    """Find phrases behind prepositions, whether they are places or not; nothing worn is one."""
    masked = _patterns().worn.sub(lambda worn: worn.group().upper(), small)
    at = 0
    while match := _patterns().place.search(masked, at):
        stop = _patterns().place_end.search(match["said"])
        end = match.start("said") + (stop.start() if stop else len(match["said"]))
        said = masked[match.start("said") : end]
        yield PlaceSaid(said, match["lead"], match.start(), match.start("said"), end)
        at = match.end("lead")


def is_place(found: PlaceSaid, small: str, *, detail: bool = False) -> bool:
    """Say whether a phrase is where it happens, and not what is done: `leaning on the door`.

    Args:
        found: the phrase.
        small: the words around it.
        detail: a thing is seen from very near, so that what it lies on is no place.
    """
    words, before = setting_words().place, small[: found.start]
    if _is_no_place(found, before, detail):
        return False
    doing = acts(before.split(TAKEN)[-1])
    nested = _patterns().nested.search(found.said)
    head = found.said[: nested.start()] if nested else found.said
    if (
        nested
        and words.seats.intersection(head.split()[-1:])
        and names_place(found.said[nested.end() :])
    ):
        return not doing
    if names_place(head):
        return True
    if names_place(found.said):
        return not doing
    return not doing and found.lead not in words.weak_leads


def _is_no_place(found: PlaceSaid, before: str, detail: bool) -> bool:
    """Say whether a phrase is a part of the body, a turn of phrase, or what is touched or looked at."""
    words, last = setting_words().place, before.split()[-1:]
    if find_ages(f"in her {found.said}"):
        return True
    first = found.said.split(" ")[0]
    if (
        not first
        or first in words.leads
        or NAME_MARK in first
        or _patterns().no_place.match(found.said)
    ):
        return True
    if found.lead in words.touching_leads and (detail or not words.touching.isdisjoint(last)):
        return True
    aimed = found.lead.split(" ")[-1] in words.aimed_leads
    return aimed and _patterns().aimed.search(before) is not None


def names_place(small: str) -> bool:
    """Say whether words hold a noun of a place."""
    return _patterns().known_place.search(small) is not None


def known_part(said: str) -> str | None:
    """Return a phrase up to the end of the first place that it names; None when it names none."""
    known = _patterns().known_place.search(said)
    return said[: known.end()] if known else None


def bare_places(small: str) -> Iterator[Match[str]]:
    """Find places that stand alone between marks, in group `said`: `medium shot, ballroom, candlelight`."""
    for part in re.finditer(rf"{_AFTER_MARK}{_BEFORE_BARE}(?P<said>{_PIECE})", small):
        said = part["said"].strip()
        known = _patterns().known_place.search(said)
        alone = known is not None and not said[known.end() :].strip()
        short = len(said.split()) <= _LONGEST_BARE_PLACE and NAME_MARK not in said
        if alone and short and not acts(said):
            yield part


def pieces_of(small: str) -> Iterator[Match[str]]:
    """Find the parts between marks and taken words."""
    yield from re.finditer(_PIECE, small)


def acts(small: str) -> bool:
    """Say whether words hold a verb in a form that tells what somebody does."""
    return _patterns().verb.search(small) is not None


def known_places() -> tuple[str, ...]:
    """Return the places of the longest vocabulary, and those that the file adds."""
    return (*_listed("place"), *setting_words().place.nouns)


def vocabulary_places() -> tuple[str, ...]:
    """Return the places of the longest vocabulary alone."""
    return _listed("place")


def known_lights() -> tuple[str, ...]:
    """Return the lights of the longest vocabulary."""
    return _listed("light")


@dataclass(frozen=True)
class _SettingPatterns:
    led: Pattern[str]
    lone: Pattern[str]
    place: Pattern[str]
    place_end: Pattern[str]
    known_place: Pattern[str]
    no_place: Pattern[str]
    nested: Pattern[str]
    aimed: Pattern[str]
    worn: Pattern[str]
    verb: Pattern[str]


@lru_cache(maxsize=1)
def _patterns() -> _SettingPatterns:
    words, place = setting_words(), setting_words().place
    nots = either([*place.not_, *place.parts], plural=True)
    sources = {
        "led": _light(words.light, led=True),
        "lone": _light(words.light, led=False),
        "place": rf"(?<![\w'-])(?P<lead>{either(place.leads)}) {_ARTICLE}(?P<said>{_PIECE})",
        "place_end": rf"\s+(?:{either(place.ends)}\b|{_doing(words)})",
        "known_place": rf"\b{either(known_places(), plural=True)}\b",
        "no_place": rf"(?:{either(place.not_leads)} )*{nots}(?![\w'-])|{either(place.colours)}(?: and|\s*$)",
        "nested": rf" {either(place.nested)} ",
        "aimed": rf"\b{either(place.aimed)}(?: {either(place.aimed_on)})?\s*$",
        "worn": _worn(words),
        "verb": rf"\b(?:{_doing(words)}|{either(_verbs())}\b)",
    }
    return _SettingPatterns(**{name: re.compile(source) for name, source in sources.items()})


def _light(words: LightWords, *, led: bool) -> str:
    nouns = either([*words.nouns, *(words.things if led else ())], plural=True)
    lead = rf"(?P<lead>{either(words.leads)}) " if led else ""
    source = rf"(?: {either(words.sources)})?"
    tail = rf"(?: (?:from|through|of|behind|on) (?:the |a |an |her |his )?[\w'-]+{source})?"
    modifiers = rf"(?:{either(words.modifiers)}[ -](?:and )?){{0,4}}"
    phrase = rf"{modifiers}{nouns}(?:[ -]{either(words.tails, plural=True)})*{tail}"
    return (
        rf"(?<![\w'-])(?:and )?{lead}(?:(?:the|a|an|some|only|just|nothing but) )*"
        rf"(?:light of (?:a |an |the )?)?(?P<said>{phrase})(?![\w'-])"
        rf"(?! {either(words.not_before)}\b)(?! {either(words.off)})"
    )


def _worn(words: SettingWords) -> str:
    slots = character_lexicon().slots
    garments = [*slots["wardrobe"].heads, *slots["headwear"].heads, *words.worn_more]
    article = r"(?:(?:an?|the|her|his|their|nothing but)\s+)?"
    return rf"\b{either(words.worn_leads)} {article}(?:[\w'-]+ ){{0,3}}?{either(garments)}\b"


def _doing(words: SettingWords) -> str:
    """A pattern for a form in -ing that is no noun."""
    return rf"(?!{either(words.no_verbs)}\b)[a-z]+ing\b"


def _verbs() -> list[str]:
    verbs = verb_words()
    return [*verbs.looks, *verbs.verbs, *verbs.speech, *setting_words().states]


@lru_cache(maxsize=2)
def _listed(slot: str) -> tuple[str, ...]:
    rule = load_vocabulary("maquette").slots[slot]
    return (*rule.words, *(word for group in rule.synonyms.values() for word in group))
