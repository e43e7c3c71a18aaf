"""A drawn shot done over, and what goes on from a reject: "the wide again but from a low angle".

Knows shots and their newest takes; must not know how a take is named in a reject.
"""

from __future__ import annotations

from agent.offline.calls import Call, Reading
from agent.offline.commands.base import Command
from agent.offline.commands.picks import RejectWords, note_of, read_reject
from agent.offline.commands.shots import ShootWords, takes_wanted
from agent.offline.dialogue_state import DialogueState
from agent.offline.pictures import read_shot
from agent.offline.references import (
    Found,
    framed_in,
    newest_takes,
    scene_in,
    slates_of_scene,
    takes_in,
)
from tools.language.slate import slates_in
from tools.language.text import Text


def read_redo(text: Text, state: DialogueState) -> Reading | None:
    """Understand a shot that is wanted again, or otherwise than it was drawn.

    Returns:
        A reject of the newest take of every drawn shot that is meant, with the change as its note;
        a shoot of a scene's slates where no change was said; a question where the words may mean
        several shots; None when nothing is done over.
    """
    words, meant = RejectWords.read(), _shots_meant(text, state)
    again, verb = words.again.first(text.small), words.redo_verb.first(text.small)
    if not (again or verb) or not meant or _names_takes(text, meant, state):
        return None
    rest = text.part(verb.end()) if verb else text
    note = note_of(rest, Found(spans=_shots_meant(rest, state).spans))
    named = _is_scene(text) or bool(slates_in(text.small).slates)
    if note and _is_change(rest, note, state):
        return _changed(meant, note, state, named=named)
    refused = words.command.first(text.small) and not verb
    if not named or not again or refused or takes_wanted(text):
        return None
    return Reading(Call("shoot", {"slates": [*meant.names]}))


def _shots_meant(text: Text, state: DialogueState) -> Found:
    """Return the shots that some words name: by slate, by scene or by framing."""
    written, scene = slates_in(text.small), scene_in(text)
    if written.slates:
        return Found(written.slates, written.spans)
    if scene is not None:
        scope = tuple(RejectWords.read().redo_scope.spans(text.small))
        return Found(slates_of_scene(scene, state), scope)
    return framed_in(text, state)


def _names_takes(text: Text, meant: Found, state: DialogueState) -> bool:
    """Say whether takes themselves are named, or counted: those are no redo of a shot."""
    counted = ShootWords.read().more_takes.first(text.small)
    several = counted is not None and (takes_wanted(text) or 0) > 1
    without_shots = text.without(*meant.spans) if _is_scene(text) else text
    return several or bool(takes_in(without_shots, state, vague=False))


def _is_change(rest: Text, note: str, state: DialogueState) -> bool:
    """Say whether words say how a picture should differ: `with a hat`, not `just in case`."""
    words, text = RejectWords.read(), state.text(note)
    if ShootWords.read().settles.first(text.small):
        return False
    if words.set_off.first(rest.small) and not words.no_change.first(text.small):
        return True
    seen = set(read_shot(text, state).slots) - {"action"}
    differs = words.changes.first(rest.small) or words.complaint.first(text.small)
    return bool(seen or differs)


def _is_scene(text: Text) -> bool:
    return scene_in(text) is not None and not slates_in(text.small).slates


def _changed(meant: Found, note: str, state: DialogueState, *, named: bool) -> Reading | None:
    takes = newest_takes(meant.names, state)
    if not takes:
        return None
    call = Call("reject", {"note": note, "again": True})
    if len(takes) > 1 and not named:
        listed = f"{', '.join(takes[:-1])} or {takes[-1]}"
        return Reading(call, "takes", f"Which shot do you mean: {listed}?", takes)
    return Reading(call.with_args(takes=[*takes]))


def _merged_reject(earlier: Reading, later: Reading) -> Reading | None:
    same_takes = earlier.call.args.get("takes") == later.call.args.get("takes")
    noted = earlier.call.args.get("note") and later.call.args.get("note")
    return earlier.with_args(**later.call.args) if same_takes and not noted else None


def _more_of_note(
    _reading: Reading, _text: Text, whole: Text, state: DialogueState
) -> Reading | None:
    """Read words that go on together with those before them: more of the note."""
    return read_redo(whole, state.undone()) or read_reject(whole, state.undone())


def _only_again(text: Text) -> bool:
    return RejectWords.read().only_again.first(text.small) is not None


_OF_NOTE = frozenset({"change_character", "set_style", "choose_face"})

REJECT = Command(
    "reject",
    RejectWords,
    read_reject,
    extends=_more_of_note,
    merge=_merged_reject,
    only_goes_on=_only_again,
    absorbs=_OF_NOTE,
)
REDO = Command(
    "reject",
    RejectWords,
    read_redo,
    extends=_more_of_note,
    merge=_merged_reject,
    only_goes_on=_only_again,
    absorbs=_OF_NOTE,
)
