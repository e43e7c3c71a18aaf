"""Sketches: a picture without a LoRA that is asked for, and a sketch that is to be made real.

Both are a `shoot` that says as what it is drawn; what is in the picture is read as for any shot.
"""

from __future__ import annotations

from agent.offline.calls import Call, Reading, Value
from agent.offline.commands.base import Command
from agent.offline.commands.shots import ShootWords, read_more_takes, read_shoot, takes_wanted
from agent.offline.dialogue_state import DialogueState
from agent.offline.references import scene_in, slates_of_scene, takes_in
from tools.contracts.digest import ShotState, ShownKind
from tools.language.slate import slate_of, slates_in
from tools.language.text import Text


def read_sketch(text: Text, state: DialogueState) -> Reading | None:
    """Understand a wish for sketches: "a quick sketch of him in the rain", "shoot 4A as a sketch"."""
    words = ShootWords.read()
    if words.the_sketches.first(text.small):
        return None
    opening, behind = words.sketch.opens(text.small), words.as_sketch.first(text.small)
    if not (opening or behind):
        return None
    said = text.without(behind.span()) if behind else text
    if opening:
        said = text.replacing([(*opening.span(), "draw")])
    reading = read_more_takes(said, state) or read_shoot(said, state)
    if reading is None:
        return None
    word = words.sketch_word.first(text.small)
    counted = takes_wanted(text.replacing([(*word.span(), "takes")])) if word else None
    more = {"takes": counted} if counted else {}
    return reading.with_args(drawn_as="sketch", **more)


def read_real(text: Text, state: DialogueState) -> Reading | None:
    """Understand that sketches are wanted as takes: "make 4A T1 real", "draw the sketches for real".

    Returns:
        A shoot of their shots as takes; a question where several sketches may be meant; None where
        nothing was sketched and nothing is named.
    """
    words = ShootWords.read()
    if not words.real.opens(text.small):
        return None
    slates = _named(text, state)
    if slates:
        return _as_takes(slates)
    sketched = [shot for shot in state.shots if shot.sketches]
    if not sketched:
        return None
    if words.all_sketches.first(text.small):
        return _as_takes(_without_takes(_on_show(sketched, state)))
    meant = _meant(sketched, state)
    if meant:
        return _as_takes([meant])
    listed = [shot.slate for shot in sketched]
    question = f"Which shot shall be drawn for real: {', '.join(listed[:-1])} or {listed[-1]}?"
    return Reading(Call("shoot", {"drawn_as": "take"}), "slates", question, tuple(listed))


def _as_takes(slates: list[str]) -> Reading:
    listed: list[Value] = [*dict.fromkeys(slates)]
    return Reading(Call("shoot", {"slates": listed, "drawn_as": "take"}))


def _named(text: Text, state: DialogueState) -> list[str]:
    """Return the slates that are written out, of takes that are named, or of a scene."""
    written = slates_in(text.small).slates
    if written:
        return [*written]
    labels = state.studio.shown.labels if state.shows(ShownKind.TAKES) else ()
    numbers = [int(each) for each in takes_in(text, state, vague=False).names if each.isdigit()]
    shown = [slate_of(labels[number - 1]) for number in numbers if number <= len(labels)]
    scene = scene_in(text)
    return shown or ([*slates_of_scene(scene, state)] if scene is not None else [])


def _on_show(sketched: list[ShotState], state: DialogueState) -> list[ShotState]:
    """Of all sketched shots those that are on show, where any is."""
    shown = {slate_of(label) for label in state.studio.shown.labels if " T" in label}
    return [shot for shot in sketched if shot.slate in shown] or sketched


def _without_takes(sketched: list[ShotState]) -> list[str]:
    """Of some sketched shots those that have no take yet, where any has none."""
    return [shot.slate for shot in sketched if not shot.takes] or [shot.slate for shot in sketched]


def _meant(sketched: list[ShotState], state: DialogueState) -> str | None:
    """Return the shot that `it` means: the only one on show, or the only one that is liked."""
    near = _on_show(sketched, state)
    liked = [shot for shot in near if shot.liked and not shot.takes]
    for shots in (near, liked):
        if len(shots) == 1:
            return shots[0].slate
    return None


REAL = Command("shoot", ShootWords, read_real)
SKETCH = Command("shoot", ShootWords, read_sketch)
