"""A new person: create_character. Finds where the brief begins and where it ends.

The brief is data: nothing in it is read for what to do, but commands about the new person that
follow an unquoted brief ("Then cast her.") are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from agent.offline.calls import Call, Reading
from agent.offline.commands.base import Command
from agent.offline.dialogue_state import DialogueState
from agent.offline.patterns import Block, Groups, Patterns
from agent.offline.pictures import sizes_at
from agent.offline.sentences import end_of_courtesy, first_sentence_end
from tools.contracts.limits import LONGEST_TEXT
from tools.errors import BadInput
from tools.language.brief import parse_character
from tools.language.lexicon import character_lexicon
from tools.language.names import find_name, tidy_name
from tools.language.text import NAME_MARK, Text, words_of

_ENOUGH_SLOTS = 2
_LONG_QUOTE = 40
"""Letters from which a quotation is a brief, not a name."""


@dataclass(frozen=True)
class CreateWords(Block, block="create_character", file="commands/people.yaml"):
    """How a new person is asked for."""

    command: Patterns
    bare_command: Patterns
    """A person without the word `character`: what follows the verb is the brief."""
    linking: Patterns
    blank: Patterns
    picture: Patterns
    about_somebody: Patterns
    description: Patterns
    headed: Patterns
    following: Patterns
    """Where the person is to be cast, so that the brief is over."""
    quoted_brief: Patterns
    name: Patterns
    name_ends: Patterns
    latin_name: Annotated[Patterns, Groups(("name",))]
    """A name in another script with our letters behind it: `李雷 (Li Lei)`."""
    told_name: Annotated[Patterns, Groups(("name",))]


def read_create(rest: Text, state: DialogueState) -> Reading | None:
    """Understand `create_character` at the start of the rest of a message.

    Args:
        rest: everything from here to the message's end.
        state: where it is said.

    Returns:
        The reading, `said` up to where its words end; None when it is something else.
    """
    start = _brief_start(rest, state)
    if start is None:
        return None
    end = _brief_end(rest, start)
    text = _unquoted(rest.part(start, end))
    said = rest.part(0, end)
    if not _says_anything(text):
        return _without_brief(text, said)
    name = said_name(text)
    args = {"brief": text[:LONGEST_TEXT], "name": name}
    makes = name or _working_name(text)
    return Reading(Call.of("create_character", args), makes=makes, said=said)


def said_name(brief: str) -> str | None:
    """Return the name that a brief introduces, as a `Name` allows it."""
    words, lexicon = CreateWords.read(), character_lexicon()
    brief = brief.capitalize() if brief.isupper() else brief
    first = words.name.opens(brief)
    if first and words.name_ends.opens(brief, first.end()):
        word = first.group().split()[0].lower().rstrip(".")
        if not lexicon.knows(word) or (word in lexicon.titles and " " in first.group()):
            return tidy_name(first.group()) or None
    latin = None if brief[:1].isascii() else words.latin_name.opens(brief)
    told = latin or words.told_name.first(brief)
    found = told.group("name") if told else find_name(brief)
    return (tidy_name(found) or None) if found else None


def _brief_start(rest: Text, state: DialogueState) -> int | None:
    words, polite = CreateWords.read(), end_of_courtesy(rest)
    small = rest.small[polite:]
    command = words.command.first(small)
    if command and not _is_known(rest.part(polite + command.end())):
        return polite + _after_links(small, command.end())
    bare = words.bare_command.first(small)
    if bare and not _draws(rest.part(polite)) and not _is_known(rest.part(polite + bare.end())):
        return polite + bare.end()
    return polite if _is_brief(rest.part(polite), state) else None


def _draws(text: Text) -> bool:
    """Say whether `give me a woman in the rain` asks for a picture, not for a person."""
    sentence = text.part(0, first_sentence_end(text)).small
    return bool(sizes_at(sentence) or CreateWords.read().picture.first(sentence))


def _is_known(brief: Text) -> bool:
    """Say whether the words begin with somebody of the cast: `this is Lirien in the rain`."""
    return brief.small.startswith(NAME_MARK)


def _after_links(small: str, at: int) -> int:
    """Return where the words that link command and brief end: `called`, `:`, `for this film`."""
    words, moved = CreateWords.read(), True
    while moved:
        blank = words.blank.opens(small, at)
        at = blank.end() if blank else at
        rest = small[at:]
        ends = [link.end() for link in (each.match(rest) for each in words.linking.each) if link]
        moved = any(ends)
        at += max(ends, default=0)
    return at


def _brief_end(rest: Text, start: int) -> int:
    """Return where the brief ends: at its closing quote, or where the person is to be cast."""
    words = CreateWords.read()
    quoted = words.quoted_brief.opens(rest.small, start)
    if quoted and (
        quoted.end() - start > _LONG_QUOTE or not rest.small[quoted.end() :].strip(" .!?")
    ):
        return quoted.end()
    ends = [at for at, _ in words.following.spans(rest.small) if at > start]
    return min(ends, default=len(rest.small))


def _unquoted(brief: Text) -> str:
    text = brief.text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1].strip()
    return text


def _says_anything(text: str) -> bool:
    rest = text.removeprefix(said_name(text) or "")
    stop = character_lexicon().stop
    return any(not word.is_mark and word.lower not in stop for word in words_of(rest))


def _without_brief(text: str, said: Text) -> Reading:
    name = said_name(text)
    question = f"Who is {name or 'the character'}: age, face, hair, eyes, build, clothes, in your own words?"
    call = Call.of("create_character", {"name": name})
    return Reading(call, "brief", question, makes=name or "", said=said)


def _working_name(text: str) -> str:
    try:
        return parse_character(text[:LONGEST_TEXT]).name
    except BadInput:
        return ""


def _is_brief(text: Text, state: DialogueState) -> bool:
    """Say whether words without a command describe a new person: `A wiry nurse, grey hair ...`."""
    words = CreateWords.read()
    opens, least = words.description.first(text.small), _ENOUGH_SLOTS
    if not opens:
        opens, least = words.headed.first(text.small), _ENOUGH_SLOTS + 1
    if not state.cast and not opens:
        opens, least = words.about_somebody.first(text.small), _ENOUGH_SLOTS + 1
    if not opens or text.names or _draws(text):
        return False
    try:
        brief = parse_character(text.text[:LONGEST_TEXT])
    except BadInput:
        return False
    slots = (brief.hair, brief.eyes, brief.skin, brief.age, brief.build, brief.facial_hair)
    return sum(map(bool, (*slots, brief.marks, brief.wardrobe))) >= least


CREATE_CHARACTER = Command("create_character", CreateWords, read_create)
