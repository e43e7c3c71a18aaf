"""Answers to what was said before: to an open question, `yes`, and how a reject should go on.

Must not know how a fresh sentence is read beyond asking `understand`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from agent.offline.asked import Asked, asked_by
from agent.offline.calls import Call, Reading, Value
from agent.offline.clause import Clause, names_in, small, trimmed
from agent.offline.heard import Heard
from agent.offline.numbers import ORDINAL, first_number, ordinal_of
from agent.offline.patterns import any_of, intent_words, said
from agent.offline.reads import READERS
from agent.offline.reads.create import said_name
from agent.offline.reads.faces import path_in
from agent.offline.reads.studio import base_name, read_set_style
from agent.offline.room import Room, enter, mentioned
from agent.offline.shot_cast import strangers_of, with_stranger_known
from agent.offline.slates import slates_in, slates_meant
from agent.offline.takes import takes_in
from agent.offline.text import opens_command
from agent.offline.understand import understand


def open_question(heard: Heard, room: Room) -> Asked | None:
    """Return the question that the message before left open.

    Where a conversation carries no `asked`, the director's message before it is read again.
    """
    if heard.asked:
        return heard.asked
    if len(heard.earlier) < 2 or heard.earlier[-1].by_director:
        return None
    if not heard.earlier[-1].text.rstrip().endswith("?") or not heard.earlier[-2].by_director:
        return None
    return asked_by(understand(heard.earlier[-2].text, room).readings)


def refuses(heard: Heard) -> bool:
    """Say whether the newest message only says no."""
    return bool(any_of(intent_words().declines, heard.newest.strip().lower()))


def answered(asked: Asked, heard: Heard, room: Room) -> list[Reading] | None:
    """Complete the calls that wait with what the newest message says; None when it does not."""
    clause = room.clause(heard.newest)
    words = clause.tail(0) if asked.missing == "text" else trimmed(clause)
    together = None if asked.missing in _PLAIN_ANSWERS else _together(asked, heard, room)
    if together:
        return together
    value = _ANSWERS.get(asked.missing, _as_words)(words if words.low else clause, asked, room)
    if value is None:
        return None
    readings = asked.readings
    readings[asked.at] = _completed(readings[asked.at], asked, value)
    return [_with_person(each, asked, value) for each in readings]


def _together(asked: Asked, heard: Heard, room: Room) -> list[Reading] | None:
    """Read the message that raised the question and its answer as one: "Show me faces, Ines, and do 8"."""
    reader = READERS.get(asked.tool)
    if reader is None or len(asked.calls) > 1 or not room.last_said:
        return None
    said_before = trimmed(room.clause(room.last_said[0])).text.rstrip(".!? ")
    reading = reader(room.clause(f"{said_before}, {heard.newest}"), room)
    complete = reading and not reading.missing and reading.call.tool == asked.tool
    return [reading] if reading and complete else None


def _completed(reading: Reading, asked: Asked, value: Value) -> Reading:
    missing, cast = asked.missing, asked.choices
    if missing == "brief" and isinstance(value, str):
        name = reading.call.args.get("name") or said_name(value)
        return replace(reading.with_args(brief=value, name=name), makes=str(name or ""))
    if missing == "characters" and strangers_of(reading.call, cast):
        return with_stranger_known(reading, "" if value == _NOBODY else str(value), cast)
    if missing == "characters":
        shots = reading.call.args.get("shots")
        people: list[Value] = [{"character": value}]
        filled: list[Value] = [
            shot if shot.get("characters") else {**shot, "characters": people}
            for shot in (shots if isinstance(shots, list) else [])
            if isinstance(shot, dict)
        ]
        return reading.with_args(shots=filled)
    if missing == "style" and isinstance(value, dict):
        return reading.with_args(**value)
    return reading.with_args(**{missing: value})


def _with_person(reading: Reading, asked: Asked, value: Value) -> Reading:
    """Give the person that was asked for to the other calls that wait for it."""
    needs = "character" not in reading.call.args and reading.call.tool == asked.tool
    return reading.with_args(character=value) if asked.missing == "character" and needs else reading


def is_new_request(readings: list[Reading], asked: Asked, words: Clause) -> bool:
    """Say whether a message is a request of its own although a question is open."""
    if not readings or any(reading.missing for reading in readings) or not opens_command(words):
        return False
    tools = {reading.call.tool for reading in readings}
    if asked.missing in ("brief", "text", "change", "style"):
        return not tools & {
            "plan_shots",
            "change_character",
            "set_style",
            "create_character",
            "shoot",
        }
    return asked.tool not in tools or ("character" in asked.missing and bool(words.names))


def accepted_offer(heard: Heard, room: Room) -> list[Reading] | None:
    """Read `yes` as the command that the message before offered; None when there was no offer."""
    if not any_of(intent_words().agrees, heard.newest.strip().lower()) or not heard.earlier:
        return None
    last = heard.earlier[-1]
    text = last.text.strip()
    offer = any_of(intent_words().offer, small(text)) if not last.by_director else None
    if offer is None:
        return None
    return understand(text[slice(*offer.span("what"))], room).readings or None


def carried_note(readings: list[Reading], heard: Heard, room: Room) -> list[Reading] | None:
    """Read "draw it again with the anchor as it is" with the takes and note that it is about.

    Issue 6: a note against the identity gets two remedies by name, and the answer chooses one.
    """
    clause = trimmed(room.clause(heard.newest).part(0))
    keeps = said("reject", "keep_anchor", clause.low)
    rejected = [each for each in readings if each.call.tool == "reject"]
    offered = heard.earlier and "anchor" in heard.earlier[-1].text.lower()
    if not (keeps and offered) or (
        rejected and not rejected[0].missing and rejected[0].call.args.get("note")
    ):
        return None
    earlier = _last_reject(heard)
    if earlier is None:
        return None
    takes = rejected[0].call.args.get("takes") if rejected else None
    args: dict[str, Value | None] = {**earlier.call.args, "keep_anchor": True}
    again = said("reject", "again", clause.low) or earlier.call.args.get("again")
    return [
        Reading(
            Call.of(
                "reject",
                {**args, "takes": takes or args.get("takes"), "again": True if again else None},
            )
        )
    ]


def _last_reject(heard: Heard) -> Reading | None:
    room = enter(heard)
    for line in reversed(heard.earlier[-6:]):
        if line.by_director:
            found = [
                each
                for each in understand(line.text, room).readings
                if each.call.tool == "reject" and not each.missing
            ]
            if found:
                return found[-1]
    return None


def _as_person(words: Clause, asked: Asked, room: Room) -> Value | None:
    choice = _choice(words, asked)
    if choice:
        return choice
    return mentioned(words, room)


def _as_people(words: Clause, asked: Asked, room: Room) -> Value | None:
    """Return who is in frame; of a stranger only a name tells who that is, or that it is nobody."""
    if not strangers_of(asked.readings[asked.at].call, asked.choices):
        return _as_person(words, asked, room)
    if any_of(intent_words().nobody, words.low):
        return _NOBODY
    named = names_in(words, room.cast)
    return named[0] if named else _choice(words, asked)


def _as_number(words: Clause, asked: Asked, room: Room) -> Value | None:
    del room
    place = _choice(words, asked)
    if place and place.isdigit():
        return int(place)
    ordinal = re.search(rf"\b{ORDINAL}\b", words.low)
    return ordinal_of(ordinal.group(), 0) if ordinal else first_number(words.low.replace("v", " "))


def _as_words(words: Clause, asked: Asked, room: Room) -> Value | None:
    del asked, room
    return words.text if words.low and not any_of(intent_words().agrees, words.low) else None


def _as_takes(words: Clause, asked: Asked, room: Room) -> Value | None:
    named = slates_in(words).slates
    newest: list[Value] = [take for take in asked.choices if take.partition(" ")[0] in named]
    return newest or [*takes_in(words, room).takes] or None


def _as_take(words: Clause, asked: Asked, room: Room) -> Value | None:
    del asked
    found = takes_in(words, room).takes
    return found[0] if found else None


def _as_slates(words: Clause, asked: Asked, room: Room) -> Value | None:
    del asked
    return [*slates_meant(words, room)] or None


def _as_folder(words: Clause, asked: Asked, room: Room) -> Value | None:
    del asked, room
    return path_in(words)


def _as_base(words: Clause, asked: Asked, room: Room) -> Value | None:
    del room
    choice = _choice(words, asked)
    name = choice or base_name(re.sub(r"\b(?:the|base|model|one)\b", " ", words.text))
    return name if re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,79}", name) else None


def _as_style(words: Clause, asked: Asked, room: Room) -> Value | None:
    del asked
    reading = read_set_style(words, room)
    if reading and not reading.missing:
        return dict(reading.call.args)
    return {"style": words.text} if words.low else None


def _choice(words: Clause, asked: Asked) -> str | None:
    """Return the choice that an ordinal or a number means."""
    ordinal = re.search(rf"\b{ORDINAL}\b", words.low)
    place = ordinal_of(ordinal.group(), len(asked.choices)) if ordinal else None
    if place is None and re.fullmatch(r"(?:number )?\d{1,2}", words.low):
        place = first_number(words.low)
    return asked.choices[place - 1] if place and place <= len(asked.choices) else None


_NOBODY = "nobody"
_PLAIN_ANSWERS = frozenset({"takes", "take", "face", "version", "slates"})
"""Arguments whose answer says all: the message before it would only blur a number."""
_Answer = Callable[[Clause, Asked, Room], Value | None]
_ANSWERS: dict[str, _Answer] = {
    "character": _as_person,
    "characters": _as_people,
    "takes": _as_takes,
    "take": _as_take,
    "slates": _as_slates,
    "version": _as_number,
    "face": _as_number,
    "folder": _as_folder,
    "base": _as_base,
    "style": _as_style,
}
