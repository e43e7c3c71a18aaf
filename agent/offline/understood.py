"""What a message says so far, and how one more reading, or words that go on, join it.

Knows how commands join; must not know how a message is cut.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from agent.offline.calls import Call, Reading, Value
from agent.offline.commands import command_of
from agent.offline.commands.base import Command
from agent.offline.dialogue_state import DialogueState, who_question
from agent.offline.sentences import MessageWords, Part, trimmed
from tools.language.picture.people import strangers_beside_cast
from tools.language.text import NAME_MARK, Text

_SHORT = 4


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


def add_reading(reading: Reading, state: DialogueState, found: Understood) -> DialogueState:
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


def continued(
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
