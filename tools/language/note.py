"""What a director's note on a take changes in the shot that is drawn next.

Knows the one reading of a picture and the rules of `prompts/scenes/notes.yaml`. Only the scene part of a
shot changes: the cast and their looks stay, and so does the anchor byte for byte, but for the light on a
person when the note speaks of it. Words that contradict the identity block change nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from re import Pattern

from tools.contracts.briefs import CharacterBrief
from tools.contracts.photography import Expression, Framing, View
from tools.contracts.planning import Change, Revision
from tools.contracts.shots import ShotRequest
from tools.language.note_asks import (
    action_asked,
    identity_phrase,
    take_denied_actions,
    things_asked,
    wears,
)
from tools.language.note_light import kept_light, light_asked, lit
from tools.language.note_words import Note, names_thing, note_rules
from tools.language.picture.camera import (
    MeantPhrase,
    angles_in,
    expressions_in,
    framings_in,
    is_detail,
    views_in,
)
from tools.language.picture.lens import lenses_in
from tools.language.picture.phrases import either
from tools.language.picture.picture import read_picture
from tools.language.picture.setting import (
    bare_places,
    is_place,
    known_part,
    places_in,
)
from tools.language.prompt.vocabulary import Vocabulary
from tools.language.scene.whereabouts import clipped
from tools.language.text import NAME_MARK

_SIZES = tuple(Framing)
_ENOUGH = re.compile(r"\s+enough\b")
_LESS_AFTER = re.compile(r"\s+(?:a bit |a little |much |far )?less\b")
_IS_TOO = re.compile(r"\s+(?:is|are|looks?|feels?)\s+(?:far |way |much )?too\s+\w+")
_WHERE_FELT = re.compile(
    r"\s+(?:enough|so \w+|(?:in|on) (?:her|his|their|the) (?:eyes|face|mouth|lips))\b"
)
_SOFTENED = re.compile(r"\b(?:less|so|quite so|as)\b")
_ONLY = r"\b(?:just|only)\s+(?:(?:see|show|on)\s+)?(?:the\s+|her\s+|his\s+)?"


@dataclass
class _Reading:
    """A shot while a note changes it."""

    note: Note
    shot: ShotRequest
    values: dict[str, object] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    detail: bool = False
    """A thing is wanted from very near: `insert of the letter on the table`."""

    def change(self, name: str, new: str, words: str) -> None:
        """Set a field, unless it is so already."""
        old = getattr(self.shot, name)
        if old == new:
            self.note.idle.append(words)
            return
        self.values[name] = new
        self.changes.append(Change(field=name, old=None if old is None else str(old), new=new))

    def wanted(self, found: Iterable[MeantPhrase]) -> MeantPhrase | None:
        """Take all phrases of a list and return the first that is not denied."""
        listed = list(found)
        wanted = [
            said for said in listed if not said.denied and not self.note.is_denied(said.start)
        ]
        for said in listed:
            self.note.take(said.start, said.end)
        return wanted[0] if wanted else None


def revise(
    shot: ShotRequest,
    note: str,
    vocabulary: Vocabulary,
    brief: CharacterBrief | None = None,
    *,
    keep_anchor: bool = False,
) -> Revision:
    """Read a note on a take and return the shot as it is to be drawn next.

    Args:
        shot: the shot as it was drawn.
        note: the director's words.
        vocabulary: the base's words, by which the light of the anchor is kept.
        brief: the character in frame; without it a signature light cannot be known.
        keep_anchor: the director chose to keep the identity: words against it are passed over and
            the rest of the note is done.
    """
    names = [member.character for member in shot.cast]
    reading = _Reading(Note.of(note, [*names, *([brief.name] if brief else [])]), shot)
    _camera(reading)
    _expression(reading)
    light = _light(reading)
    _place(reading)
    identity = None if keep_anchor or reading.detail else _identity(reading.note, brief)
    if identity is not None:
        return Revision(shot=shot, identity=identity)
    _action_and_things(reading)
    revised = shot.model_copy(update=reading.values)
    kept = None if light else kept_light(shot, revised, vocabulary, brief)
    if kept and brief:
        revised = revised.model_copy(update={"cast": lit(revised.cast, kept, brief.name)})
    return Revision(
        shot=ShotRequest.model_validate(revised.model_dump()),
        changes=tuple(reading.changes),
        unused=tuple(dict.fromkeys(reading.note.unused())),
        light_kept=kept,
    )


def _camera(reading: _Reading) -> None:
    """Read lens, side, height and size, in this order: `wide lens` is no size."""
    lens = reading.wanted(lenses_in(reading.note.small))
    if lens:
        reading.change("lens", lens.meaning, lens.words)
    view = reading.wanted(views_in(reading.note.small))
    if view:
        reading.change("view", View(view.meaning), view.words)
    _angle(reading)
    _framing(reading)


def _angle(reading: _Reading) -> None:
    """Read a height, or a fault of the camera's height with what mends it."""
    faults = [(height, reading.note.find(words)) for height, words in note_rules().heights.items()]
    mended = [height for height, match in faults if match]
    for _, match in faults:
        if match:
            reading.note.take(*match.span())
    said = reading.wanted(angles_in(reading.note.small))
    if said or mended:
        reading.change(
            "angle", said.meaning if said else mended[0], said.words if said else mended[0]
        )


def _framing(reading: _Reading) -> None:
    note, rules = reading.note, note_rules()
    closer, wider = note.take_all(rules.closer), note.take_all(rules.wider)
    said = reading.wanted(framings_in(note.small))
    if said:
        reading.detail = is_detail(said)
        reading.change("framing", Framing(said.meaning), said.words)
        return
    shown = _shown(note)
    if shown is not None:
        reading.change("framing", shown, "what is to be seen")
    elif closer or wider:
        step = 1 if wider else -1
        at = min(max(_SIZES.index(reading.shot.framing) + step, 0), len(_SIZES) - 1)
        reading.change("framing", _SIZES[at], "wider" if wider else "closer")


def _shown(note: Note) -> Framing | None:
    """Return the size that holds what the note wants in frame."""
    rules = note_rules()
    show = rf"\b{either(rules.see_verbs)}\s+(?:more of\s+)?(?:the\s+|her\s+|his\s+|their\s+)?"
    for table, lead in ((rules.only, _ONLY), (rules.show, show)):
        for size, words in table.items():
            match = re.search(rf"{lead}{either(words)}\b", note.small)
            if match and not note.is_denied(match.start()):
                note.take(*match.span())
                return size
    return None


def _expression(reading: _Reading) -> None:
    note = reading.note
    small, found = note.small, expressions_in(note.small)
    wanted = [said for said in found if not _is_too_much(note, said)]
    for said in found:
        tail = _WHERE_FELT.match(small, said.end) or _IS_TOO.match(small, said.end)
        note.take(said.start, tail.end() if tail else said.end)
    if wanted:
        reading.change("expression", Expression(wanted[0].meaning), wanted[0].words)
    elif found:
        laughing = found[0].meaning == Expression.LAUGHING and _SOFTENED.search(small) is not None
        less = Expression.SMILING if laughing else Expression.NEUTRAL
        reading.change("expression", less, found[0].words)


def _is_too_much(note: Note, said: MeantPhrase) -> bool:
    """Say whether less of an expression is asked for: `not so`, `too`, `less`, but `not ... enough`."""
    if _ENOUGH.match(note.small, said.end):
        return False
    less_after = _LESS_AFTER.match(note.small, said.end) or _IS_TOO.match(note.small, said.end)
    return said.denied or note.is_denied(said.start) or less_after is not None


def _light(reading: _Reading) -> bool:
    """Read the light; returns whether it is that of the people in frame."""
    members = reading.shot.cast
    person = next((member.light for member in members if member.light), None)
    asked = light_asked(reading.note, reading.shot.light, person)
    if asked is None:
        return False
    if not asked.on_person or not members:
        reading.change("light", clipped(asked.light), asked.words)
        return False
    if all(member.light == asked.light for member in members):
        reading.note.idle.append(asked.words)
        return True
    reading.values["cast"] = tuple(
        member.model_copy(update={"light": asked.light}) for member in members
    )
    reading.changes.append(Change(field="cast.light", old=person, new=asked.light))
    return True


def _place(reading: _Reading) -> None:
    """Read where it happens: behind a preposition, alone in a piece, or whatever people are put into."""
    note = reading.note
    for start, end in note.pieces():
        for span in _places_of(note.small[start:end], reading.detail):
            _set_place(reading, start + span[0], start + span[1], start + span[2])


def _places_of(piece: str, detail: bool) -> Iterator[tuple[int, int, int]]:
    """Find places of a piece: where it begins with what leads to it, where its words do, and its end."""
    for found in places_in(piece):
        said, before = known_part(found.said), piece[: found.start]
        told = _put_into().search(before) is not None
        alone = said is not None or not before.strip()
        if told or (alone and is_place(found, piece, detail=detail)):
            yield found.start, found.at, found.at + len(said or found.said)
    for part in bare_places(piece):
        if not detail and not names_thing(part["said"]):
            yield part.start(), part.start("said"), part.end("said")


def _set_place(reading: _Reading, start: int, at: int, end: int) -> None:
    note = reading.note
    if not note.words.is_free(start, end):
        return
    said = clipped(note.words.said(at, end))
    denied = note.is_denied(start)
    note.take(start, end)
    if said and not denied and "place" not in reading.values:
        reading.change("place", said, said)


@lru_cache(maxsize=1)
def _put_into() -> Pattern[str]:
    who = rf"(?:her|him|them|it|this|everything|the scene|{NAME_MARK}+)"
    return re.compile(rf"\b{either(note_rules().put_verbs)} {who} $")


def _identity(note: Note, brief: CharacterBrief | None) -> str | None:
    """Look for identity among what the scene's fields left; a thing that is handled is an action."""
    trial = Note(note.words)
    acts = action_asked(trial)
    return identity_phrase(note if acts is None or wears(acts) else trial, brief)


def _action_and_things(reading: _Reading) -> None:
    """Set the action, and add what no slot takes to the free words or take it out of them."""
    asked = _detail_shown(reading) or action_asked(reading.note)
    take_denied_actions(reading.note)
    if asked:
        reading.change("action", clipped(asked), asked)
    old = reading.shot.free_words
    new = things_asked(reading.note, old)
    if new != old:
        reading.values["free_words"] = new
        said = Change(field="free_words", old=", ".join(old) or None, new=", ".join(new) or None)
        reading.changes.append(said)


def _detail_shown(reading: _Reading) -> str | None:
    """Return what is seen in a detail: what no field took of the words."""
    action = read_picture(reading.note.words, ()).action if reading.detail else None
    at = reading.note.words.text.find(action) if action else -1
    if at >= 0 and action:
        reading.note.take(at, at + len(action))
    return action
