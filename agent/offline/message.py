"""A message as a list of readings: what it asks for, in the order said, and what was not understood.

Cuts the message, asks the commands, and joins what goes on from one sentence to the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from agent.offline.calls import Call, Reading, Value
from agent.offline.commands import OF_A_PART, OF_THE_REST, command_of
from agent.offline.commands.base import Command, left_in
from agent.offline.commands.scenes import read_screenplay
from agent.offline.commands.studio import BaseWords, base_name
from agent.offline.dialogue_state import DialogueState, mentioned, who_question
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
from tools.contracts.limits import LONGEST_TEXT
from tools.language.picture.people import strangers_beside_cast
from tools.language.text import NAME_MARK, Text, small

MAX_CALLS = 12
"""As many as one turn may make (agent/order.py)."""
_SHORT = 4
_HEAD = 160
"""Letters within which a wish may begin behind other words."""
_PAUSES = 4


@dataclass
class Understood:
    """What a message says."""

    readings: list[Reading] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)
    """Parts that no command took, as said."""
    cannot: list[str] = field(default_factory=list)
    """Things that were asked for and that this studio has no tool for."""
    chat: bool = False
    help: bool = False
    meanings: list[str] = field(default_factory=list)
    """What words mean that were asked about."""

    @property
    def left_out(self) -> list[str]:
        """Words of commands that went into no call, as said."""
        if any(reading.missing for reading in self.readings):
            return []
        return [*dict.fromkeys(words for reading in self.readings for words in reading.left)]

    @property
    def last(self) -> Reading | None:
        """What was asked for last."""
        return self.readings[-1] if self.readings else None


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
    while rest.small and len(found.readings) <= MAX_CALLS:
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
    longer = None if later else _continued(reading, part, text, state, found)
    if longer:
        return longer
    if silent and not later:
        later = _behind(text, state, found)
    wanted = reading or later
    if wanted:
        return _add(wanted, state, found)
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


def _add(reading: Reading, state: DialogueState, found: Understood) -> DialogueState:
    """Add a reading: once for each person named, or put into the one before it."""
    for each in _for_each_person(reading, state):
        merged = _merged(found.last, each) if found.last else None
        if merged and found.last:
            together = _together(found.last.said, Part(each.said), state)
            found.readings[-1] = replace(merged, said=together)
            state = state.undone().after(found.readings[-1])
        else:
            found.readings.append(each)
            state = state.after(each)
    return state


def _merged(earlier: Reading, later: Reading) -> Reading | None:
    """Put two readings of one thing into one: "not these, show me others"."""
    if earlier.call.tool != later.call.tool:
        return None
    says_less = later.call == earlier.call or not (later.call.args or later.missing)
    if says_less and not earlier.missing:
        return earlier
    if earlier.missing and not (later.missing or earlier.call.args):
        return later
    command = command_of(earlier.call.tool)
    return command.merge(earlier, later) if command and command.merge else None


def _for_each_person(reading: Reading, state: DialogueState) -> list[Reading]:
    """Repeat what is asked of "Lirien and Daro", or of everybody, for each of them."""
    command, text = command_of(reading.call.tool), reading.said
    if command is None or not command.per_person:
        return [reading]
    people, strangers = text.names, strangers_beside_cast(text)
    if not people and MessageWords.read().everybody.first(text.small):
        people = state.cast
    if len(people) + len(strangers) < 2:
        return [reading]
    known = [
        replace(
            reading.with_args(character=name, **_own(command, name, reading, state)), missing=""
        )
        for name in people
    ]
    return [*known, *(_unknown(reading, name, state) for name in strangers)]


def _own(
    command: Command, name: str, reading: Reading, state: DialogueState
) -> dict[str, Value | None]:
    """Return what is said for one person only: `six faces for Mara and four for Joseph`."""
    text, details = reading.said, command.details
    at = next((each for each in text.named if each.name == name), None)
    if details is None or at is None:
        return {}
    before = max((each.end for each in text.named if each.end <= at.start), default=0)
    found = details(trimmed(text.part(before, at.end)), state)
    return {key: value for key, value in found.items() if value is not None}


def _unknown(reading: Reading, name: str, state: DialogueState) -> Reading:
    """Ask who somebody is that was named beside the cast."""
    args = {key: value for key, value in reading.call.args.items() if key != "character"}
    question = who_question(reading.said, state, "Who is that", name)
    call = Call.of(reading.call.tool, args)
    return Reading(call, "character", question, state.cast, said=reading.said)


def _continued(
    reading: Reading | None, part: Part, text: Text, state: DialogueState, found: Understood
) -> DialogueState | None:
    """Take words as the end of what was said before, where they are that; else return None."""
    last = found.last
    command = command_of(last.call.tool) if last else None
    if last is None or command is None:
        return None
    if (
        reading
        and reading.missing
        and command.informs
        and MessageWords.read().asks.first(text.small)
    ):
        return state
    if reading and _says_less(reading, last):
        return state
    if not command.absorbs and MessageWords.read().only_points.first(text.small):
        return state
    if command.extends is None:
        return None
    of_last = not text.names and _is_of(reading, command.absorbs)
    goes_on = command.only_goes_on is not None and command.only_goes_on(text)
    vague = bool(reading and reading.missing and not text.names)
    if not (reading is None or of_last or goes_on or vague):
        return None
    words = part.text if of_last and not goes_on else text
    together = _together(last.said, Part(words, part.joint), state)
    longer = command.extends(last, words, together, state)
    if longer is None or longer.call == last.call:
        return state if _adds_nothing(words) else None
    found.readings[-1] = replace(longer, said=together)
    return state.undone().after(found.readings[-1])


def _says_less(reading: Reading, last: Reading) -> bool:
    """Say whether words only name again what was asked for just before: `so please switch it`."""
    same = reading.call.tool == last.call.tool and not last.missing
    return same and bool(reading.missing) and not reading.call.args


def _is_of(reading: Reading | None, absorbs: frozenset[str]) -> bool:
    """Say whether a sentence only tells more of what was asked before: `let her laugh`, `85mm`."""
    if not absorbs:
        return False
    return reading is None or "shots" in reading.call.args or reading.call.tool in absorbs


def _adds_nothing(text: Text) -> bool:
    """Say whether `use her` or `switch to that` only says again what was said."""
    points = not text.names and MessageWords.read().points.first(text.small)
    return len(text.small.split()) <= _SHORT and bool(points)


def _together(before: Text, part: Part, state: DialogueState) -> Text:
    """Return two texts as one; what began with a capital was a sentence."""
    text = part.text
    named = text.small.startswith(NAME_MARK)
    mark = "." if text.text[:1].isupper() and not named else ","
    return state.text(f"{before.text}{part.joint or mark} {text.text}")
