"""The light that a note asks for: named, compared with the one so far, or on a person only.

Knows the lights of the longest vocabulary and the rules of notes; must not know anchors.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from tools.language.notes.note_rules import note_rules
from tools.language.notes.note_text import NoteText
from tools.language.prompt.vocabulary import load_vocabulary
from tools.language.scenes.camera_words import any_of
from tools.language.scenes.coverage_rules import coverage_rules
from tools.language.scenes.parse_scene import scene_words

_LED = re.compile(
    r"(?:lit (?:only )?(?:by|with)|under|by|light from)\s+(?:the\s+|an?\s+|one\s+)?$", re.IGNORECASE
)
_LIT_BY = re.compile(
    r"\blit (?:only )?(?:by|with)\s+(?:the\s+|an?\s+)?(?P<said>[\w' -]{2,60}?)(?=$|[,.;!?]| and | not | on )",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class LightAsked:
    """A light, and whether it is that of the person only."""

    light: str
    on_person: bool
    words: str
    """As the note says it."""


def light_asked(
    note: NoteText, so_far: str | None, person_so_far: str | None, names: tuple[str, ...]
) -> LightAsked | None:
    """Find the light that a note asks for and take its words.

    Args:
        note: the note.
        so_far: the scene's light.
        person_so_far: the light on the person.
        names: who is in frame.
    """
    named = _named(note)
    if named is not None:
        on = _on_person(note, named.end(), names)
        led = _LED.search(note.text[: named.start()])
        note.take(led.start() if led else named.start(), on or named.end())
        said = named["said"] if "said" in named.re.groupindex else named.group()
        _take_compared(note)
        return LightAsked(_night(said.lower()), on is not None, named.group())
    return _compared(note, so_far, person_so_far, names)


def _named(note: NoteText) -> re.Match[str] | None:
    for match in _lights().finditer(note.text):
        if not note.is_free(*match.span()) or note.is_denied(match.start()):
            continue
        is_thing = match.group().lower() in note_rules().not_lights
        if not is_thing or _LED.search(note.text[: match.start()]):
            return match
    led = _LIT_BY.search(note.text)
    if led and note.is_free(*led.span()) and not note.is_denied(led.start()):
        return led
    return None


def _compared(
    note: NoteText, so_far: str | None, person_so_far: str | None, names: tuple[str, ...]
) -> LightAsked | None:
    rules = note_rules()
    asked: LightAsked | None = None
    for row in rules.compared.values():
        while match := note.find(row.words):
            subject = _person_before(note.text[: match.start()], names)
            on = _on_person(note, match.end(), names) or (None if subject is None else match.end())
            note.take(match.start() if subject is None else subject, on or match.end())
            now = ((person_so_far if on else None) or so_far) or ""
            nearest = load_vocabulary("maquette").nearest("light", now) if now else None
            choices = row.night if (nearest in rules.night_lights or now == "night") else row.day
            light = next((each for each in choices if each != now), choices[0])
            asked = asked or LightAsked(light, on is not None, match.group())
    return asked


def _take_compared(note: NoteText) -> None:
    """A light that is named mends what is only compared beside it: `too dark, give me daylight`."""
    for row in note_rules().compared.values():
        while match := note.find(row.words):
            note.take(*match.span())


def _on_person(note: NoteText, end: int, names: tuple[str, ...]) -> int | None:
    """Return where `on her face` ends behind a light, if it follows."""
    who = "|".join(re.escape(word) for word in (*note_rules().lit_people, *names))
    match = re.match(
        rf"\s+(?:light\s+)?(?:on|across|over)\s+(?:(?:the|his|her|their)\s+)?(?:{who})\b(?:'s face)?",
        note.text[end:],
        re.IGNORECASE,
    )
    return end + match.end() if match else None


def _person_before(before: str, names: tuple[str, ...]) -> int | None:
    """Return where `her face is` begins before a compared light, if it stands there."""
    who = "|".join(re.escape(word) for word in (*note_rules().lit_people, "she", "he", *names))
    match = re.search(
        rf"(?:(?:the|his|her|their)\s+)?\b(?:{who})(?:'s|\s+is|\s+are|\s+looks?)\s+(?:way |far |much )?$",
        before,
        re.IGNORECASE,
    )
    return match.start() if match else None


def _night(said: str) -> str:
    """A time of day that is no light by itself becomes the light that it has."""
    for row in (note_rules().compared["night"], note_rules().compared["day"]):
        if said in row.words:
            return row.day[0]
    return said


@lru_cache(maxsize=1)
def _lights() -> re.Pattern[str]:
    rule = load_vocabulary("maquette").slots["light"]
    listed = [*rule.words, *(each for group in rule.synonyms.values() for each in group)]
    times = [
        time for time in scene_words().times if time not in ("day", "later", "continuous", "night")
    ]
    places = load_vocabulary("maquette").slots["place"]
    seen = {*places.words, *(each for group in places.synonyms.values() for each in group)}
    nouns = any_of([word for word in (*listed, *times) if word not in seen]).pattern
    modifiers = "|".join(sorted(coverage_rules().light_modifiers))
    return re.compile(rf"\b(?:(?:{modifiers})\s+){{0,2}}{nouns}", re.IGNORECASE)
