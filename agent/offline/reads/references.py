"""The reference set: build_references, review_references.

One function a tool; each returns None when the clause asks for something else.
"""

from __future__ import annotations

import re

from agent.offline.calls import Call, Reading
from agent.offline.clause import Clause
from agent.offline.numbers import NUMBER, ORDINAL, number_of, ordinal_of
from agent.offline.patterns import said
from agent.offline.room import Room, about
from tools.contracts.digest import ShownKind

_ITEM = re.compile(
    r"\b(?P<first>\d{1,3})\s*(?:-|to|through)\s*(?P<end>\d{1,3})\b"
    rf"|\b(?:(?P<nth>{ORDINAL})(?: (?:one|image|picture))?|(?P<n>{NUMBER}))\b(?! (?:layers?|more)\b)"
)


def read_build_references(clause: Clause, room: Room) -> Reading | None:
    """Understand `build_references`: "build her reference set layer by layer, 30 images"."""
    if not said("build_references", "command", clause.low) or _goes_on(clause, room):
        return None
    reading = about("build_references", clause, room, "Whose reference set shall I build")
    images = said("build_references", "images", clause.low)
    return reading.with_args(
        images=number_of(images.group("n")) if images else None,
        review=True if said("build_references", "review", clause.low) else None,
    )


def _goes_on(clause: Clause, room: Room) -> bool:
    """Say whether `draw the next layer` speaks of a set that is being built."""
    shown = room.shows(ShownKind.REFERENCES)
    return bool(re.search(r"\bnext layer\b", clause.low)) or (
        shown and bool(re.search(r"\b(?:next|go on|continue)\b", clause.low))
    )


def read_review_references(clause: Clause, room: Room) -> Reading | None:
    """Understand `review_references`: "drop 3 and 7, next layer", "show her references"."""
    shown = room.shows(ShownKind.REFERENCES) or _means_references(clause, room)
    of_set = said("review_references", "set_words", clause.low) is not None
    after_review = bool(room.before) and room.before[-1].call.tool == "review_references"
    drop = dropped_in(clause, room) if shown or of_set or after_review else []
    goes_on = (shown or re.search(r"\blayer", clause.low)) and said(
        "review_references", "next_layer", clause.low
    )
    looks = of_set and said("review_references", "show", clause.low)
    if not (drop or goes_on or looks):
        return None
    reading = about("review_references", clause, room, "Whose references do you mean")
    if reading.missing and room.spoken_of:
        reading = Reading(Call("review_references", {"character": room.spoken_of[0]}))
    return reading.with_args(drop=[*drop] or None, next_layer=True if goes_on else None)


def _means_references(clause: Clause, room: Room) -> bool:
    """Say whether `images 4 and 9` are references although nothing with numbers is on show."""
    if not said("review_references", "images", clause.low) or room.shows(ShownKind.TAKES):
        return False
    spoken_of = said("review_references", "set_words", room.last_answer.lower())
    there_are = any(each.references for each in room.studio.characters)
    return bool(spoken_of) or (there_are and room.studio.shown.kind is ShownKind.NOTHING)


def dropped_in(clause: Clause, room: Room) -> list[int]:
    """Return the numbers of the images that a clause throws out, in order."""
    match = said("review_references", "drop", clause.low)
    return numbers_in(match.group("numbers"), room) if match else []


def numbers_in(text: str, room: Room) -> list[int]:
    """Return the image numbers in a text: `3, 7 and 9`, `2 to 4`, `the last`."""
    found: list[int] = []
    for match in _ITEM.finditer(text):
        if match.group("first"):
            found += _between(int(match.group("first")), int(match.group("end")))
        else:
            nth, count = match.group("nth"), len(room.studio.shown.labels)
            place = ordinal_of(nth, count) if nth else number_of(match.group("n"))
            found += [place] if place and place < 1000 else []
    return [*dict.fromkeys(found)]


def _between(first: int, last: int) -> list[int]:
    return list(range(first, last + 1)) if 0 < first < last < first + 60 else []


def merged_review(earlier: Reading, later: Reading) -> Reading | None:
    """Put "drop 3" and "go on" into one call; None when they are not of one set."""
    if {earlier.call.tool, later.call.tool} != {"review_references"}:
        return None
    if earlier.person != later.person or earlier.call.args.get("next_layer"):
        return None
    first, second = earlier.call.args.get("drop"), later.call.args.get("drop")
    drop = [
        *(first if isinstance(first, list) else []),
        *(second if isinstance(second, list) else []),
    ]
    return earlier.with_args(drop=drop or None, next_layer=later.call.args.get("next_layer"))
