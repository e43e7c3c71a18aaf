"""What a note asks for in whole phrases: an action, a thing to be seen, another identity.

Knows how directors ask for them and how English makes participles; must not know a shot.
"""

from __future__ import annotations

import re
from functools import lru_cache
from re import Pattern

from tools.contracts.briefs import CharacterBrief
from tools.language.lexicon import character_lexicon
from tools.language.note_words import Note, note_rules, says_something
from tools.language.picture.camera import expressions_in
from tools.language.picture.phrases import either, pattern_of
from tools.language.scene.whereabouts import clipped, without_setting
from tools.language.sentence import read_sentence
from tools.language.text import NAME_MARK, words_of

_WHO = rf"(?:her|him|them|she|he|they|{NAME_MARK}+)"
_ASKS = r"(?:have|let|make|get|want|like|need|see|rather have|prefer)"
_OUGHT = r"(?:should|could|must|needs to|has to|ought to|might|can)"
_ASKED = (
    rf"\b{_ASKS}\s+{_WHO}\s+(?:to\s+)?(?:be\s+)?(?P<verb>[a-z]+)",
    rf"\b{_WHO}\s+{_OUGHT}\s+(?:be\s+|just\s+|rather\s+)*(?P<verb>[a-z]+)",
    rf"\b{_WHO}(?:'s|\s+is|\s+are)\s+(?P<verb>[a-z]+ing)\b",
    r"(?:^|[,.;]\s*|\band\s+|\bbut\s+)(?:maybe\s+|now\s+|just\s+|rather\s+|try\s+)*(?P<verb>[a-z]{2,}ing)\b",
)
_DENIED_ACTION = re.compile(r"\b(?:not|instead of|rather than|stop)\s+[a-z]+ing\b")
_FAULT = re.compile(r"\b(?:wrong|bad|weird|strange|odd)\b")
_DOUBLED = re.compile(r"^(?:[^aeiou]*[aeiou][bdgmnprt])$")
_LONGEST_THING = 6
_ARTICLES = re.compile(r"(?i)^(?:(?:the|an?|some|any|of|on|her|his|their|much|many|more)\s+)+")
_ALWAYS = frozenset({"hair", "skin", "facial_hair", "build", "marks"})
_WORN = frozenset({"wardrobe", "headwear"})
_DETERMINED = re.compile(
    r"(?i)\b(?:the|his|her|their|an?|no|any|that|this|more|less|without|wearing|wrong|different|another)"
    r"\s+(?:[\w-]+\s+){0,2}$"
)
_AGE = re.compile(
    r"\b(?:\d{1,3}|ten|twenty|thirty|forty|fifty|five) years\b"
    r"(?: (?:too )?(?:younger|young|older|old|later))?"
)


def action_asked(note: Note) -> str | None:
    """Find the action that a note asks for, take its words and return it as a participle phrase."""
    for match in (each for pattern in _asked() for each in pattern.finditer(note.small)):
        at, verb = match.start("verb"), match["verb"]
        if verb in note_rules().no_action or note.is_denied(at):
            continue
        end = _end_of_free(note, at)
        if _FAULT.search(note.small[at:end]):
            continue
        phrase = without_setting(note.words.text[match.end("verb") : end]).strip()
        note.take(match.start(), end)
        return f"{participle(verb)} {phrase}".strip()
    return None


def take_denied_actions(note: Note) -> None:
    """Take what is not to be done beside what is: `not walking`."""
    for match in _DENIED_ACTION.finditer(note.small):
        note.take(*match.span())


def participle(verb: str) -> str:
    """Return the present participle of a verb in its plain form; a participle comes back."""
    if verb.endswith("ing") and len(verb) > 4:
        return verb
    if verb.endswith("ie"):
        return f"{verb[:-2]}ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) and verb != "be":
        return f"{verb[:-1]}ing"
    if _DOUBLED.match(verb) and verb not in note_rules().not_doubled:
        return f"{verb}{verb[-1]}ing"
    return f"{verb}ing"


def wears(words: str) -> bool:
    """Say whether a verb phrase puts clothes on or off."""
    return pattern_of(note_rules().wear_verbs[:-1], plural=False).search(words.lower()) is not None


def things_asked(note: Note, so_far: tuple[str, ...]) -> tuple[str, ...]:
    """Return the free words of a shot after a note; words that it uses are taken."""
    words = list(so_far)
    for start, end in note.pieces():
        left = note.left(start, end)
        if "\n" in left.strip(" \n") or not left.strip():
            continue
        thing, wanted = _led(left.strip())
        if wanted and note.is_denied(end - 1):
            note.take(start, end)
        elif not _is_thing(thing):
            continue
        elif wanted and says_something(thing):
            words += [] if thing in words else [thing]
            note.take(start, end)
        elif not wanted and any(thing.lower() in word.lower() for word in words):
            words = [word for word in words if thing.lower() not in word.lower()]
            note.take(start, end)
    return tuple(words)


def identity_phrase(note: Note, brief: CharacterBrief | None) -> str | None:
    """Return the words of a note that ask for another identity or other clothes, if any.

    Words that a field of the shot took are not asked.
    """
    for words in note_rules().identity.values():
        match = note.find(words, denied_too=True)
        if match:
            return note.said_at(match.start())
    if re.search(rf"\bnot (?:really )?(?:{NAME_MARK}+|them|her|him)\s*$", note.small):
        return note.words.text.strip()
    age = _AGE.search(note.small)
    return note.said_at(age.start()) if age else _of_slots(note, brief)


@lru_cache(maxsize=1)
def _asked() -> tuple[Pattern[str], ...]:
    return tuple(re.compile(source) for source in _ASKED)


def _end_of_free(note: Note, at: int) -> int:
    """Return where the free words from a place on end, in its piece."""
    _, end = note.piece_at(at)
    while not note.words.is_free(at, end):
        end -= 1
    return end


def _is_thing(thing: str) -> bool:
    words = {word.lower for word in words_of(thing)}
    return (
        bool(thing)
        and len(words_of(thing)) <= _LONGEST_THING
        and words.isdisjoint(note_rules().sentence_like)
    )


def _led(piece: str) -> tuple[str, bool]:
    """Part a piece into what it names and whether that is wanted; unled things are wanted."""
    rules = note_rules()
    wanted_lead = re.compile(rf"(?i)(?:{either(rules.wanted)}\b\s*)+")
    unwanted = re.match(rf"(?i){either(rules.unwanted)}\b\s*", piece)
    start = unwanted.end() if unwanted else 0
    wanted = wanted_lead.match(piece, start)
    if unwanted or wanted:
        inner = piece[wanted.end() if wanted else start :].strip()
        return clipped(_ARTICLES.sub("", inner)), unwanted is None
    thing = clipped(_ARTICLES.sub("", piece))
    return (thing if pattern_of(rules.things, plural=False).search(thing.lower()) else ""), True


def _of_slots(note: Note, brief: CharacterBrief | None) -> str | None:
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
        return _is_about_eyes(text.lower())
    head = text.lower().find(phrase.lower().split()[-1])
    is_named = _DETERMINED.search(text[: max(head, 0)]) is not None
    if slot in _ALWAYS:
        return is_named or slot in ("hair", "facial_hair")
    return slot in _WORN and is_named


def _is_about_eyes(low: str) -> bool:
    """Say whether eyes are spoken of for themselves: they are looked with, too."""
    if expressions_in(low) or "closed" in low or "open" in low:
        return False
    colours = character_lexicon().colours
    return pattern_of([*note_rules().wrong_words, *colours], plural=False).search(low) is not None
