"""Looking at takes: show_takes, explain_verdict.

One function a tool; each returns None when the clause asks for something else.
"""

from __future__ import annotations

import re

from agent.offline.calls import Call, Reading
from agent.offline.clause import Clause
from agent.offline.patterns import said
from agent.offline.room import Room
from agent.offline.shot_words import framing_places
from agent.offline.slates import scene_in, slates_in, slates_of_scene
from agent.offline.takes import shown_takes, takes_in
from tools.contracts.digest import ShownKind


def read_show_takes(clause: Clause, room: Room) -> Reading | None:
    """Understand `show_takes`: "show me 12A", "which ones did I reject?"."""
    kinds = ("rejected", "open", "picked")
    low = re.sub(r"^open\b", "", clause.low)
    which = next((kind for kind in kinds if said("show_takes", kind, low)), None)
    asks_which = which and re.match(r"(?:what|which)\b", clause.low)
    if not said("show_takes", "command", clause.low):
        return None
    slates = slates_in(clause).slates
    if not (asks_which or slates or said("show_takes", "takes", clause.low)):
        return None
    if clause.names and framing_places(clause.low):
        return None
    scene = scene_in(clause)
    if not slates and scene is not None:
        slates = slates_of_scene(scene, room)
    return Reading(Call.of("show_takes", {"slates": list(slates) or None, "which": which}))


def read_explain_verdict(clause: Clause, room: Room) -> Reading | None:
    """Understand `explain_verdict`: "why was 3 rejected?", "what's wrong with 12A T2?"."""
    command = said("explain_verdict", "command", clause.low)
    bare = command and command.end() == len(clause.low) and room.shows(ShownKind.TAKES)
    if not command or not (bare or said("explain_verdict", "about", clause.low)):
        return None
    found = takes_in(clause.part(command.end()), room)
    if found:
        return Reading(Call("explain_verdict", {"take": found.takes[0]}))
    take = _only_take(clause, room)
    if take:
        return Reading(Call("explain_verdict", {"take": take}))
    if not bare and not re.search(
        r"\b(?:takes?|it|this|that|they|one|rejected|verdict|qc|fail\w*)\b", clause.low
    ):
        return None
    labels = room.studio.shown.labels if room.shows(ShownKind.TAKES) else ()
    return Reading(
        Call("explain_verdict"), "take", "Which take's verdict shall I explain, by number or slate?",
        labels,
    )  # fmt: skip


def _only_take(clause: Clause, room: Room) -> str | None:
    """Return the take that is meant by `it`, or by a slate with one take."""
    shown = shown_takes(room)
    slates = slates_in(clause).slates
    if not slates:
        return shown[0] if len(shown) == 1 else None
    labels = [each for each in room.studio.shown.labels if each.startswith(f"{slates[0]} T")]
    count = next((shot.takes for shot in room.shots if shot.slate == slates[0]), 0)
    if len(labels) == 1:
        return labels[0]
    return f"{slates[0]} T1" if count == 1 else None
