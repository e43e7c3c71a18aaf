"""Things that a note wants to see, or not to see, and that no field of a shot takes.

Knows how such things are led up to; must not know fields.
"""

from __future__ import annotations

import re

from tools.language.notes.note_rules import note_rules
from tools.language.notes.note_text import NoteText
from tools.language.scenes.action_words import clipped
from tools.language.scenes.camera_words import any_of
from tools.language.text import words_of

_LONGEST = 6
_SENTENCE_LIKE = re.compile(
    r"\b(?:i|we|you|she|he|they|it|is|are|was|has|have|had|should|would|could|can|will|don't|didn't|doesn't|not|wrong|bad|ugly|boring|rubbish|awful|terrible|hate|why)\b",
    re.IGNORECASE,
)
_ARTICLES = re.compile(
    r"^(?:(?:the|an?|some|any|of|on|her|his|their|much|many|more)\s+)+", re.IGNORECASE
)


def things_asked(note: NoteText, so_far: tuple[str, ...]) -> tuple[str, ...]:
    """Return the free words of a shot after a note; words that it uses are taken."""
    words = list(so_far)
    for start, end in note.pieces():
        left = note.left(start, end)
        if "\n" in left.strip(" \n") or not left.strip():
            continue
        thing, wanted = _led(left.strip())
        if note.is_denied(end - 1) and wanted:
            note.take(start, end)
            continue
        if not thing or _SENTENCE_LIKE.search(thing) or len(words_of(thing)) > _LONGEST:
            continue
        if wanted and _says_something(thing):
            words = [*words, *([thing] if thing not in words else [])]
            note.take(start, end)
        elif not wanted and any(thing.lower() in word.lower() for word in words):
            words = [word for word in words if thing.lower() not in word.lower()]
            note.take(start, end)
    return tuple(words)


def _led(piece: str) -> tuple[str, bool]:
    """Part a piece into what it names and whether that is wanted; unled things are wanted."""
    rules = note_rules()
    for phrases, wanted in ((rules.unwanted, False), (rules.wanted, True)):
        match = any_of(phrases).match(piece)
        if match:
            inner = piece[match.end() :].strip()
            while again := any_of(rules.wanted).match(inner):
                inner = inner[again.end() :].strip()
            return clipped(_ARTICLES.sub("", inner)), wanted
    thing = clipped(_ARTICLES.sub("", piece))
    return (thing if any_of(rules.things).search(thing) else ""), True


def _says_something(thing: str) -> bool:
    filler = note_rules().filler
    return any(word.lower not in filler for word in words_of(thing) if not word.is_mark)
