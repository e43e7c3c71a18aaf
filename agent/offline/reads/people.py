"""What is asked of one person by name alone: gate, train, list_versions, status; and choose_version.

One function a tool; each returns None when the clause asks for something else.
"""

from __future__ import annotations

from agent.offline.calls import Call, Reading
from agent.offline.clause import Clause
from agent.offline.numbers import number_of, ordinal_of
from agent.offline.patterns import said
from agent.offline.room import Room, about, mentioned, person_in
from agent.offline.shot_words import framing_places

_NEWEST = ("newest", "latest", "most recent", "last", "final", "new")
_PREVIOUS = ("previous", "prior", "one before")


def read_gate(clause: Clause, room: Room) -> Reading | None:
    """Understand `gate`: "run the gate", "is her set good enough?"."""
    drawn = said("shoot", "strong_verb", clause.low) or framing_places(clause.low)
    if drawn or not said("gate", "command", clause.low):
        return None
    return about("gate", clause, room, "Whose set shall the gate look at")


def read_train(clause: Clause, room: Room) -> Reading | None:
    """Understand `train`: "train her with the paper preset, 800 steps"."""
    if not said("train", "command", clause.low):
        return None
    reading = about("train", clause, room, "Whom shall I train")
    steps = said("train", "steps", clause.low)
    more = {
        "preset": "paper" if said("train", "paper", clause.low) else None,
        "steps": _steps(steps.group("n")) if steps else None,
    }
    return reading.with_args(**more)


def read_list_versions(clause: Clause, room: Room) -> Reading | None:
    """Understand `list_versions`: "which versions of Daro are there?"."""
    if not said("list_versions", "command", clause.low):
        return None
    return about("list_versions", clause, room, "Whose versions do you want to see")


def read_choose_version(clause: Clause, room: Room) -> Reading | None:
    """Understand `choose_version`: "go back to v1", "use her newest version"."""
    asks = said("choose_version", "command", clause.low)
    if not (asks and said("choose_version", "about", clause.low)):
        return None
    reading = about("choose_version", clause, room, "Whose version do you mean")
    version = _version(clause, room)
    if version is not None:
        return reading.with_args(version=version)
    if reading.missing:
        return reading
    return Reading(reading.call, "version", f"Which version of {reading.person} shall I use?")


def read_status(clause: Clause, room: Room) -> Reading | None:
    """Understand `status`: "where are we with Lirien?"."""
    if not said("status", "command", clause.low):
        return None
    return Reading(Call.of("status", {"character": mentioned(clause, room)}))


def _steps(words: str) -> int | None:
    parts = words.split()
    if parts[-1] in ("hundred", "thousand"):
        return (number_of(parts[0]) or 1) * (100 if parts[-1] == "hundred" else 1000)
    return number_of(words)


def _version(clause: Clause, room: Room) -> int | None:
    match = said("choose_version", "version", clause.low)
    if match is None:
        return None
    groups = match.groupdict()
    if groups.get("n"):
        return number_of(groups["n"])
    state = room.state(person_in(clause, room) or "")
    return _relative(
        groups["nth"], state.versions if state else (), state.version_in_use if state else None
    )


def _relative(word: str, versions: tuple[int, ...], in_use: int | None) -> int | None:
    """Return the version that `newest`, `the one before` or `the second` means."""
    if not versions:
        return None
    if word in _NEWEST:
        return versions[-1]
    if word in ("oldest", "original"):
        return versions[0]
    if word in _PREVIOUS:
        current = in_use if in_use in versions else versions[-1]
        earlier = [version for version in versions if version < current]
        return earlier[-1] if earlier else None
    return ordinal_of(word, len(versions))
