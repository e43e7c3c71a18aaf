"""Whose face it is: cast, choose_face, add_photos.

One function a tool; each returns None when the clause asks for something else.
"""

from __future__ import annotations

import re

from agent.offline.calls import Reading
from agent.offline.clause import Clause
from agent.offline.numbers import number_of, ordinal_of
from agent.offline.patterns import said
from agent.offline.room import Room, about
from tools.contracts.digest import ShownKind

MAX_FACES = 12
_PATH = re.compile(
    r"(?P<path>(?:~|\.{1,2})?/[^\s,;\"']+|[A-Za-z]:\\[^\s,;\"']+|~?[\w.-]+(?:/[\w.-]*[\w-])+/?"
    r"|[\w-]+\.(?:png|jpe?g|webp|tiff?|zip)\b)"
)
_QUOTED_PATH = re.compile(r"[\"'](?P<path>[^\"'\n]*[/\\.][^\"'\n]*)[\"']")
_ASKS = re.compile(r"(?:why|what|show|drop|not|don't|how|is|remove|delete|reject|see|explain)\b")
_NAMED_FOLDER = re.compile(r"\bfolder (?:called |named )?(?P<path>[\w.-]+)(?! (?:of|with|for)\b)")


def read_cast(clause: Clause, room: Room) -> Reading | None:
    """Understand `cast`: "show me six faces for her", "none of these, others please"."""
    command = said("cast", "command", clause.low)
    again = room.shows(ShownKind.FACES) and said("cast", "others_bare", clause.low)
    if not (command or again):
        return None
    reading = about("cast", clause, room, "Whom shall I cast")
    count = said("cast", "count", clause.low)
    drawn = bool(again) or _was_cast(reading.person, room)
    others = drawn and bool(again or said("cast", "others", clause.low))
    candidates = number_of(count.group("n")) if count else None
    return reading.with_args(candidates=candidates, others=others or None)


def _was_cast(name: str | None, room: Room) -> bool:
    state = room.state(name) if name else None
    return bool(state and state.candidates)


def read_choose_face(clause: Clause, room: Room) -> Reading | None:
    """Understand `choose_face`: "the second one", "use face 3 for Daro"."""
    face = face_in(clause, room)
    if face is None and not said("choose_face", "another", clause.low):
        return None
    reading = about("choose_face", clause, room, "Whose face is that")
    if face is not None or reading.missing:
        return reading.with_args(face=face)
    question = f"Which face of {reading.person} shall I take, by its number?"
    return Reading(reading.call, "face", question)


def face_in(clause: Clause, room: Room) -> int | None:
    """Return the candidate that a clause chooses, else None."""
    shown = room.shows(ShownKind.FACES)
    speaks_of_face = re.search(r"\b(?:face|candidate|headshot)\b", clause.low)
    was_cast = bool(room.before) and room.before[-1].call.tool == "cast"
    if not (shown or speaks_of_face or was_cast) or _ASKS.match(clause.low):
        return None
    match = said("choose_face", "number", clause.low) if shown or _commands(clause) else None
    match = match or (said("choose_face", "bare", clause.low) if shown else None)
    return _face(match, room) if match else None


def _commands(clause: Clause) -> bool:
    return said("choose_face", "command", clause.low) is not None


def _face(match: re.Match[str], room: Room) -> int | None:
    groups = match.groupdict()
    count = len(room.studio.shown.labels) or 4
    if groups.get("n"):
        face = number_of(groups["n"])
    elif groups.get("nth"):
        face = ordinal_of(groups["nth"], count)
    else:
        face = 1 if groups["side"] == "left" else count
    return face if face and 1 <= face <= MAX_FACES else None


def read_add_photos(clause: Clause, room: Room) -> Reading | None:
    """Understand `add_photos`: "use the photos in ~/mara", "this is her character sheet"."""
    path = path_in(clause)
    pictures = said("add_photos", "pictures", clause.low)
    brought = room.studio.attachments and re.search(r"\b(?:uploaded|attached)\b", clause.low)
    if not (pictures or path or brought):
        return None
    if not (said("add_photos", "command", clause.low) or brought or (pictures and path)):
        return None
    if not path and (said("add_photos", "not_photos", clause.low) or _names_number(clause)):
        return None
    if not path and not room.studio.attachments and not re.search(r"photo|sheet|pics", clause.low):
        return None
    is_sheet = re.search(r"\b(?:sheet|turnaround)\b", clause.low)
    reading = about("add_photos", clause, room, "Whose pictures are these")
    reading = reading.with_args(kind="sheet" if is_sheet else None, folder=path)
    if reading.missing or path or room.studio.attachments:
        return reading
    question = (
        "Where are the pictures: will you attach them, or which folder on this computer holds them?"
    )
    return Reading(reading.call, "folder", question)


def _names_number(clause: Clause) -> bool:
    return bool(re.search(r"\b(?:picture|image|photo|face)s? (?:number )?\d", clause.low))


def path_in(clause: Clause) -> str | None:
    """Return the folder or file that a clause names, as it was typed."""
    for pattern in (_QUOTED_PATH, _PATH, _NAMED_FOLDER):
        match = pattern.search(clause.text)
        if match and not re.fullmatch(r"\d+/\d+", match.group("path")):
            return match.group("path").rstrip(".!?)")
    return None
