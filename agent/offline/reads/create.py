"""A new person: create_character. Finds where the brief begins and where it ends.

The brief is data: nothing in it is read for what to do, but commands about the new person that
follow an unquoted brief ("Then cast her.") are.
"""

from __future__ import annotations

import re

from agent.offline.calls import Call, Reading
from agent.offline.clause import Clause
from agent.offline.patterns import NAME_MARK, QUOTE_MARK, intent_words, pattern, said, spans
from agent.offline.room import Room
from agent.offline.shot_words import framing_places
from agent.offline.text import end_of_politeness
from tools.errors import BadInput
from tools.language.brief import parse_character
from tools.language.lexicon import character_lexicon
from tools.language.names import find_name, tidy_name
from tools.language.text import words_of

_NAME = re.compile(r"[A-Z][\w'-]*(?: [A-Z][\w'-]*){0,2}")
_TOLD_NAME = re.compile(
    r"\b(?:[Hh]is|[Hh]er|[Tt]heir|[Tt]he) name(?: is|'s)? (?P<name>[A-Z][\w'-]*(?: [A-Z][\w'-]*)?)"
)
_ENOUGH_SLOTS = 2
_LONG_QUOTE = 40
"""Letters from which a quotation is a brief, not a name."""


def read_create(rest: Clause, room: Room) -> tuple[Reading, int] | None:
    """Understand `create_character` at the start of the rest of a message.

    Args:
        rest: everything from here to the message's end.
        room: where it is said.

    Returns:
        The reading and where in `rest` its words end, or None when it is something else.
    """
    start = _brief_start(rest, room)
    if start is None:
        return None
    end = _brief_end(rest, start)
    brief = rest.part(start, end)
    text = _unquoted(brief)
    if not _says_anything(text):
        return _without_brief(text), end
    name = said_name(text)
    args = {"brief": text[:4000], "name": name}
    return Reading(Call.of("create_character", args), makes=name or _working_name(text)), end


def said_name(brief: str) -> str | None:
    """Return the name that a brief introduces, as a `Name` allows it."""
    first = _NAME.match(brief)
    lexicon = character_lexicon()
    if first and re.match(
        r"\s*(?:$|[,:(]|[.!?]\s|-\s|is\b|was\b|who\b|in (?:her|his)\b|an?\b|with\b|aged?\b|\d)",
        brief[first.end() :],
    ):
        word = first.group().split()[0].lower().rstrip(".")
        if not lexicon.knows(word) or (word in lexicon.titles and " " in first.group()):
            return tidy_name(first.group()) or None
    told = _TOLD_NAME.search(brief)
    if told:
        return tidy_name(told.group("name")) or None
    found = find_name(brief)
    return (tidy_name(found) or None) if found else None


def _brief_start(rest: Clause, room: Room) -> int | None:
    polite = end_of_politeness(rest)
    low = rest.low[polite:]
    command = said("create_character", "command", low)
    if command and not _is_known(rest.part(polite + command.end()), room):
        return polite + _after_links(low, command.end())
    bare = said("create_character", "bare_command", low)
    if bare and not _draws(low) and not _is_known(rest.part(polite + bare.end()), room):
        return polite + bare.end()
    return polite if _is_brief(rest.part(polite), room) else None


def _draws(low: str) -> bool:
    """Say whether `give me a woman in the rain` asks for a picture, not for a person."""
    sentence = re.split(r"[.!?\n]", low)[0]
    return bool(framing_places(sentence) or said("create_character", "picture", sentence))


def _is_known(brief: Clause, room: Room) -> bool:
    """Say whether the words begin with somebody of the cast: `this is Lirien in the rain`."""
    names = room.clause(re.split(r"[,.:;]", brief.text)[0]).names
    return bool(names) and brief.low.startswith(NAME_MARK)


def _after_links(low: str, at: int) -> int:
    """Return where the words that link command and brief end: `called`, `:`, `for this film`."""
    links = [pattern(source) for source in intent_words().tools["create_character"]["linking"]]
    moved = True
    while moved:
        moved = False
        blank = re.match(r"[\s,:.;-]*", low[at:])
        at += blank.end() if blank else 0
        for link in links:
            match = link.match(low[at:])
            if match and match.end():
                at, moved = at + match.end(), True
    return at


def _brief_end(rest: Clause, start: int) -> int:
    """Return where the brief ends: at its closing quote, or where the person is to be cast."""
    quoted = re.match(rf"[\s:,-]*{QUOTE_MARK}+", rest.low[start:])
    if quoted and (
        quoted.end() > _LONG_QUOTE or not rest.low[start + quoted.end() :].strip(" .!?")
    ):
        return start + quoted.end()
    ends = [at for at, _ in spans("create_character", "following", rest.low) if at > start]
    return min(ends, default=len(rest.low))


def _unquoted(brief: Clause) -> str:
    text = brief.text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1].strip()
    return text


def _says_anything(text: str) -> bool:
    name = said_name(text) or ""
    rest = text.removeprefix(name)
    stop = character_lexicon().stop
    content = [word for word in words_of(rest) if not word.is_mark and word.lower not in stop]
    return bool(content)


def _without_brief(text: str) -> Reading:
    name = said_name(text)
    who = name or "the character"
    question = f"Who is {who}: age, face, hair, eyes, build, clothes, in your own words?"
    return Reading(Call.of("create_character", {"name": name}), "brief", question, makes=name or "")


def _working_name(text: str) -> str:
    try:
        return parse_character(text[:4000]).name
    except BadInput:
        return ""


def _is_brief(words: Clause, room: Room) -> bool:
    """Say whether words without a command describe a new person: `A wiry nurse, grey hair ...`."""
    opening = said("create_character", "description", words.low)
    least = _ENOUGH_SLOTS + bool(opening and opening.groupdict().get("headed"))
    if not room.cast and not opening:
        opening, least = said("create_character", "about_somebody", words.low), _ENOUGH_SLOTS + 1
    if not opening or words.low.startswith(NAME_MARK) or _draws(words.low):
        return False
    if room.clause(words.text).names:
        return False
    try:
        brief = parse_character(words.text[:4000])
    except BadInput:
        return False
    slots = (brief.hair, brief.eyes, brief.skin, brief.age, brief.build, brief.facial_hair)
    return sum(map(bool, (*slots, brief.marks, brief.wardrobe))) >= least
