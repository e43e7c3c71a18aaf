"""What is said of the director's own message before: "no, I meant 3", "not Ines, Bako", "the same with Ines".

Reads that message again in this studio; must not know what its calls came to.
"""

from __future__ import annotations

from collections.abc import Callable

from agent.offline.calls import Call, Reading, Value
from agent.offline.clause import Clause, trimmed
from agent.offline.heard import Heard
from agent.offline.numbers import first_number
from agent.offline.patterns import any_of, intent_words
from agent.offline.reads.faces import face_in
from agent.offline.room import Room, mentioned
from agent.offline.shot_reader import read_shot
from agent.offline.slates import slates_meant
from agent.offline.takes import takes_in
from agent.offline.understand import understand

_LOOKED_BACK = 6


def corrected(heard: Heard, room: Room) -> list[Reading] | None:
    """Read "no, I meant 3" as the call before with the value that was meant.

    Returns:
        The corrected call; None when nothing is corrected or what is meant fits no argument.
    """
    found = any_of(intent_words().corrects, room.clause(heard.newest.strip()).low)
    if found is None:
        return None
    words = room.clause(heard.newest.strip()[slice(*found.span("meant"))])
    last = _last_call(heard, room)
    if last is None or not words.low:
        return None
    changed = _meant(last, trimmed(words), room)
    return [Reading(last.with_args(**changed))] if changed else None


def repeated(heard: Heard, room: Room) -> list[Reading] | None:
    """Read "the same with Ines, closer" as the shot described before with what is different now."""
    clause = trimmed(room.clause(heard.newest))
    found = any_of(intent_words().repeats, clause.low)
    before = _last_shots(heard, room) if found else None
    if found is None or before is None:
        return None
    other = read_shot(clause.part(found.start("other")), room)
    if not (other.people or other.slots):
        return [Reading(Call.of("shoot", {**before.args, "scene": None}))]
    people: list[Value] = [each.as_argument() for each in other.people]
    changed = {**other.slots, **({"characters": people} if people else {})}
    shots = before.args.get("shots")
    merged: list[Value] = [
        {**shot, **changed}
        for shot in (shots if isinstance(shots, list) else [])
        if isinstance(shot, dict)
    ]
    return [Reading(before.with_args(shots=merged))]


def _meant(last: Call, words: Clause, room: Room) -> dict[str, Value] | None:
    """Return the argument that some words correct, by what the call before can hold."""
    person = mentioned(words, room)
    if person and "character" in last.args:
        return {"character": person}
    for argument, read in _READ.items():
        value = read(words, room) if argument in last.args else None
        if value:
            return {argument: value}
    return None


def _last_call(heard: Heard, room: Room) -> Call | None:
    lines = [line.text for line in heard.earlier if line.by_director]
    readings = understand(lines[-1], room).readings if lines else []
    return readings[-1].call if readings and not readings[-1].missing else None


def _last_shots(heard: Heard, room: Room) -> Call | None:
    for line in reversed(heard.earlier[-_LOOKED_BACK:]):
        if line.by_director:
            for reading in reversed(understand(line.text, room).readings):
                if "shots" in reading.call.args and not reading.missing:
                    return reading.call
    return None


def _takes(words: Clause, room: Room) -> Value | None:
    return [*takes_in(words, room).takes] or None


def _take(words: Clause, room: Room) -> Value | None:
    found = takes_in(words, room).takes
    return found[0] if found else None


def _slates(words: Clause, room: Room) -> Value | None:
    return [*slates_meant(words, room)] or None


def _number(words: Clause, room: Room) -> Value | None:
    del room
    return first_number(words.low)


_READ: dict[str, Callable[[Clause, Room], Value | None]] = {
    "face": face_in,
    "takes": _takes,
    "take": _take,
    "slates": _slates,
    "version": _number,
    "candidates": _number,
    "images": _number,
    "steps": _number,
}
"""Arguments that a correction may name, and how each is read."""
