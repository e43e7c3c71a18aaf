"""The light that a note asks for: named, compared with the one so far, or on a person only.

Knows the lights of the longest vocabulary and the rules of notes; must not write anchors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from re import Pattern

from tools.contracts.briefs import CharacterBrief
from tools.contracts.shots import CharacterInShot, ShotRequest
from tools.language.note_words import Note, names_thing, note_rules
from tools.language.picture.phrases import either
from tools.language.picture.setting import is_light, known_lights, known_places, setting_words
from tools.language.prompt.prompt import light_on
from tools.language.prompt.vocabulary import Vocabulary, load_vocabulary
from tools.language.text import NAME_MARK, TAKEN


@dataclass(frozen=True)
class LightAsked:
    """A light, and whether it is that of the person only."""

    light: str
    on_person: bool
    words: str


def light_asked(note: Note, so_far: str | None, person: str | None) -> LightAsked | None:
    """Find the light that a note asks for and take its words.

    Args:
        note: the note.
        so_far: the scene's light.
        person: the light on the people in frame.
    """
    return _named(note) or _alone(note) or _compared(note, so_far, person)


def kept_light(
    before: ShotRequest, after: ShotRequest, vocabulary: Vocabulary, brief: CharacterBrief | None
) -> str | None:
    """Return the light that the anchor of the brief's character named, when it would change."""
    member = next((each for each in before.cast if brief and each.character == brief.name), None)
    if brief is None or member is None:
        return None
    was = light_on(member.light, brief.signature_light, before.light, vocabulary)
    would_be = light_on(member.light, brief.signature_light, after.light, vocabulary)
    return was if was != would_be else None


def lit(cast: Iterable[CharacterInShot], light: str, name: str) -> tuple[CharacterInShot, ...]:
    return tuple(
        member.model_copy(update={"light": light}) if member.character == name else member
        for member in cast
    )


def _named(note: Note) -> LightAsked | None:
    """Find a light that is named, and take what is only compared beside it: `too dark, daylight`."""
    found: list[LightAsked] = []
    for pattern in (_patterns().named, _patterns().lit_by):
        for match in pattern.finditer(note.small):
            said = match["said"]
            is_thing = said in note_rules().not_lights and not (match["lead"] and is_light(said))
            if is_thing or note.is_denied(match.start("said")):
                continue
            on = _on_person(note, match.end())
            note.take(match.start(), on or match.end())
            found.append(LightAsked(_as_light(said), on is not None, said))
    if not found:
        return None
    for row in note_rules().compared.values():
        note.take_all(row.words)
    if found[0].on_person:
        return found[0]
    scene = dict.fromkeys(each.light for each in found if not each.on_person)
    return replace(found[0], light=", ".join(scene))


def _alone(note: Note) -> LightAsked | None:
    """Find a piece of a note that is nothing but a light: `a full moon`."""
    for start, end in note.pieces():
        words = (
            note.small[start:end]
            .strip()
            .removeprefix("an ")
            .removeprefix("a ")
            .removeprefix("the ")
        )
        is_asked = is_light(words) and not names_thing(words) and not note.is_denied(start)
        if is_asked and words not in note_rules().compared["night"].words:
            note.take(start, end)
            return LightAsked(words, on_person=False, words=words)
    return None


def _compared(note: Note, so_far: str | None, person: str | None) -> LightAsked | None:
    """Find a light that is only compared with the one so far: `warmer`, `too dark`."""
    rules = note_rules()
    asked: LightAsked | None = None
    for row in rules.compared.values():
        while match := note.find(row.words):
            subject = _person_before(note.small[: match.start()])
            on = _on_person(note, match.end()) or (None if subject is None else match.end())
            note.take(match.start() if subject is None else subject, on or match.end())
            now = ((person if on else None) or so_far) or ""
            nearest = load_vocabulary("maquette").nearest("light", now) if now else None
            choices = row.night if (nearest in rules.night_lights or now == "night") else row.day
            light = next((each for each in choices if each != now), choices[0])
            asked = asked or LightAsked(light, on is not None, match.group())
    return asked


def _on_person(note: Note, end: int) -> int | None:
    """Return where `on her face` ends behind a light, if it follows."""
    match = _patterns().on_person.match(note.small, end)
    return match.end() if match else None


def _person_before(before: str) -> int | None:
    """Return where `her face is` begins before a compared light, if it stands there."""
    match = _patterns().person_before.search(before)
    return match.start() if match else None


def _as_light(said: str) -> str:
    """A time of day that is no light by itself becomes the light that it has."""
    for row in (note_rules().compared["night"], note_rules().compared["day"]):
        if said in row.words:
            return row.day[0]
    return said


@dataclass(frozen=True)
class _LightPatterns:
    named: Pattern[str]
    lit_by: Pattern[str]
    on_person: Pattern[str]
    person_before: Pattern[str]


@lru_cache(maxsize=1)
def _patterns() -> _LightPatterns:
    who = rf"(?:{either(note_rules().lit_people)}|she|he|{NAME_MARK}+)"
    whose = r"(?:(?:the|his|her|their)\s+)?"
    sources = {
        "named": _named_source(),
        "lit_by": r"\b(?P<lead>lit (?:only )?(?:by|with))\s+(?:the\s+|an?\s+)?"
        rf"(?P<said>[^\n,.;!?{TAKEN}]{{2,60}}?)(?=$|[,.;!?{TAKEN}]| and | not | on )",
        "on_person": rf"\s+(?:light\s+)?(?:on|across|over)\s+{whose}{who}(?!\w)(?:'s face)?",
        "person_before": rf"{whose}\b{who}(?:'s|\s+is|\s+are|\s+looks?)\s+(?:way |far |much )?$",
    }
    return _LightPatterns(**{name: re.compile(source) for name, source in sources.items()})


def _named_source() -> str:
    setting = setting_words()
    no_light = {"night", "day", *setting.no_times, *known_places()}
    nouns = [each for each in (*known_lights(), *setting.times) if each not in no_light]
    modifiers = rf"(?:{either(setting.light.modifiers)}[ -])"
    lead = rf"(?P<lead>{either(note_rules().lit_leads)}\s+(?:the\s+|an?\s+|one\s+)?)?"
    phrase = rf"{modifiers}{{0,3}}{either(nouns)}|{modifiers}{{1,3}}(?:light|lighting)"
    tail = r"(?: from the (?:left|right|window|side|door))?"
    stays = rf"(?! {either(setting.light.off)})(?! {either(setting.light.not_before)}\b)"
    return rf"(?<![\w'-]){lead}(?P<said>(?:{phrase}){tail})(?![\w'-]){stays}"
