"""Whether a note speaks against what never changes of a person, or against the clothes of a look.

Knows the slots of the character lexicon; must not know a shot.
"""

from __future__ import annotations

import re

from tools.contracts.briefs import CharacterBrief
from tools.language.lexicon import character_lexicon
from tools.language.notes.note_rules import note_rules
from tools.language.notes.note_text import NoteText
from tools.language.scenes.camera_words import expressions_in
from tools.language.sentence import read_sentence

_ALWAYS = frozenset({"hair", "skin", "facial_hair", "build", "marks"})
_WORN = frozenset({"wardrobe", "headwear"})
_DETERMINED = re.compile(
    r"\b(?:the|his|her|their|an?|no|any|that|this|more|less|without|wearing|wrong|different|another)\s+(?:[\w-]+\s+){0,2}$",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"\b(?:\d{1,3}|ten|twenty|thirty|forty|fifty|five)\s+years\b(?:\s+(?:too\s+)?(?:young(?:er)?|old(?:er)?|later))?",
    re.IGNORECASE,
)


def identity_phrase(note: NoteText, brief: CharacterBrief | None) -> str | None:
    """Return the words of a note that ask for another identity or other clothes, if any.

    Words that a field of the shot took are not asked.
    """
    rules = note_rules()
    for words in rules.identity.values():
        match = note.find(words, denied_too=True)
        if match:
            return _piece(note, match.start())
    other = re.search(
        rf"\bnot (?:really )?(?:{re.escape(brief.name) if brief else 'them'}|her|him)\s*$",
        note.text,
    )
    if other:
        return note.text.strip()
    age = _AGE.search(note.text)
    if age and note.is_free(*age.span()):
        return _piece(note, age.start())
    return _of_slots(note, brief)


def _of_slots(note: NoteText, brief: CharacterBrief | None) -> str | None:
    for start, end in note.pieces():
        text = note.left(start, end).replace("\n", "·")
        reading = read_sentence(text, brief.name if brief else None)
        worn = (*reading.without, *reading.recurring)
        said = [(chunk.slot, chunk.phrase) for chunk in reading.chunks]
        for slot, phrase in (*said, *(("wardrobe", phrase) for phrase in worn)):
            if _speaks_against(slot, phrase, text):
                return text.replace("·", " ").strip()
    return None


def _speaks_against(slot: str, phrase: str, text: str) -> bool:
    if slot == "eyes":
        return _is_about_eyes(text)
    head = text.lower().find(phrase.lower().split()[-1])
    is_named = bool(_DETERMINED.search(text[: max(head, 0)]))
    if slot in _ALWAYS:
        return is_named or slot in ("hair", "facial_hair")
    return slot in _WORN and is_named


def _is_about_eyes(text: str) -> bool:
    low = text.lower()
    colours = character_lexicon().slots["eyes"].modifiers
    looked_with = bool(expressions_in(text)) or "closed" in low or "open" in low
    beside = any(re.search(rf"\b{re.escape(word)}\b", low) for word in (*note_rules().wrong_words,))
    coloured = any(re.search(rf"\b{re.escape(colour)}\b", low) for colour in colours)
    return not looked_with and (beside or coloured)


def _piece(note: NoteText, position: int) -> str:
    start, end = note.piece_at(position)
    return note.text[start:end].strip()
