"""Who is in frame of the shots of a call, and names there that are nobody's of the cast.

Knows the form of a shoot's described shots; must not know how a shot is read from words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from agent.offline.calls import Call, Reading, Value
from agent.offline.dialogue_state import DialogueState


def default_person(state: DialogueState) -> tuple[Value, ...]:
    """Return who is meant when nobody is named: whoever was asked about, is shown, or the only one."""
    earlier = next((each.person for each in reversed(state.before) if each.person), None)
    name = (
        earlier or state.studio.shown.character or (state.cast[0] if len(state.cast) == 1 else None)
    )
    return ({"character": name},) if name else ()


def strangers_of(call: Call, cast: Sequence[str]) -> tuple[str, ...]:
    """Return the names in a shoot's shots that are nobody's of the cast."""
    people = (person for shot in shots_of(call) for person in _people_of(shot))
    names = (str(person["character"]) for person in people)
    return tuple(dict.fromkeys(name for name in names if name not in cast))


def stranger_asked(reading: Reading, name: str, cast: Sequence[str]) -> Reading:
    """Return a reading that waits until it is known who somebody is."""
    question = (
        f"{name} is not in the cast; who is {name}: "
        f"{', '.join([*cast, 'nobody'])}, or a new character to describe first?"
    )
    return replace(reading, missing="characters", question=question, choices=tuple(cast))


def with_stranger_known(reading: Reading, who: str, cast: Sequence[str]) -> Reading:
    """Put a character in a stranger's place, or nobody (empty); ask on where there are more strangers."""
    strangers = strangers_of(reading.call, cast)
    known: list[Value] = [
        {**shot, "characters": _known(shot, strangers[0], who)} for shot in shots_of(reading.call)
    ]
    reading = reading.with_args(shots=known)
    return stranger_asked(reading, strangers[1], cast) if len(strangers) > 1 else reading


def with_person(reading: Reading, name: str) -> Reading:
    """Put a character into every shot that has nobody in frame."""
    people: list[Value] = [{"character": name}]
    filled: list[Value] = [
        dict(shot) if shot.get("characters") else {**shot, "characters": people}
        for shot in shots_of(reading.call)
    ]
    return reading.with_args(shots=filled)


def with_changes(call: Call, changed: Mapping[str, Value]) -> Call:
    """Return a shoot of described shots with some slots changed in each."""
    shots: list[Value] = [{**shot, **changed} for shot in shots_of(call)]
    return call.with_args(shots=shots)


def _known(shot: Mapping[str, Value], stranger: str, who: str) -> list[Value]:
    found: dict[str, Value] = {}
    for person in _people_of(shot):
        name = str(person["character"])
        if name == stranger and who:
            found.setdefault(who, {"character": who})
        elif name != stranger:
            found[name] = dict(person)
    return [*found.values()]


def shots_of(call: Call) -> Iterator[Mapping[str, Value]]:
    """Return the described shots of a call."""
    shots = call.args.get("shots")
    return (shot for shot in (shots if isinstance(shots, list) else []) if isinstance(shot, dict))


def _people_of(shot: Mapping[str, Value]) -> Iterator[Mapping[str, Value]]:
    people = shot.get("characters")
    listed = people if isinstance(people, list) else []
    return (person for person in listed if isinstance(person, dict))
