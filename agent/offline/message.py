"""A message as a list of readings: what it asks for, in the order said, and what was not understood.

Cuts the message and asks the commands; must not know how one reading joins another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from agent.offline.calls import Reading
from agent.offline.commands import OF_A_PART, OF_THE_REST, command_of
from agent.offline.commands.base import left_in
from agent.offline.commands.scenes import read_screenplay
from agent.offline.commands.studio import BaseWords, base_name
from agent.offline.dialogue_state import DialogueState, mentioned
from agent.offline.glossary import meaning_asked
from agent.offline.patterns import Patterns, patterns_by_name
from agent.offline.references import takes_in
from agent.offline.sentences import (
    MessageWords,
    Part,
    body_of,
    commands_in,
    first_sentence_end,
    opens_command,
    trimmed,
)
from agent.offline.understood import Understood, add_reading, continued
from tools.contracts.limits import LONGEST_TEXT, MOST_CALLS
from tools.language.text import Text, small

_HEAD = 160
"""Letters within which a wish may begin behind other words."""
_PAUSES = 4


def understand(words: str, state: DialogueState) -> Understood:
    """Read a message of up to 4,000 letters.

    Args:
        words: plain text.
        state: where it is said.
    """
    found = Understood()
    message = state.text(words[:LONGEST_TEXT].rstrip()).tail(0)
    script = read_screenplay(message)
    if script:
        return Understood([script])
    rest = body_of(message)
    while rest.small and len(found.readings) <= MOST_CALLS:
        used, state = _read_start(rest, state, found)
        rest = rest.tail(max(used, 1))
    found.readings = [_with_left(reading, state) for reading in found.readings]
    return found


def read_one(text: Text, state: DialogueState) -> Reading | None:
    """Ask the commands in their order."""
    readings = (command.read(text, state) for command in OF_A_PART)
    found = next((reading for reading in readings if reading), None)
    return replace(found, said=text) if found else None


def _with_left(reading: Reading, state: DialogueState) -> Reading:
    command = command_of(reading.call.tool)
    return replace(reading, left=left_in(command, reading, state)) if command else reading


def _read_start(rest: Text, state: DialogueState, found: Understood) -> tuple[int, DialogueState]:
    """Read the first thing that the rest of a message says; return how far it goes."""
    first = first_sentence_end(rest)
    if _is_small_talk(rest.part(0, first)) and opens_command(rest.tail(first)):
        found.chat = True
        return first, state
    for command in OF_THE_REST:
        reading = command.read(rest, state)
        if reading:
            found.readings.append(reading)
            return rest.small.find(reading.said.small) + len(reading.said.small), state.after(
                reading
            )
    for part in commands_in(rest.part(0, first)):
        state = _read_part(part, state, found)
    return first, state


def _is_small_talk(sentence: Text) -> bool:
    told = MessageWords.read().told
    return bool(told.first(trimmed(sentence).small) or told.first(sentence.small))


def _read_part(part: Part, state: DialogueState, found: Understood) -> DialogueState:
    words, text = MessageWords.read(), trimmed(part.text)
    if not text.small or _is_small_talk(part.text) or words.chat.first(text.small):
        found.chat = True
        return state
    meaning = meaning_asked(small(text.text))
    if meaning:
        found.meanings.append(meaning)
        return state
    if words.help.first(text.small):
        found.help = True
        return state
    refused = cannot(text)
    topic = None if refused else _topic_first(text, state, commands_only=True)
    reading = None if refused else topic or _with_person(read_one(text, state), part, state)
    if reading and found.unclear:
        reading = _pointing_back(reading, found, state)
    silent = reading is None and not refused
    later = _behind(text, state, found) if silent and not _absorbs(found) else None
    longer = None if later else continued(reading, part, text, state, found)
    if longer:
        return longer
    if silent and not later:
        later = _behind(text, state, found)
    wanted = reading or later
    if wanted:
        return add_reading(wanted, state, found)
    (found.cannot if refused else found.unclear).append(refused or text.text)
    return state


def _with_person(reading: Reading | None, part: Part, state: DialogueState) -> Reading | None:
    """Give a call whose person is said with the next one that person: `check and train Mara`."""
    if reading is None or part.person is None or mentioned(reading.said, state):
        return reading
    asks = "character" in (reading.missing, *reading.call.args)
    return replace(reading.with_args(character=part.person), missing="") if asks else reading


def _pointing_back(reading: Reading, found: Understood, state: DialogueState) -> Reading:
    """Take what was named just before: `the last one gave me goosebumps, keep it`."""
    if reading.missing == "base":
        known = BaseWords.read().known.first(small(found.unclear[-1]))
        base = base_name(known.group("base")) if known else None
        return replace(reading.with_args(base=base), missing="") if base else reading
    if reading.missing != "takes":
        return reading
    named = takes_in(state.text(found.unclear[-1]), state, vague=False).names
    return replace(reading.with_args(takes=[*named]), missing="") if named else reading


def _absorbs(found: Understood) -> bool:
    """Say whether what was asked for last takes any words that follow as its own: a note."""
    command = command_of(found.last.call.tool) if found.last else None
    return bool(command and command.absorbs)


def _behind(text: Text, state: DialogueState, found: Understood) -> Reading | None:
    return _topic_first(text, state) or _later(text, state, found)


def _topic_first(
    text: Text, state: DialogueState, *, commands_only: bool = False
) -> Reading | None:
    """Read `Mara: six faces`, where the person is said before what is wanted."""
    words = MessageWords.read()
    topic = words.topic.opens(text.small)
    rest = trimmed(text.part(topic.end())) if topic else None
    if rest and commands_only and not words.opens.opens(f"{rest.small} "):
        return None
    reading = read_one(rest, state) if rest and rest.small else None
    if reading is None or "character" not in (reading.missing, *reading.call.args):
        return None
    missing = "" if reading.missing == "character" else reading.missing
    named = reading.with_args(character=text.names[0])
    return replace(named, missing=missing, said=text)


def _later(text: Text, state: DialogueState, found: Understood) -> Reading | None:
    """Read what is asked for behind words that are none of a command; those are said."""
    pauses = sorted(MessageWords.read().pause.spans(text.small[:_HEAD]))
    for start, end in pauses[:_PAUSES]:
        rest = trimmed(text.part(end))
        reading = read_one(rest, state) if rest.small and not cannot(rest) else None
        if reading and not reading.missing:
            head = trimmed(text.part(0, start))
            found.unclear += [head.text] if head.small else []
            return reading
    return None


def cannot(text: Text) -> str | None:
    """Return what this studio has no tool for, when some words ask for that."""
    return next((thing for thing, said in _cannot_do().items() if said.first(text.small)), None)


@lru_cache(maxsize=1)
def _cannot_do() -> Mapping[str, Patterns]:
    return patterns_by_name("cannot", "message.yaml")
