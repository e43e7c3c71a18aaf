"""A message as a list of readings: what it asks for, in the order said, and what was not understood.

Cuts the message, asks the readers, and joins what goes on from one sentence to the next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from agent.offline.calls import Reading
from agent.offline.clause import Clause, small, trimmed
from agent.offline.everybody import for_each_person
from agent.offline.glossary import meaning_asked
from agent.offline.leftover import left_out
from agent.offline.patterns import NAME_MARK, any_of, intent_words, said
from agent.offline.reads import READERS
from agent.offline.reads.create import read_create
from agent.offline.reads.redo import read_redo
from agent.offline.reads.references import merged_review
from agent.offline.reads.scenes import read_plan
from agent.offline.reads.shoot import goes_on_shooting, joined
from agent.offline.room import Room
from agent.offline.text import commands_in, first_sentence_end

MAX_MESSAGE = 4000
MAX_CALLS = 12
"""As many as one turn may make (agent/order.py)."""
_SHORT = 4


@dataclass
class Understood:
    """What a message says."""

    readings: list[Reading] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)
    """Parts that no reader took, as said."""
    left_out: list[str] = field(default_factory=list)
    """Words of commands that went into no call, as said."""
    cannot: list[str] = field(default_factory=list)
    """Things that were asked for and that this studio has no tool for."""
    chat: bool = False
    help: bool = False
    meanings: list[str] = field(default_factory=list)
    """What words mean that were asked about."""


def understand(text: str, room: Room) -> Understood:
    """Read a message of up to 4,000 characters.

    Args:
        text: plain text.
        room: where it is said.
    """
    found = Understood()
    rest = room.clause(text[:MAX_MESSAGE].rstrip()).tail(0)
    clauses: list[Clause] = []
    while rest.low and len(found.readings) <= MAX_CALLS:
        used, room = _read_start(rest, room, found, clauses)
        rest = rest.tail(max(used, 1))
    if not any(reading.missing for reading in found.readings):
        used_by = zip(found.readings, clauses, strict=True)
        left = (left_out(reading.call, clause, room) for reading, clause in used_by)
        found.left_out += dict.fromkeys(filter(None, left))
    return found


def _read_start(
    rest: Clause, room: Room, found: Understood, clauses: list[Clause]
) -> tuple[int, Room]:
    """Read the first thing that the rest of a message says; return how far it goes."""
    planned = read_plan(rest)
    if planned:
        return len(rest.low), _keep(planned, rest, room, found, clauses)
    created = read_create(rest, room)
    if created:
        reading, end = created
        return end, _keep(reading, rest.part(0, end), room, found, clauses)
    end = first_sentence_end(rest)
    for clause in commands_in(rest.part(0, end)):
        room = _read_clause(clause, room, found, clauses)
    return end, room


def _keep(
    reading: Reading, clause: Clause, room: Room, found: Understood, clauses: list[Clause]
) -> Room:
    found.readings.append(reading)
    clauses.append(clause)
    return room.after(reading, clause)


def _read_clause(clause: Clause, room: Room, found: Understood, clauses: list[Clause]) -> Room:
    words = replace(trimmed(clause), joint=clause.joint)
    if not words.low or any_of(intent_words().chat, words.low):
        found.chat = True
        return room
    meaning = meaning_asked(small(words.text))
    if meaning:
        found.meanings.append(meaning)
        return room
    if any_of(intent_words().help, words.low):
        found.help = True
        return room
    refused = cannot(words)
    reading = None if refused else read_one(words, room)
    if _continues(reading, clause, words, room, found, clauses):
        return room
    if reading:
        return _add(reading, words, room, found, clauses)
    if refused:
        found.cannot.append(refused)
    else:
        found.unclear.append(words.text)
    return room


def _continues(
    reading: Reading | None,
    clause: Clause,
    words: Clause,
    room: Room,
    found: Understood,
    clauses: list[Clause],
) -> bool:
    """Take a clause as the end of what was said before, where it is that; else return False."""
    if reading and reading.missing and _asks_further(words, found):
        return True
    if _is_of_note(reading, clause, found):
        return _extend(clause, room, found, clauses)
    tied = reading is None or _only_goes_on(words, found) or _goes_on(reading, words, found)
    return tied and _extend(words, room, found, clauses)


def _add(
    reading: Reading, words: Clause, room: Room, found: Understood, clauses: list[Clause]
) -> Room:
    """Add a reading: once for each person named, or put into the one before it."""
    last = found.readings[-1] if found.readings else None
    if last and goes_on_shooting(last, reading, words):
        found.readings[-1] = joined(last, reading)
        clauses[-1] = together(clauses[-1], words, room)
        return room.after(found.readings[-1], words)
    for each in for_each_person(reading, words, room):
        merged = _merged(found.readings[-1], each) if found.readings else None
        if merged:
            found.readings[-1] = merged
            room = room.after(merged, words)
        else:
            room = _keep(each, words, room, found, clauses)
    return room


def _merged(earlier: Reading, later: Reading) -> Reading | None:
    """Put two readings of one thing into one: "not these, show me others"."""
    if earlier.call == later.call and not earlier.missing:
        return earlier
    if earlier.call.tool == later.call.tool == "set_style" and not earlier.missing:
        apart = not set(earlier.call.args) & set(later.call.args)
        return earlier.with_args(**later.call.args) if apart else None
    if earlier.call.tool == later.call.tool == "reject":
        same_takes = earlier.call.args.get("takes") == later.call.args.get("takes")
        noted = earlier.call.args.get("note") and later.call.args.get("note")
        return earlier.with_args(**later.call.args) if same_takes and not noted else None
    same = earlier.call.tool == later.call.tool == "cast" and earlier.person == later.person
    if same and not earlier.missing:
        return earlier.with_args(**later.call.args)
    return merged_review(earlier, later)


def read_one(words: Clause, room: Room) -> Reading | None:
    """Ask the readers in their order."""
    readings = (reader(words, room) for reader in READERS.values())
    return next((reading for reading in readings if reading), None)


def cannot(words: Clause) -> str | None:
    """Return what this studio has no tool for, when a clause asks for that."""
    for thing, patterns in intent_words().cannot.items():
        if any_of(patterns, words.low):
            return thing
    return None


def _only_goes_on(words: Clause, found: Understood) -> bool:
    """Say whether a clause can only belong to what was said before: `go again`, `layer by layer`."""
    last = found.readings[-1].call.tool if found.readings else ""
    if last == "reject":
        return any_of(intent_words().tools["reject"]["only_again"], words.low) is not None
    return last == "build_references" and said(last, "review", words.low) is not None


def _is_of_note(reading: Reading | None, words: Clause, found: Understood) -> bool:
    """Say whether a clause after a reject says what is wrong or wanted: `let her laugh`, `85mm`."""
    if not found.readings or found.readings[-1].call.tool != "reject" or words.names:
        return False
    if reading is None:
        return True
    described = "shots" in reading.call.args
    return described or reading.call.tool in ("change_character", "set_style", "choose_face")


def _asks_further(words: Clause, found: Understood) -> bool:
    """Say whether `and how did they score?` asks more of what was asked for just before."""
    last = found.readings[-1].call.tool if found.readings else ""
    asks = any_of(("^(?:how|what|why|which|are|is|did|do|where)\\b",), words.low)
    return last in _INFORMS and asks is not None


def _goes_on(reading: Reading, words: Clause, found: Understood) -> bool:
    """Say whether a clause that could stand alone rather belongs to what was said before."""
    if not found.readings:
        return False
    last = found.readings[-1].call.tool
    vague = reading.missing and not words.names
    return bool(vague) and last in _EXTENDED


def _extend(words: Clause, room: Room, found: Understood, clauses: list[Clause]) -> bool:
    """Read a clause as the end of the one before: a note, more of a shot, a style or a look."""
    if not found.readings or found.readings[-1].call.tool not in _EXTENDED:
        return False
    last, before = found.readings[-1], clauses[-1]
    extend = _OWN_EXTENSION.get(last.call.tool, _reread)
    longer = extend(last, before, words, room)
    if longer is None or longer.call == last.call:
        return _adds_nothing(words)
    found.readings[-1] = longer
    clauses[-1] = together(before, words, room)
    return True


def _adds_nothing(words: Clause) -> bool:
    """Say whether `use her` or `switch to that` only says again what was said."""
    points = not words.names and any_of(
        ("\\b(?:her|him|it|that|them|this|those|these|one)\\b",), words.low
    )
    return len(words.low.split()) <= _SHORT and bool(points)


def _reread(last: Reading, before: Clause, words: Clause, room: Room) -> Reading | None:
    reader = READERS.get(last.call.tool)
    earlier = room.undone()
    return reader(together(before, words, room), earlier) if reader else None


def together(before: Clause, words: Clause, room: Room) -> Clause:
    """Return two clauses as one; what began with a capital was a sentence."""
    named = words.low.startswith(NAME_MARK)
    mark = "." if words.text[:1].isupper() and not named else ","
    return room.clause(f"{before.text}{words.joint or mark} {words.text}")


def _more_shots(last: Reading, before: Clause, words: Clause, room: Room) -> Reading | None:
    if "shots" not in last.call.args:
        return None
    reading = READERS["shoot"](words, room)
    if reading and "shots" in reading.call.args:
        return joined(last, reading)
    return _reread(last, before, words, room)


def _more_of_note(last: Reading, before: Clause, words: Clause, room: Room) -> Reading | None:
    earlier = room.undone()
    return read_redo(together(before, words, room), earlier) or _reread(last, before, words, room)


_Extension = Callable[[Reading, Clause, Clause, Room], Reading | None]
_OWN_EXTENSION: dict[str, _Extension] = {"shoot": _more_shots, "reject": _more_of_note}
_INFORMS = frozenset({"list_versions", "show_takes", "status", "cost", "gate", "explain_verdict"})
_EXTENDED = frozenset(
    {
        "shoot", "reject", "set_style", "change_character", "train", "build_references", "cast", "pick",
        "review_references", "add_photos", "choose_face", "choose_version", "add_base",
    }
)  # fmt: skip
