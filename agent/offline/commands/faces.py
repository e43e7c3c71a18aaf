"""Whose face it is: cast, choose_face, add_photos."""

from __future__ import annotations

from dataclasses import dataclass
from re import Match
from typing import Annotated

from agent.offline.calls import Reading, Value
from agent.offline.commands.base import Command, more_details, same_person
from agent.offline.dialogue_state import DialogueState, about
from agent.offline.patterns import Block, Groups, Numbered, Patterns
from tools.contracts.digest import ShownKind
from tools.language.numbers import number_of, ordinal_of
from tools.language.text import Text

MAX_FACES = 12


@dataclass(frozen=True)
class CastWords(Block, block="cast", file="commands/faces.yaml"):
    """How faces are asked for."""

    command: Patterns
    others: Patterns
    """Other faces than those that were drawn before."""
    others_bare: Patterns
    """The same in words that say it only while faces are on show."""
    count: Numbered


@dataclass(frozen=True)
class FaceWords(Block, block="choose_face", file="commands/faces.yaml"):
    """How one face is chosen."""

    another: Patterns
    number: Annotated[Patterns, Groups(("n", "nth", "side"))]
    bare: Numbered
    command: Patterns
    of_face: Patterns
    asks: Patterns
    """Starts of questions and of what is no choice."""
    face_number: Patterns


@dataclass(frozen=True)
class PhotoWords(Block, block="add_photos", file="commands/faces.yaml"):
    """How pictures are brought."""

    pictures: Patterns
    command: Patterns
    not_photos: Patterns
    points: Patterns
    """Says again what pictures just named are for: `take them as her references`."""
    brought: Patterns
    sure_pictures: Patterns
    sheet: Patterns
    numbered: Patterns
    path: Annotated[Patterns, Groups(("path",))]
    not_path: Patterns
    nouns: Patterns


def read_cast(text: Text, state: DialogueState) -> Reading | None:
    """Understand `cast`: "show me six faces for her", "none of these, others please"."""
    words = CastWords.read()
    again = state.shows(ShownKind.FACES) and words.others_bare.first(text.small)
    if not (words.command.first(text.small) or again):
        return None
    reading = about("cast", text, state, "Whom shall I cast")
    found = _cast_details(text, state)
    others = _was_cast(reading.person, state) and bool(again or found["others"])
    return reading.with_args(**{**found, "others": others or None})


def _cast_details(text: Text, _state: DialogueState) -> dict[str, Value | None]:
    words = CastWords.read()
    count = words.count.first(text.small)
    return {
        "candidates": number_of(count.group("n")) if count else None,
        "others": True if words.others.first(text.small) else None,
    }


def _more_cast(reading: Reading, text: Text, whole: Text, state: DialogueState) -> Reading | None:
    longer = more_details(_cast_details)(reading, text, whole, state)
    drawn = longer and _was_cast(longer.person, state)
    return longer if drawn or longer is None else longer.with_args(others=None)


def _was_cast(name: str | None, state: DialogueState) -> bool:
    known = state.character(name) if name else None
    return bool(known and known.candidates)


def read_choose_face(text: Text, state: DialogueState) -> Reading | None:
    """Understand `choose_face`: "the second one", "use face 3 for Daro"."""
    face = face_in(text, state)
    if face is None and not FaceWords.read().another.first(text.small):
        return None
    reading = about("choose_face", text, state, "Whose face is that")
    if face is not None or reading.missing:
        return reading.with_args(face=face)
    question = f"Which face of {reading.person} shall I take, by its number?"
    return Reading(reading.call, "face", question)


def face_in(text: Text, state: DialogueState) -> int | None:
    """Return the candidate that some words choose, else None."""
    words, shown = FaceWords.read(), state.shows(ShownKind.FACES)
    speaks_of_face = words.of_face.first(text.small)
    if not (shown or speaks_of_face or state.last_tool == "cast") or words.asks.opens(text.small):
        return None
    if state.shows(ShownKind.TAKES) and not words.face_number.first(text.small):
        return None
    match = words.number.first(text.small) if shown or words.command.first(text.small) else None
    match = match or (words.bare.first(text.small) if shown else None)
    return _face(match, state) if match else None


def _face(match: Match[str], state: DialogueState) -> int | None:
    groups, count = match.groupdict(), len(state.studio.shown.labels) or 4
    if groups.get("n"):
        face = number_of(groups["n"])
    elif groups.get("nth"):
        face = ordinal_of(groups["nth"], count)
    else:
        face = 1 if groups["side"] == "left" else count
    return face if face and 1 <= face <= MAX_FACES else None


def _more_face(reading: Reading, text: Text, _whole: Text, state: DialogueState) -> Reading | None:
    face = face_in(text, state) if reading.missing == "face" else None
    return Reading(reading.call.with_args(face=face)) if face else reading


def read_add_photos(text: Text, state: DialogueState) -> Reading | None:
    """Understand `add_photos`: "use the photos in ~/mara", "this is her character sheet"."""
    words, path = PhotoWords.read(), path_in(text)
    if state.last_tool == "add_photos" and words.points.first(text.small):
        return about("add_photos", text, state, "Whose pictures are these")
    pictures = words.pictures.first(text.small)
    brought = state.studio.attachments and words.brought.first(text.small)
    if not (pictures or path or brought):
        return None
    if not (words.command.first(text.small) or brought or (pictures and path)):
        return None
    if not path and (words.not_photos.first(text.small) or words.numbered.first(text.small)):
        return None
    if not path and not state.studio.attachments and not words.sure_pictures.first(text.small):
        return None
    reading = about("add_photos", text, state, "Whose pictures are these")
    reading = reading.with_args(**_photo_details(text, state))
    if reading.missing or path or state.studio.attachments:
        return reading
    question = (
        "Where are the pictures: will you attach them, or which folder on this computer holds them?"
    )
    return Reading(reading.call, "folder", question)


def _photo_details(text: Text, _state: DialogueState) -> dict[str, Value | None]:
    sheet = PhotoWords.read().sheet.first(text.small)
    return {"kind": "sheet" if sheet else None, "folder": path_in(text)}


def _more_photos(reading: Reading, text: Text, whole: Text, state: DialogueState) -> Reading | None:
    longer = more_details(_photo_details)(reading, text, whole, state)
    found = longer and longer.missing == "folder" and longer.call.args.get("folder")
    return Reading(longer.call) if longer and found else longer


def path_in(text: Text) -> str | None:
    """Return the folder or file that some words name, as it was typed."""
    words = PhotoWords.read()
    match = words.path.first(text.text)
    if match is None or words.not_path.opens(match.group("path")):
        return None
    return match.group("path").rstrip(".!?)")


CAST = Command(
    "cast",
    CastWords,
    read_cast,
    extends=_more_cast,
    merge=same_person,
    per_person=True,
    details=_cast_details,
)
CHOOSE_FACE = Command("choose_face", FaceWords, read_choose_face, extends=_more_face)
ADD_PHOTOS = Command("add_photos", PhotoWords, read_add_photos, extends=_more_photos)
