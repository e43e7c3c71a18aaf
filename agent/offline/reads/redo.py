"""A drawn shot is done over: with a change a reject that draws again, without one a shoot.

"The wide again but from a low angle", "make 12C brighter", "redo scene 12". Takes that are named
themselves belong to `reads/picks.py`.
"""

from __future__ import annotations

from agent.offline.calls import Call, Reading
from agent.offline.clause import Clause
from agent.offline.patterns import said, spans
from agent.offline.reads.picks import note_of
from agent.offline.reads.shoot import takes_wanted
from agent.offline.room import Room
from agent.offline.shot_reader import read_shot
from agent.offline.slates import FoundSlates, framed_in, scene_in, slates_in, slates_of_scene
from agent.offline.takes import FoundTakes, takes_in

_TOOL = "reject"


def read_redo(clause: Clause, room: Room) -> Reading | None:
    """Understand a shot that is wanted again, or otherwise than it was drawn.

    Returns:
        A reject of the newest take of every drawn shot that is meant, with the change as its note;
        a shoot of a scene's slates where no change was said; a question where the words may mean
        several shots; None when nothing is done over.
    """
    again = said(_TOOL, "again", clause.low)
    verb = said(_TOOL, "redo_verb", clause.low)
    meant = _meant(clause, room)
    if not (again or verb) or not meant.slates or _names_takes(clause, meant, room):
        return None
    rest = clause.part(verb.end()) if verb else clause
    note = note_of(rest, FoundTakes(spans=_meant(rest, room).spans))
    if note and _is_change(rest, note, room):
        return _changed(clause, meant, note, room)
    named = _is_scene(clause) or slates_in(clause).slates
    refused = said(_TOOL, "command", clause.low) and not verb
    if not named or not again or refused or takes_wanted(clause):
        return None
    return Reading(Call("shoot", {"slates": [*meant.slates]}))


def _meant(clause: Clause, room: Room) -> FoundSlates:
    """Return the shots that a clause names: by slate, by scene or by framing."""
    written = slates_in(clause)
    if written.slates:
        return written
    scene = scene_in(clause)
    if scene is not None:
        scope = tuple(spans(_TOOL, "redo_scope", clause.low))
        return FoundSlates(slates_of_scene(scene, room), scope)
    return framed_in(clause, room)


def _names_takes(clause: Clause, meant: FoundSlates, room: Room) -> bool:
    """Say whether takes themselves are named, or counted: those are no redo of a shot."""
    counted = said("shoot", "more_takes", clause.low)
    several = counted is not None and (takes_wanted(clause) or 0) > 1
    without_shots = clause.without(*meant.spans) if _is_scene(clause) else clause
    return several or bool(takes_in(without_shots, room, vague=False))


def _is_change(rest: Clause, note: str, room: Room) -> bool:
    """Say whether words say how a picture should differ: `with a hat`, not `just in case`."""
    words = room.clause(note)
    if said(_TOOL, "settles", words.low):
        return False
    seen = set(read_shot(words, room).slots) - {"action"}
    differs = said(_TOOL, "changes", rest.low) or said(_TOOL, "complaint", words.low)
    return bool(seen or differs)


def _is_scene(clause: Clause) -> bool:
    return scene_in(clause) is not None and not slates_in(clause).slates


def _changed(clause: Clause, meant: FoundSlates, note: str, room: Room) -> Reading | None:
    takes = newest_takes(meant.slates, room)
    if not takes:
        return None
    call = Call(_TOOL, {"note": note, "again": True})
    named = _is_scene(clause) or slates_in(clause).slates
    if len(takes) > 1 and not named:
        listed = f"{', '.join(takes[:-1])} or {takes[-1]}"
        return Reading(call, "takes", f"Which shot do you mean: {listed}?", takes)
    return Reading(call.with_args(takes=[*takes]))


def newest_takes(slates: tuple[str, ...], room: Room) -> tuple[str, ...]:
    """Return the newest take of each of some shots that were drawn; takes are numbered without gaps."""
    drawn = {shot.slate: shot.takes for shot in room.shots if shot.takes}
    return tuple(f"{slate} T{drawn[slate]}" for slate in slates if slate in drawn)
