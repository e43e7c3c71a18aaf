"""What a command is: a tool, its word patterns, how it is read, and how it joins with its neighbours.

One value a command; all that decides which sentence goes where is a field of it. Must not know any
single tool.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields

from agent.offline.calls import Reading, Value
from agent.offline.dialogue_state import DialogueState, about
from agent.offline.patterns import Block, Patterns
from agent.offline.references import framed_in, scene_in, takes_in
from agent.offline.sentences import MessageWords
from tools.language.lexicon import character_lexicon
from tools.language.slate import slates_in
from tools.language.text import Text, words_of

Reader = Callable[[Text, DialogueState], Reading | None]
"""Understands some words as a call, or returns None when they ask for something else."""
Extension = Callable[[Reading, Text, Text, DialogueState], Reading | None]
"""Puts words that go on after a reading into it, given alone and as one with what was read before; None
when they do not belong to it."""
Merger = Callable[[Reading, Reading], Reading | None]
"""Makes one reading of two of the same tool; None when they stay two."""
Details = Callable[[Text, DialogueState], dict[str, Value | None]]
"""What some words say for a tool's arguments, the person left aside."""


@dataclass(frozen=True)
class Command:
    """One way to ask for a tool."""

    tool: str
    words: type[Block]
    """Its patterns."""
    read: Reader
    extends: Extension | None = None
    """How words that go on are put in; None: nothing goes on after it."""
    merge: Merger | None = None
    only_goes_on: Callable[[Text], bool] | None = None
    """Says whether words can only belong to this command when it was said before them."""
    absorbs: frozenset[str] = frozenset()
    """Tools whose sentences, said without a name after this one, are part of it."""
    informs: bool = False
    """It only shows something: a question right after it asks for more of the same."""
    per_person: bool = False
    """Asked of several people it is one call for each."""
    details: Details | None = None
    """What may be said for each of several people by itself."""


def of_person(
    tool: str, asking: str, asks: Callable[[Text, DialogueState], bool], details: Details
) -> Reader:
    """Return the reader of a tool that is asked of one person.

    Args:
        tool: its name.
        asking: start of the question who is meant.
        asks: says whether the tool is asked for at all.
        details: reads its other arguments.
    """

    def read(text: Text, state: DialogueState) -> Reading | None:
        if not asks(text, state):
            return None
        return about(tool, text, state, asking).with_args(**details(text, state))

    return read


def more_details(details: Details) -> Extension:
    """Return the extension of a tool of one person: later words may name the person or a detail."""

    def extend(reading: Reading, text: Text, _whole: Text, state: DialogueState) -> Reading | None:
        found = {name: value for name, value in details(text, state).items() if value is not None}
        if reading.missing == "character" and text.names:
            reading = Reading(reading.call.with_args(character=text.names[0]))
        return reading.with_args(**found)

    return extend


def no_details(_text: Text, _state: DialogueState) -> dict[str, Value | None]:
    """Read nothing: the person is all that the tool is asked with."""
    return {}


def same_person(earlier: Reading, later: Reading) -> Reading | None:
    """Put what is said twice of one person into one call."""
    together = earlier.person == later.person and not earlier.missing
    return earlier.with_args(**later.call.args) if together else None


def left_in(command: Command, reading: Reading, state: DialogueState) -> tuple[str, ...]:
    """Return the words that were read, mean something, and went into no argument.

    Taken are what the command's own patterns say, what names takes and shots, and the words of the
    arguments; words that follow each other are returned as one.
    """
    text = reading.said
    spans = [*_own(command, text), *_named(text, state)]
    kept = frozenset((*_kept(reading.call.args.values()), *reading.taken))
    runs: list[list[int]] = []
    for word in words_of(text.small):
        known = word.is_mark or _is_plain(word.text) or bool(kept & _forms(word.text))
        if known or any(start < word.end and word.start < end for start, end in spans):
            if not word.is_mark and not _is_plain(word.text):
                runs.append([])
        elif runs and runs[-1]:
            runs[-1][1] = word.end
        else:
            runs.append([word.start, word.end])
    return tuple(text.text[run[0] : run[1]] for run in runs if run)


def _own(command: Command, text: Text) -> Iterator[tuple[int, int]]:
    words = command.words.read()
    for field in fields(words):
        patterns = getattr(words, field.name)
        if isinstance(patterns, Patterns):
            yield from patterns.taken(text.small)


def _named(text: Text, state: DialogueState) -> Iterator[tuple[int, int]]:
    yield from slates_in(text.small).spans
    yield from framed_in(text, state).spans
    yield from takes_in(text, state).spans
    yield from ((each.start, each.end) for each in text.named)
    if scene_in(text):
        at = text.small.find("scene")
        yield at, at + len("scene 0000")


def _kept(values: Iterable[Value]) -> Iterator[str]:
    for value in values:
        if isinstance(value, dict):
            yield from _kept(value.values())
        elif isinstance(value, list):
            yield from _kept(value)
        elif isinstance(value, str):
            for word in words_of(value.lower()):
                yield from _forms(word.text)


def _forms(word: str) -> frozenset[str]:
    return frozenset({word, word.removesuffix("s"), word.partition("'")[0]})


def _is_plain(word: str) -> bool:
    """Say whether a word says nothing by itself."""
    stop = character_lexicon().stop
    return bool(_forms(word) & stop) or MessageWords.read().filler.first(word) is not None
